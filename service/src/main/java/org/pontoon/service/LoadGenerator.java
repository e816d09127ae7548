package org.pontoon.service;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;

import io.aeron.Aeron;
import io.aeron.logbuffer.Header;
import org.HdrHistogram.Histogram;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
import org.pontoon.engine.bridge.BridgeSampler;
import org.pontoon.engine.random.CounterRandom;
import org.pontoon.service.sbe.Kind;
import org.pontoon.service.sbe.MessageHeaderDecoder;
import org.pontoon.service.sbe.MessageHeaderEncoder;
import org.pontoon.service.sbe.TranslateEncoder;
import org.pontoon.service.sbe.TranslatedDecoder;

/**
 * Offers requests to a server on a fixed schedule and measures how late the answers are.
 *
 * <p>Open loop: request i is due at {@code start + i / rate} whatever became of those before it, and its latency runs from when it was due,
 * not from when it could be sent; so a stall counts against everyone who would have waited in it (no coordinated omission). Every answer is
 * accounted for: once, in order, and where a bridge to {@linkplain LoadOptions#check check} against is given, bit by bit.
 *
 * <p>Beside it runs the same schedule with nothing to do, which shows what the machine itself does to a thread that wants to be on time,
 * and, if asked for, the same messages to the server's echo: what the wire costs. The three take turns of a second.
 */
public final class LoadGenerator {

    private static final int POINTS = 1024;
    private static final int DATA = MessageHeaderEncoder.ENCODED_LENGTH + TranslateEncoder.BLOCK_LENGTH + Integer.BYTES;
    private static final int ANSWER = MessageHeaderDecoder.ENCODED_LENGTH + TranslatedDecoder.BLOCK_LENGTH + Integer.BYTES;
    private static final long SEED = 42;
    private static final long MOST_IN_FLIGHT = 1 << 16;

    private final LoadOptions options;
    private final BridgeClient.Model model;
    private final int bytes;
    private final UnsafeBuffer message;
    private final UnsafeBuffer points;
    private final UnsafeBuffer expected;
    private final TranslateEncoder translate = new TranslateEncoder();
    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final IdleStrategy idle;
    private Connection server;
    private Connection echo;
    private Phase phase;

    /**
     * What came of it.
     *
     * @param answers latencies of the answers
     * @param echoes latencies of the echoes, or null
     * @param nothing lateness of a loop that does nothing
     * @param sent requests sent
     * @param answered answers, the right ones
     * @param refused refusals
     * @param wrong answers with other bits than the bridge to check against gives, or of another size
     * @param unexpected answers out of order or twice
     * @param late requests sent later than a millisecond after they were due
     * @param histogram all latencies of the answers, in nanoseconds
     * @param echoHistogram all latencies of the echoes, or null
     * @param nothingHistogram all latenesses of the loop that does nothing
     */
    public record Result(LatencySummary answers, LatencySummary echoes, LatencySummary nothing, long sent, long answered, long refused,
            long wrong, long unexpected, long late, Histogram histogram, Histogram echoHistogram, Histogram nothingHistogram) {

        /**
         * Returns the number of requests that got no answer.
         *
         * @return sent, less answered, refused and wrong
         */
        public long lost() {
            return sent - answered - refused - wrong;
        }

        /**
         * Tells whether every request was answered, once, and rightly.
         *
         * @return true if so
         */
        public boolean isFlawless() {
            return lost() == 0 && refused == 0 && wrong == 0 && unexpected == 0;
        }
    }

    /** One of the things that take turns. */
    private final class Phase {
        private final Connection to;
        private final Histogram histogram = new Histogram(TimeUnit.SECONDS.toNanos(60), 3);
        private final long[] due = new long[(int) MOST_IN_FLIGHT];
        private long sent;
        private long next;
        private long answered;
        private long refused;
        private long wrong;
        private long unexpected;
        private long late;
        private long nanos;
        private boolean measuring;

        private Phase(Connection to) {
            this.to = to;
        }

