package org.pontoon.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Which benchmarks a suite runs, with which parameters, and how long that takes. */
final class SuitePlan {

    /** Forks where more would tell nothing new: scalar twins, a peer of the JDK's, orders of the input of a sort. */
    private static final int ONCE = 1;
    /** Forks of what takes seconds, and of the many kernels. */
    private static final int TWICE = 2;

    private SuitePlan() {
    }

    /**
     * Benchmarks that run with the same parameters.
     *
     * @param pattern finds their names
     * @param parameters values in place of the benchmarks' own
     * @param mostForks JVMs for each of them at most
     */
    record Part(Pattern pattern, Map<String, List<String>> parameters, int mostForks) {

        /** From the class and perhaps the method, and parameters as "name=a,b". */
        static Part of(String benchmarks, String... parameters) {
            Map<String, List<String>> values = new LinkedHashMap<>();
            for (String parameter : parameters) {
                String[] parts = parameter.split("=", 2);
                values.put(parts[0], List.of(parts[1].split(",")));
            }
            return new Part(Pattern.compile("^org\\.pontoon\\.bench\\." + benchmarks + (benchmarks.contains("\\.") ? "$" : "\\.")), values,
                Integer.MAX_VALUE);
        }

        /** The same in so many JVMs at most. */
        Part inForks(int most) {
            return new Part(pattern, parameters, most);
        }

        /** How many benchmarks there are, each set of parameters counted. */
        int count(Pattern include, Map<String, List<String>> overrides) {
            int count = 0;
            for (BenchmarkListEntry entry : BENCHMARKS) {
                if (pattern.matcher(entry.getUsername()).find() && include.matcher(entry.getUsername()).find()) {
                    int sets = 1;
                    for (Map.Entry<String, String[]> parameter : entry.getParams().orElse(Map.of()).entrySet()) {
                        List<String> values = overrides.getOrDefault(parameter.getKey(), parameters.get(parameter.getKey()));
                        sets *= values == null ? parameter.getValue().length : values.size();
                    }
                    count += sets;
                }
            }
            return count;
        }
    }

    private static final List<BenchmarkListEntry> BENCHMARKS = List.copyOf(BenchmarkList.defaultList().getAll(OutputFormatFactory
        .createFormatInstance(System.out, VerboseMode.SILENT), List.of()));

    /** Powers of two up to a number, and the number. */
    static List<Integer> threadCounts(int most) {
        TreeSet<Integer> counts = new TreeSet<>(List.of(most));
        for (int t = 1; t < most; t *= 2) {
            counts.add(t);
        }
        return List.copyOf(counts);
    }

    /**
     * Returns the parts of a suite. No two of them run the same benchmark with the same parameters.
     *
     * @param suite the suite
     * @param quick whether fewer parameters do
     * @param processors most threads
     * @return its parts, none for a suite that JMH does not run
     */
    static List<Part> of(BenchReport.Suite suite, boolean quick, int processors) {
        return switch (suite) {
            case FIT -> quick ? List.of(Part.of("FitStepBenchmark", "threads=1"))
                : List.of(Part.of("FitStepBenchmark", "threads=1"), Part.of("FitStepBenchmark", "threads=2", "dimension=50,1000"));
            case TRANSPORT -> quick ? List.of(Part.of("TransportBenchmark", "threads=1", "points=6071"))
                : List.of(Part.of("TransportBenchmark", "points=6071"),
                    Part.of("TransportBenchmark\\.sample", "points=50000", "dimension=50").inForks(TWICE));
            case SAMPLER -> List.of(Part.of("SamplerBenchmark"));
            case DRIFT -> List.of(quick ? Part.of("DriftBenchmark", "threads=1") : Part.of("DriftBenchmark"));
            case LOSSES -> losses(quick);
            case SINKHORN -> sinkhorn(quick);
            case SORT -> sort(quick);
            case WASSERSTEIN -> List.of(Part.of("WassersteinBenchmark"));
            case FLOWS -> List.of(Part.of("SobolevBenchmark\\.step", quick ? "threads=1" : "threads=1,2"),
                Part.of("SobolevBenchmark\\.products", "threads=1"), Part.of("FlowBenchmark"),
                Part.of("SteinBenchmark\\.step", "dimension=3"),
                Part.of("NeuralBenchmark\\.step", "hidden=64-64", "threads=1").inForks(TWICE));
            case KERNELS -> quick ? List.of(Part.of("KernelBenchmark", "dimension=50"))
                : List.of(Part.of("KernelBenchmark\\.(?!\\w*(Scalar|Jdk)$)\\w+").inForks(TWICE),
                    Part.of("KernelBenchmark\\.\\w+(Scalar|Jdk)").inForks(ONCE));
            case SCALING -> scaling(processors);
            case FACTS -> List.of(Part.of("(PairSum|Vector)FactsBenchmark"));
            case LATENCY, COLD, PEERS -> List.of();
        };
    }

