package org.pontoon.bench;

import java.util.Set;

/**
 * What a benchmark leaves on the heap tells whether it was compiled: outside C2's code every vector is an object, made at about a gigabyte a
 * second for each thread, in code that is 30 to 120 times slower. A time that was taken there is the interpreter's, not the benchmark's.
 */
final class Garbage {

    /** Of a benchmark without garbage of its own, bytes per second and thread: a hundredth of its time was spent on objects. */
    private static final double STRAY_BYTES = 10e6;
    /** Of one with garbage of its own, beside which boxed vectors must show: the most that was seen when compiled is 210 MB a second. */
    private static final double BOXED_BYTES = 500e6;
    /** In shorter operations small results alone make more; not compiled, none of them is so short. */
    private static final double LONG_SECONDS = 1e-3;
    /** Per operation: what the harness and a result leave. */
    private static final double FEW_BYTES = 256;

    /** Classes and methods that return new results or make working memory for each operation. */
    private static final Set<String> MAKERS = Set.of("DriftBenchmark", "FitStepBenchmark", "FlowBenchmark.gridStep",
        "FlowBenchmark.interactionOverPairs", "FlowBenchmark.particlesStep", "LossBenchmark", "NeuralBenchmark",
        "ScalingBenchmark.logSumExp", "ScalingBenchmark.pairSums", "ScalingBenchmark.transport", "SinkhornBenchmark",
        "SobolevBenchmark.step", "SteinBenchmark", "TransportBenchmark");

    private Garbage() {
    }

    /**
     * Tells whether a measured benchmark ran, for more than a hundredth of its time, in code that makes an object of each vector.
     *
     * @param benchmark class and method, as in {@code KernelBenchmark.exp}
     * @param bytes bytes per operation, the median over iterations; NaN where not measured, which accuses nobody
     * @param least the least of any iteration: compiled code makes the same in each
     * @param seconds time of an operation
     * @param threads threads that work on it
     * @return true if its time says nothing about compiled code
     */
    static boolean isBoxing(String benchmark, double bytes, double least, double seconds, int threads) {
        if (isPlain(benchmark)) {
            return false;
        }
        boolean maker = MAKERS.contains(benchmark) || MAKERS.contains(benchmark.substring(0, benchmark.indexOf('.')));
        double stray = maker ? bytes - least : bytes;
        return stray > FEW_BYTES && stray / seconds / threads > STRAY_BYTES
            || maker && seconds > LONG_SECONDS && bytes / seconds / threads > BOXED_BYTES;
    }

    /** Whether it has no vectors, or boxes them to show what that costs. */
    private static boolean isPlain(String benchmark) {
        return benchmark.contains("FactsBenchmark.") || benchmark.endsWith("Scalar") || benchmark.endsWith("Jdk")
            || Set.of("SortBenchmark.library", "SortBenchmark.copy", "SamplerBenchmark.driftDouble",
                "FlowBenchmark.interactionByMoments").contains(benchmark);
    }
}
