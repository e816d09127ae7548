package org.pontoon.bench;

import java.util.Map;
import java.util.Optional;

/**
 * How much an operation of a benchmark does, so that its rate can be stated, and held against what the machine can do at most where one of
 * its limits is what matters.
 *
 * @param unit what is counted
 * @param count how many in one operation
 * @param limit the limit of the machine that the operation is held against
 * @param demand how much of what the limit is made of one operation needs
 */
record Work(Unit unit, double count, Limit limit, double demand) {

    /**
     * Multiply-adds that a pair of points is said to need beside one for each coordinate: what an exponential of a short polynomial, its
     * weight and its sum take.
     */
    private static final double KERNEL_FMAS = 6;

    /** What is counted. */
    enum Unit {
        /** Fused multiply-adds in float32 that the mathematics asks for. */
        FMA("GFMA/s", 1e-9),
        /** Exponentials in float32. */
        EXP("Gexp/s", 1e-9),
        /** Values. */
        VALUE("Gvalue/s", 1e-9),
        /** Pairs of points. */
        PAIR("Gpair/s", 1e-9),
        /** Points. */
        POINT("Mpoint/s", 1e-6);

        private final String rate;
        private final double scale;

        Unit(String rate, double scale) {
            this.rate = rate;
            this.scale = scale;
        }

        /** Name of the rate in reports. */
        String rate() {
            return rate;
        }

        /** From a rate per second to that unit. */
        double scale() {
            return scale;
        }
    }

    /** What {@link PeakProbe} measures. */
    enum Limit {
        /** {@link PeakProbe#fmaPeak(int)}, in multiply-adds. */
        FMA("FMA"),
        /** {@link PeakProbe#expThroughput(int)}, in exponentials. */
        EXP("exp"),
        /** {@link PeakProbe#memoryBandwidth(int)}, in bytes. */
        MEMORY("memory"),
        /** None of them matters: caches, sorting, latencies. */
        NONE("");

        private final String label;

        Limit(String label) {
            this.label = label;
        }

        /** Name in reports. */
        String label() {
            return label;
        }
    }

    private static Work counted(Unit unit, double count) {
        return new Work(unit, count, Limit.NONE, 0);
    }

    private static Work fma(double count) {
        return new Work(Unit.FMA, count, Limit.FMA, count);
    }

    private static Work exp(double count) {
        return new Work(Unit.EXP, count, Limit.EXP, count);
    }

    /** Pairs in so many sweeps, of which some add up a vector of D coordinates for each pair too. */
    private static Work pairs(double points, double dimension, double sweeps, double vectorSweeps) {
        double pairs = points * points;
        return new Work(Unit.PAIR, pairs * sweeps, Limit.FMA, pairs * (sweeps * (dimension + KERNEL_FMAS) + vectorSweeps * dimension));
    }

    /** Points through a bridge: logits from the coordinates and their squares, then one more product with so many components' vectors. */
    private static Work points(double count, double dimension, double vectors) {
        return new Work(Unit.POINT, count, Limit.FMA, count * dimension * (2 * KernelBenchmark.COMPONENTS + vectors));
    }

    /**
     * Looks up a benchmark.
     *
     * @param benchmark class and method, as in {@code KernelBenchmark.exp}
     * @param parameters its parameters
     * @return what one operation does, empty where no count makes sense
     */
    static Optional<Work> of(String benchmark, Map<String, String> parameters) {
        int dot = benchmark.indexOf('.');
        String method = benchmark.substring(dot + 1);
        return Optional.ofNullable(switch (benchmark.substring(0, dot)) {
            case "FitStepBenchmark" -> fit(parameters);
            case "TransportBenchmark" -> points(number(parameters, "points"), number(parameters, "dimension"), vectors(method));
            case "DriftBenchmark" -> points(Synthetic.POINTS, number(parameters, "dimension"), KernelBenchmark.COMPONENTS);
            case "SamplerBenchmark" -> method.equals("driftDouble") ? counted(Unit.POINT, 1)
                : points(1, number(parameters, "dimension"), vectors(method));
            case "KernelBenchmark" -> kernel(method.endsWith("Scalar") ? method.substring(0, method.length() - "Scalar".length()) : method,
                parameters);
            case "LossBenchmark" -> loss(method, parameters);
            case "SinkhornBenchmark" -> sinkhorn(method, parameters);
            case "SortBenchmark" -> sort(method, parameters);
            case "WassersteinBenchmark" -> counted(Unit.VALUE, method.equals("line") ? 2.0 * WassersteinBenchmark.SAMPLES
                : 2.0 * WassersteinBenchmark.POINTS * WassersteinBenchmark.DIRECTIONS);
            case "SobolevBenchmark" -> sobolev(parameters);
            case "ScalingBenchmark" -> scaling(method, parameters);
            case "PairSumFactsBenchmark" -> counted(Unit.PAIR, 1);
            default -> null;
        });
    }

