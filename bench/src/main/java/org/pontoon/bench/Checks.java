package org.pontoon.bench;

import java.util.Arrays;

/** Checks of answers inside benchmarks: a fast wrong answer must end the run. */
final class Checks {

    private Checks() {
    }

    /** Asserts that a kernel gave the bits of its scalar twin. */
    static void sameBits(String what, float[] expected, float[] actual) {
        for (int i = 0; i < expected.length; i++) {
            if (Float.floatToRawIntBits(expected[i]) != Float.floatToRawIntBits(actual[i])) {
                throw new IllegalStateException(what + ": " + actual[i] + " at " + i + ", expected the bits of " + expected[i]);
            }
        }
    }

    /** Asserts a relative difference. */
    static void near(String what, double expected, double actual, double tolerance) {
        if (!(Math.abs(expected - actual) <= tolerance * Math.max(Math.abs(expected), 1e-30))) {
            throw new IllegalStateException(what + ": " + actual + ", expected " + expected + " within " + tolerance);
        }
    }

    /** Asserts differences relative to the largest expected value. */
    static void near(String what, float[] expected, float[] actual, double tolerance) {
        double most = 1e-30;
        for (float e : expected) {
            most = Math.max(most, Math.abs(e));
        }
        for (int i = 0; i < expected.length; i++) {
            if (!(Math.abs((double) expected[i] - actual[i]) <= tolerance * most)) {
                throw new IllegalStateException(what + ": " + actual[i] + " at " + i + ", expected " + expected[i] + " within " + tolerance
                    + " of the largest");
            }
        }
    }

    /** Asserts equal bits. */
    static void sameBits(String what, double expected, double actual) {
        if (Double.doubleToRawLongBits(expected) != Double.doubleToRawLongBits(actual)) {
            throw new IllegalStateException(what + ": " + actual + ", expected the bits of " + expected);
        }
    }

    /** Asserts differences relative to the largest expected value. */
    static void near(String what, double[] expected, double[] actual, double tolerance) {
        double most = 1e-30;
        for (double e : expected) {
            most = Math.max(most, Math.abs(e));
        }
        for (int i = 0; i < expected.length; i++) {
            if (!(Math.abs(expected[i] - actual[i]) <= tolerance * most)) {
                throw new IllegalStateException(what + ": " + actual[i] + " at " + i + ", expected " + expected[i] + " within " + tolerance
                    + " of the largest");
            }
        }
    }

    /** Asserts that a part of an array is the same part of the input, sorted. */
    static void sorted(float[] input, float[] actual, int from, int count) {
        float[] expected = Arrays.copyOfRange(input, from, from + count);
        Arrays.sort(expected);
        sameBits("sorted values from " + from, expected, Arrays.copyOfRange(actual, from, from + count));
    }
}