        private void forget() {
            histogram.reset();
            measuring = true;
            late = 0;
            nanos = 0;
        }

        private void answer(long correlation, boolean isRefused, boolean isRight, long now) {
            if (correlation != next) {
                unexpected++;
                if (correlation < next || correlation >= sent) {
                    return;
                }
            }
            next = correlation + 1;
            answered += isRefused || !isRight ? 0 : 1;
            refused += isRefused ? 1 : 0;
            wrong += !isRefused && !isRight ? 1 : 0;
            if (measuring) {
                histogram.recordValue(Math.clamp(now - due[(int) (correlation & MOST_IN_FLIGHT - 1)], 0, histogram
                    .getHighestTrackableValue()));
            }
        }
    }

    private LoadGenerator(LoadOptions options, BridgeClient.Model model) {
        this.options = options;
        this.model = model;
        this.idle = options.idle().strategy();
        this.bytes = Math.multiplyExact(options.batch() * model.dimension(), Float.BYTES);
        this.message = new UnsafeBuffer(ByteBuffer.allocateDirect(DATA + bytes));
        int rows = POINTS + options.batch() - 1;
        this.points = new UnsafeBuffer(ByteBuffer.allocateDirect(rows * model.dimension() * Float.BYTES));
        this.expected = options.check() == null ? null : new UnsafeBuffer(ByteBuffer.allocateDirect(points.capacity()));
        long key = CounterRandom.key(SEED, 1);
        for (int i = 0; i < rows * model.dimension(); i++) {
            points.putFloat(i * Float.BYTES, CounterRandom.normal(key, i), ByteOrder.LITTLE_ENDIAN);
        }
        if (expected != null) {
            expect(rows);
        }
    }

    private void expect(int rows) {
        if (options.check().dimension() != model.dimension()) {
            throw new IllegalArgumentException("the bridge to check against has dimension " + options.check().dimension()
                + ", expected the model's, " + model.dimension());
        }
        BridgeSampler sampler = new BridgeSampler(options.check());
        int row = model.dimension() * Float.BYTES;
        for (int n = 0; n < rows; n++) {
            if (options.mean()) {
                sampler.mean(points, n * row, expected, n * row);
            } else {
                sampler.sample(SEED, n, points, n * row, expected, n * row);
            }
        }
    }

    /**
     * Offers the load.
     *
     * @param options what, and to whom
     * @return what came of it
     * @throws ServiceException if there is no server, it has no such model, or answers stay out for longer than the timeout
     */
    public static Result run(LoadOptions options) {
        BridgeClient.Model model;
        try (BridgeClient client = BridgeClient.connect(options.directory(), options.channel(), options.stream(), Idle.PARKING, options
            .timeout())) {
            model = client.model(options.model());
        }
        LoadGenerator generator = new LoadGenerator(options, model);
        long timeout = options.timeout().toNanos();
        try (Aeron aeron = Connection.aeron(options.directory(), timeout)) {
            IdleStrategy patient = Idle.PARKING.strategy();
            generator.server = new Connection(aeron, options.channel(), options.stream(), generator::onAnswer, patient, timeout);
            if (options.echo()) {
                generator.echo = new Connection(aeron, options.channel(), options.stream() + 1, generator::onEcho, patient, timeout);
            }
            return generator.run();
        }
    }

    private Result run() {
        Phase answers = new Phase(server);
        Phase echoes = echo == null ? null : new Phase(echo);
        Phase nothing = new Phase(null);
        run(answers, echoes, nothing, options.warmUp());
        answers.forget();
        nothing.forget();
        if (echoes != null) {
            echoes.forget();
        }
        run(answers, echoes, nothing, options.requests());
        return new Result(summary("translate", answers), echoes == null ? null : summary("echo", echoes), summary("nothing", nothing),
            answers.sent, answers.answered, answers.refused, answers.wrong, answers.unexpected, answers.late, answers.histogram,
            echoes == null ? null : echoes.histogram, nothing.histogram);
    }

