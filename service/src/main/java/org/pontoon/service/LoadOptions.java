package org.pontoon.service;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

import org.pontoon.engine.bridge.LightBridge;

/**
 * What a load generator offers, and to whom.
 *
 * @param directory directory of the media driver
 * @param channel Aeron channel of the server's requests
 * @param stream stream of the server's requests
 * @param model name of the model
 * @param rate requests a second; 0 for as many as come back, which is closed-loop and measures throughput only
 * @param requests how many to measure
 * @param warmUp requests before them, at the same rate, that do not count
 * @param batch points to a request
 * @param mean means, not samples
 * @param idle what to do while neither a request is due nor an answer has come
 * @param echo whether to offer the same to the server's echo, second by second in turn
 * @param check bridge that every answer must agree with bit by bit, or null
 * @param timeout how long an answer may take
 */
public record LoadOptions(Path directory, String channel, int stream, String model, double rate, long requests, long warmUp, int batch,
        boolean mean, Idle idle, boolean echo, LightBridge check, Duration timeout) {

    /** Checks the options. */
    public LoadOptions {
        Objects.requireNonNull(directory, "directory");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(idle, "idle");
        if (!(rate >= 0 && rate <= 1e8) || requests < 1 || warmUp < 0 || batch < 1) {
            throw new IllegalArgumentException("rate is " + rate + ", requests " + requests + ", warm-up " + warmUp + " and batch " + batch
                + ", expected a rate of 0 to 1e8 and positive numbers");
        }
    }

    /**
     * Starts from the defaults: 50,000 single samples a second for 10 seconds after 2 seconds of warm-up, to the server of this machine that
     * runs with its default options.
     *
     * @return options to change
     */
    public static LoadOptions defaults() {
        return new LoadOptions(ServiceOptions.defaultDirectory(), ServiceOptions.IPC, ServiceOptions.STREAM, "default", 50_000, 500_000,
            100_000, 1, false, Idle.YIELDING, false, null, Duration.ofSeconds(5));
    }
}