    /** All losses in space and in many dimensions, two of them over D and N. */
    private static List<Part> losses(boolean quick) {
        String two = "loss=GAUSSIAN,LOG_SUM_EXP";
        return List.of(Part.of("LossBenchmark", "points=2000", "dimension=3"),
            Part.of("LossBenchmark\\.gradient", quick ? two : "loss=" + join(List.of(LossBenchmark.LossName.values())), "points=2000",
                "dimension=50"),
            Part.of("LossBenchmark\\.gradient", two, "points=2000", quick ? "dimension=10,128" : "dimension=1,10,128"),
            Part.of("LossBenchmark\\.gradient", two, "points=200,20000", "dimension=3"));
    }

    private static List<Part> sinkhorn(boolean quick) {
        if (quick) {
            return List.of(Part.of("SinkhornBenchmark", "points=2000", "dimension=3,50"));
        }
        return List.of(Part.of("SinkhornBenchmark", "points=500,2000", "dimension=3"),
            Part.of("SinkhornBenchmark", "points=2000", "dimension=50"),
            Part.of("SinkhornBenchmark", "points=10000", "dimension=3").inForks(TWICE));
    }

    private static List<Part> sort(boolean quick) {
        String sorts = "SortBenchmark\\.(sort|sortWithOrder|library)";
        if (quick) {
            return List.of(Part.of(sorts, "input=random", "count=64,1000,100000,1000000"));
        }
        return List.of(Part.of(sorts, "input=random", "count=64,1000,100000,1000000,10000000"),
            Part.of("SortBenchmark\\.copy", "input=random", "count=1000000,10000000").inForks(ONCE),
            Part.of(sorts, "input=sorted,reversed,few,sawtooth", "count=1000000").inForks(ONCE));
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

    private static String join(List<?> values) {
        return values.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    /**
     * Tells how long a suite will take on a machine like the one on which the constants here were found.
     *
     * @param suite the suite
     * @param request what is to be run
     * @param processors most threads
     * @return no benchmarks where none matches
     */
    static BenchReport.Planned plan(BenchReport.Suite suite, BenchReport.Request request, int processors) {
        BenchReport.Settings settings = request.settings();
        Pattern include = Pattern.compile(request.include());
        int benchmarks = 0;
        double seconds = 0;
        if (suite == BenchReport.Suite.LATENCY || suite == BenchReport.Suite.PEERS) {
            if (include.matcher(ReportPrograms.main(suite).getName()).find()) {
                benchmarks = 1;
                seconds = ReportPrograms.seconds(suite, settings.brief());
            }
        }
        if (suite == BenchReport.Suite.COLD) {
            ColdStarts.Request cold = ColdStarts.Request.of(settings.brief(), include);
            benchmarks = cold.count();
            seconds = cold.seconds();
        }
        double iterations = settings.milliseconds() * 1e-3 * (settings.warmUps() + settings.iterations());
        for (Part part : of(suite, settings.brief(), processors)) {
            int count = part.count(include, request.parameters());
            benchmarks += count;
            seconds += count * Math.min(part.mostForks(), settings.forks()) * (iterations + startSeconds(suite));
        }
        return new BenchReport.Planned(suite.label(), benchmarks, seconds);
    }

    /** Seconds of a fork beside its iterations: the JVM's start, the making of input, the check of the answer, operations that are long. */
    private static double startSeconds(BenchReport.Suite suite) {
        return switch (suite) {
            case FIT -> 4.6;
            case SINKHORN -> 4.0;
            case SCALING -> 2.9;
            case WASSERSTEIN -> 1.7;
            case TRANSPORT, DRIFT, LOSSES, SAMPLER -> 1.4;
            case FLOWS -> 1.2;
            default -> 0.8;
        };
    }
}