    private static LatencySummary summary(String name, Phase phase) {
        return LatencySummary.of(name, phase.histogram, phase.nanos * 1e-9);
    }

    private void run(Phase answers, Phase echoes, Phase nothing, long requests) {
        long turn = options.rate() == 0 ? requests : Math.max(1, (long) options.rate());
        for (long done = 0; done < requests; done += turn) {
            long count = Math.min(turn, requests - done);
            turn(answers, count);
            if (echoes != null) {
                turn(echoes, count);
            }
            if (options.rate() != 0) {
                turn(nothing, Math.max(1, count / 4));
            }
        }
    }

    private void turn(Phase which, long count) {
        phase = which;
        double interval = options.rate() == 0 ? 0 : 1e9 / options.rate();
        long timeout = options.timeout().toNanos();
        long first = which.sent;
        long end = first + count;
        long start = System.nanoTime();
        long heard = start;
        while (which.next < end) {
            long now = System.nanoTime();
            boolean idling = true;
            if (which.sent < end && which.sent - which.next < MOST_IN_FLIGHT) {
                long due = options.rate() == 0 ? now : start + (long) ((which.sent - first) * interval);
                if (due <= now && send(which)) {
                    which.due[(int) (which.sent & MOST_IN_FLIGHT - 1)] = due;
                    which.late += now - due > 1_000_000 ? 1 : 0;
                    which.sent++;
                    idling = false;
                    if (which.to == null) {
                        which.answer(which.next, false, true, System.nanoTime());
                        heard = now;
                    }
                }
            }
            if (which.to != null && which.to.poll() > 0) {
                idling = false;
                heard = now;
            }
            if (idling) {
                if (now - heard > timeout && which.sent > which.next) {
                    throw new ServiceException("no answer for " + timeout / 1_000_000 + " ms, " + (which.sent - which.next)
                        + " requests are waiting");
                }
                idle.idle();
            }
        }
        which.nanos += System.nanoTime() - start;
    }

    private boolean send(Phase which) {
        if (which.to == null) {
            return true;
        }
        int ring = (int) (which.sent % POINTS);
        translate.wrapAndApplyHeader(message, 0, headerEncoder).correlation(which.sent).seed(SEED).index(ring).time(1).model(model.number())
            .count(options.batch())
            .kind(options.mean() ? Kind.MEAN : Kind.SAMPLE);
        message.putInt(DATA - Integer.BYTES, bytes, ByteOrder.LITTLE_ENDIAN);
        message.putBytes(DATA, points, ring * model.dimension() * Float.BYTES, bytes);
        return which.to.offer(message, DATA + bytes);
    }

    private void onAnswer(DirectBuffer buffer, int offset, int length, Header position) {
        long now = System.nanoTime();
        header.wrap(buffer, offset);
        long correlation = buffer.getLong(offset + MessageHeaderDecoder.ENCODED_LENGTH, ByteOrder.LITTLE_ENDIAN);
        boolean isTranslated = header.templateId() == TranslatedDecoder.TEMPLATE_ID;
        boolean right = isTranslated && length == ANSWER + bytes;
        if (right && expected != null) {
            right = isExpected(buffer, offset + ANSWER, (int) (correlation % POINTS) * model.dimension() * Float.BYTES);
        }
        phase.answer(correlation, !isTranslated, right, now);
    }

    private boolean isExpected(DirectBuffer buffer, int at, int row) {
        int b = 0;
        for (; b <= bytes - Long.BYTES; b += Long.BYTES) {
            if (buffer.getLong(at + b) != expected.getLong(row + b)) {
                return false;
            }
        }
        return b == bytes || buffer.getInt(at + b) == expected.getInt(row + b);
    }

    private void onEcho(DirectBuffer buffer, int offset, int length, Header position) {
        long now = System.nanoTime();
        long correlation = buffer.getLong(offset + MessageHeaderDecoder.ENCODED_LENGTH, ByteOrder.LITTLE_ENDIAN);
        phase.answer(correlation, false, length == DATA + bytes, now);
    }
}
