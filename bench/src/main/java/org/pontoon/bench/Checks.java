package org.pontoon.bench;

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
}
