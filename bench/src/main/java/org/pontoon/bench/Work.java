package org.pontoon.bench;

import java.util.Map;
import java.util.Optional;

/**
 * How much an operation of a benchmark does, so that its rate can be stated, and held against the machine's peak where there is one.
 *
 * @param unit what is counted
 * @param count how many in one operation
 */
record Work(Unit unit, double count) {

    /** What is counted. */
    enum Unit {
        /** Fused multiply-adds in float32 that the mathematics asks for; {@link PeakProbe#fmaPeak(int)} is the peak. */
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

    /**
     * Looks up a benchmark.
     *
     * @param benchmark class and method, as in {@code KernelBenchmark.exp}
     * @param parameters its parameters
     * @return what one operation does, empty where no count makes sense
     */
    static Optional<Work> of(String benchmark, Map<String, String> parameters) {
        double d = number(parameters, "dimension");
        double k = KernelBenchmark.COMPONENTS;
        double tile = KernelBenchmark.TILE;
        double features = 2 * d + 1;
        String twin = benchmark.endsWith("Scalar") ? benchmark.substring(0, benchmark.length() - "Scalar".length()) : benchmark;
        return Optional.ofNullable(switch (twin) {
            // a product forward and one back for each of the two sides, over coordinates and quadratics
            case "FitStepBenchmark.step" -> new Work(Unit.FMA, 4 * number(parameters, "components") * number(parameters, "batch") * ("FULL"
                .equals(parameters.get("covariance")) ? full(d) : 2 * d));
            case "TransportBenchmark.sample", "TransportBenchmark.mean", "TransportBenchmark.sampleAt" -> new Work(Unit.POINT, number(
                parameters, "points"));
            case "DriftBenchmark.batch" -> new Work(Unit.POINT, Synthetic.POINTS);
            case "SamplerBenchmark.sample", "SamplerBenchmark.mean", "SamplerBenchmark.sampleAt", "SamplerBenchmark.driftDouble" ->
                new Work(
                    Unit.POINT, 1);
            case "KernelBenchmark.forwardForms", "KernelBenchmark.backwardForms" -> new Work(Unit.FMA, k * tile * 2 * d);
            case "KernelBenchmark.forwardProduct", "KernelBenchmark.backwardProduct" -> new Work(Unit.FMA, k * tile * full(number(
                parameters, "fullDimension")));
            case "KernelBenchmark.addSums" -> new Work(Unit.VALUE, k * tile);
            case "KernelBenchmark.mixtureLogits" -> new Work(Unit.FMA, k * features);
            case "KernelBenchmark.pairDistance" -> new Work(Unit.FMA, KernelBenchmark.PAIR_POINTS * d);
            case "KernelBenchmark.softmax" -> new Work(Unit.EXP, k * tile);
            case "KernelBenchmark.exp", "KernelBenchmark.expJdk" -> new Work(Unit.EXP, KernelBenchmark.VALUES);
            case "KernelBenchmark.fillNormals" -> new Work(Unit.VALUE, KernelBenchmark.VALUES);
            case "KernelBenchmark.gather", "KernelBenchmark.transpose" -> new Work(Unit.VALUE, tile * d);
            case "KernelBenchmark.coefficients", "KernelBenchmark.gradients" -> new Work(Unit.VALUE, k * d);
            case "KernelBenchmark.adam" -> new Work(Unit.VALUE, k * features);
            default -> twin.startsWith("PairSumFactsBenchmark.") ? new Work(Unit.PAIR, 1) : null;
        });
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
