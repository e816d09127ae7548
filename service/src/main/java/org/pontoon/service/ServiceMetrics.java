package org.pontoon.service;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;
import org.pontoon.service.sbe.Reason;

/**
 * What a server counts. Counters and the histogram are written by the translating thread, without locks and garbage, and read by any.
 *
 * <p>The histogram holds handling times: from a request's arrival at the translating thread to its answer's commit, without the wire.
 */
public final class ServiceMetrics {

    static final long HIGHEST_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong points = new AtomicLong();
    private final AtomicLong unanswerable = new AtomicLong();
    private final AtomicLong backPressured = new AtomicLong();
    private final AtomicLong cutOff = new AtomicLong();
    private final AtomicLong errors = new AtomicLong();
    private final AtomicLong clients = new AtomicLong();
    private final AtomicLong doorRequests = new AtomicLong();
    private final AtomicLong[] refused = new AtomicLong[Reason.values().length];
    private final SingleWriterRecorder handling = new SingleWriterRecorder(HIGHEST_NANOS, 3);
    private final Histogram all = new Histogram(HIGHEST_NANOS, 3);
    private double sumSeconds;

    ServiceMetrics() {
        for (int i = 0; i < refused.length; i++) {
            refused[i] = new AtomicLong();
        }
    }

    private static void add(AtomicLong counter, long count) {
        // one writer: no locked instruction
        counter.setRelease(counter.getPlain() + count);
    }

    void translated(int count, long nanos) {
        add(requests, 1);
        add(points, count);
        handling.recordValue(Math.clamp(nanos, 0, HIGHEST_NANOS));
    }

    void refused(Reason reason) {
        add(refused[reason.ordinal()], 1);
    }

    void ignored() {
        add(unanswerable, 1);
    }

    void backPressured() {
        add(backPressured, 1);
    }

    void cutOff() {
        add(cutOff, 1);
    }

    void clients(int count) {
        clients.setRelease(count);
    }

    void error() {
        errors.incrementAndGet();
    }

    void doorRequest() {
        doorRequests.incrementAndGet();
    }

    /**
     * Returns the number of requests that were translated.
     *
     * @return requests since the start
     */
    public long requests() {
        return requests.getAcquire();
    }

    /**
     * Returns the number of requests that were refused, for whatever reason.
     *
     * @return requests since the start
     */
    public long refused() {
        long sum = 0;
        for (AtomicLong count : refused) {
            sum += count.getAcquire();
        }
        return sum;
    }

    /**
     * Returns the number of messages that could not even be refused: nobody to answer to, or no correlation.
     *
     * @return messages since the start
     */
    public long unanswerable() {
        return unanswerable.getAcquire();
    }

    /**
     * Returns the number of connected clients.
     *
     * @return clients now
     */
    public long clients() {
        return clients.getAcquire();
    }

    /**
     * Returns the number of errors that Aeron or the translating thread reported.
     *
     * @return errors since the start
     */
    public long errors() {
        return errors.get();
    }

    /** Returns all handling times so far. */
    private synchronized Histogram handling() {
        Histogram recent = handling.getIntervalHistogram();
        sumSeconds += recent.getTotalCount() == 0 ? 0 : recent.getMean() * recent.getTotalCount() * 1e-9;
        all.add(recent);
        return all.copy();
    }

    /** Writes everything in Prometheus's text format. */
    String prometheus(Models models) {
        StringBuilder text = new StringBuilder(4096);
        Histogram times = handling();
        counter(text, "pontoon_requests_total", "Requests translated over Aeron.", requests());
        counter(text, "pontoon_points_total", "Points in them.", points.getAcquire());
        help(text, "pontoon_refused_total", "Requests refused.", "counter");
        for (int i = 0; i < refused.length; i++) {
            text.append("pontoon_refused_total{reason=\"").append(Reason.values()[i].name().toLowerCase(java.util.Locale.ROOT))
                .append("\"} ").append(refused[i].getAcquire()).append('\n');
        }
        counter(text, "pontoon_unanswerable_total", "Messages from nobody, or without a correlation.", unanswerable());
        counter(text, "pontoon_back_pressured_total", "Answers that had to wait for their client.", backPressured.getAcquire());
        counter(text, "pontoon_cut_off_total", "Clients cut off because they did not read.", cutOff.getAcquire());
        counter(text, "pontoon_errors_total", "Errors reported.", errors());
        counter(text, "pontoon_http_requests_total", "Requests to the HTTP door.", doorRequests.get());
        help(text, "pontoon_clients", "Clients connected over Aeron.", "gauge");
        text.append("pontoon_clients ").append(clients()).append('\n');
        help(text, "pontoon_model_version", "Version of each model.", "gauge");
        for (int i = 0; i < models.size(); i++) {
            text.append("pontoon_model_version{model=\"").append(models.name(i).replace("\\", "\\\\").replace("\"", "\\\"").replace("\n",
                "\\n")).append("\"} ").append(models.bridge(i).version()).append('\n');
        }
        help(text, "pontoon_handling_seconds", "From a request's arrival to its answer's commit.", "summary");
        for (double quantile : new double[] {0.5, 0.9, 0.99, 0.999, 0.9999, 1}) {
            text.append("pontoon_handling_seconds{quantile=\"").append(quantile).append("\"} ")
                .append(times.getTotalCount() == 0 ? "NaN" : times.getValueAtPercentile(quantile * 100) * 1e-9).append('\n');
        }
        text.append("pontoon_handling_seconds_sum ").append(sumSeconds).append('\n');
        text.append("pontoon_handling_seconds_count ").append(times.getTotalCount()).append('\n');
        return text.toString();
    }

    private static void counter(StringBuilder text, String name, String what, long value) {
        help(text, name, what, "counter");
        text.append(name).append(' ').append(value).append('\n');
    }

    private static void help(StringBuilder text, String name, String what, String type) {
        text.append("# HELP ").append(name).append(' ').append(what).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }
}