    /** A product forward and one back for each of the two sides, over coordinates and quadratics. */
    private static Work fit(Map<String, String> parameters) {
        double d = number(parameters, "dimension");
        return fma(4 * number(parameters, "components") * number(parameters, "batch") * ("FULL".equals(parameters.get("covariance"))
            ? full(d)
            : 2 * d));
    }

    /** A mean adds up all components' vectors, a draw takes one's. */
    private static double vectors(String method) {
        return method.equals("mean") ? KernelBenchmark.COMPONENTS : 1;
    }

    private static Work kernel(String method, Map<String, String> parameters) {
        double d = number(parameters, "dimension");
        double k = KernelBenchmark.COMPONENTS;
        double tile = KernelBenchmark.TILE;
        double features = 2 * d + 1;
        return switch (method) {
            case "forwardForms", "backwardForms" -> fma(k * tile * 2 * d);
            case "forwardProduct", "backwardProduct" -> fma(k * tile * full(number(parameters, "fullDimension")));
            case "mixtureLogits" -> fma(k * features);
            case "softmax" -> exp(k * tile);
            case "exp", "expJdk" -> exp(KernelBenchmark.VALUES);
            case "addSums" -> counted(Unit.VALUE, k * tile);
            case "fillNormals" -> counted(Unit.VALUE, KernelBenchmark.VALUES);
            case "gather", "transpose" -> counted(Unit.VALUE, tile * d);
            case "coefficients", "gradients" -> counted(Unit.VALUE, k * d);
            case "adam" -> counted(Unit.VALUE, k * features);
            default -> null;
        };
    }

    /** Three matrices of pairs for a kernel norm, two of which give a gradient; one, and one more for the gradient, for a log-sum-exp. */
    private static Work loss(String method, Map<String, String> parameters) {
        boolean gradient = method.equals("gradient");
        boolean norm = !"LOG_SUM_EXP".equals(parameters.get("loss"));
        return pairs(number(parameters, "points"), number(parameters, "dimension"), norm ? 3 : gradient ? 2 : 1, gradient ? norm ? 2 : 1
            : 0);
    }

    private static Work sinkhorn(String method, Map<String, String> parameters) {
        double points = number(parameters, "points");
        double dimension = number(parameters, "dimension");
        return switch (method) {
            case "iterations" -> pairs(points, dimension, SinkhornBenchmark.SWEEPS, 0);
            case "planApply" -> new Work(Unit.PAIR, points * points, Limit.FMA, points * points * (dimension + KERNEL_FMAS
                + SinkhornBenchmark.VALUES));
            // its iterations are as many as it takes
            default -> null;
        };
    }

    /** A copy of more than any cache holds is held against the memory: each value is read and written. */
    private static Work sort(String method, Map<String, String> parameters) {
        double count = number(parameters, "count");
        return method.equals("copy") && count >= 10_000_000 ? new Work(Unit.VALUE, count, Limit.MEMORY, 8 * count) : counted(Unit.VALUE,
            count);
    }

    /** Two symmetric products of the features with themselves; in a step they are most, not all. */
    private static Work sobolev(Map<String, String> parameters) {
        double features = number(parameters, "features");
        return fma(number(parameters, "particles") * features * (features + 1));
    }

    private static Work scaling(String method, Map<String, String> parameters) {
        int threads = Integer.parseInt(parameters.getOrDefault("threads", "1"));
        ScalingBenchmark.Growth growth = ScalingBenchmark.Growth.valueOf(parameters.getOrDefault("growth", "STRONG"));
        return switch (method) {
            case "pairSums" -> pairs(growth.pairPoints(threads), ScalingBenchmark.PAIR_DIMENSION, 3, 2);
            case "logSumExp" -> pairs(growth.pairPoints(threads), ScalingBenchmark.PAIR_DIMENSION, 2, 1);
            case "sortRows" -> counted(Unit.VALUE, (double) ScalingBenchmark.ROWS * growth.times(threads) * ScalingBenchmark.ROW_VALUES);
            case "transport" -> points((double) ScalingBenchmark.TRANSPORT_POINTS * growth.times(threads),
                ScalingBenchmark.TRANSPORT_DIMENSION, 1);
            default -> null;
        };
    }

    /** Coordinates and products of two. */
    private static double full(double dimension) {
        return dimension + dimension * (dimension + 1) / 2;
    }

    private static double number(Map<String, String> parameters, String name) {
        String value = parameters.get(name);
        return value == null ? Double.NaN : Double.parseDouble(value);
    }
}
