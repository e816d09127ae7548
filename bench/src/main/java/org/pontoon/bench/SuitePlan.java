package org.pontoon.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Which benchmarks a suite runs, and with which parameters. */
final class SuitePlan {

    private SuitePlan() {
    }

    /**
     * Benchmarks that run with the same parameters.
     *
     * @param pattern finds their names
     * @param parameters values in place of the benchmarks' own
     */
    record Part(Pattern pattern, Map<String, List<String>> parameters) {

        /** From the class and perhaps the method, and parameters as "name=a,b". */
        static Part of(String benchmarks, String... parameters) {
            Map<String, List<String>> values = new LinkedHashMap<>();
            for (String parameter : parameters) {
                String[] parts = parameter.split("=", 2);
                values.put(parts[0], List.of(parts[1].split(",")));
            }
            return new Part(Pattern.compile("^org\\.pontoon\\.bench\\." + benchmarks + (benchmarks.contains("\\.") ? "$" : "\\.")), values);
        }
    }

    /** Powers of two up to a number, and the number. */
    static List<Integer> threadCounts(int most) {
        TreeSet<Integer> counts = new TreeSet<>(List.of(most));
        for (int t = 1; t < most; t *= 2) {
            counts.add(t);
        }
        return List.copyOf(counts);
    }

    /**
     * Returns the parts of a suite.
     *
     * @param suite the suite
     * @param quick whether fewer parameters do
     * @param processors most threads
     * @return its parts, none for a suite that JMH does not run
     */
    static List<Part> of(BenchReport.Suite suite, boolean quick, int processors) {
        return switch (suite) {
            case FIT -> List.of(quick ? Part.of("FitStepBenchmark", "threads=1") : Part.of("FitStepBenchmark"));
            case TRANSPORT -> List.of(quick ? Part.of("TransportBenchmark", "threads=1", "points=6071") : Part.of("TransportBenchmark"));
            case SAMPLER -> List.of(Part.of("SamplerBenchmark"));
            case DRIFT -> List.of(quick ? Part.of("DriftBenchmark", "threads=1") : Part.of("DriftBenchmark"));
            case KERNELS -> List.of(quick ? Part.of("KernelBenchmark", "dimension=50") : Part.of("KernelBenchmark"));
            case LOSSES -> List.of(Part.of("LossBenchmark", "points=2000", quick ? "dimension=3" : "dimension=3,50"),
                Part.of("LossBenchmark\\.gradient", "loss=GAUSSIAN,LOG_SUM_EXP", "points=2000", quick ? "dimension=1,10,50,128"
                    : "dimension=1,2,10,128"),
                Part.of("LossBenchmark\\.gradient", "loss=GAUSSIAN,LOG_SUM_EXP", quick ? "points=200,20000" : "points=200,20000,50000",
                    "dimension=3"));
            case SINKHORN -> List.of(Part.of("SinkhornBenchmark", quick ? "points=500,2000" : "points=500,2000,10000", "dimension=3"),
                Part.of("SinkhornBenchmark", "points=2000", "dimension=50"));
            case SORT ->
                List.of(quick ? Part.of("SortBenchmark\\.(sort|sortWithOrder|library)", "input=random", "count=64,1000,100000,1000000")
                    : Part.of("SortBenchmark"));
            case WASSERSTEIN -> List.of(Part.of("WassersteinBenchmark"));
            case FLOWS -> List.of(quick ? Part.of("(Sobolev|Flow)Benchmark", "threads=1") : Part.of("(Sobolev|Flow)Benchmark"));
            case SCALING -> scaling(processors);
            case FACTS -> List.of(Part.of("(PairSum|Vector)FactsBenchmark"));
            case LATENCY, PEERS -> List.of();
        };
    }

    private static List<Part> scaling(int processors) {
        List<Integer> counts = threadCounts(processors);
        List<Part> parts = new ArrayList<>();
        parts.add(Part.of("ScalingBenchmark", "growth=STRONG", "threads=" + join(counts)));
        if (counts.size() > 1) {
            // one thread's weak scaling is its strong scaling
            parts.add(Part.of("ScalingBenchmark", "growth=WEAK", "threads=" + join(counts.subList(1, counts.size()))));
        }
        parts.add(Part.of("FitStepBenchmark", "dimension=512", "batch=1024", "threads=" + join(counts)));
        return parts;
    }

    private static String join(List<Integer> numbers) {
        return numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
}
