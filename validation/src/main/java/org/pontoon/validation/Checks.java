package org.pontoon.validation;

import java.util.ArrayList;
import java.util.List;

/** Collects the rows of one group. */
final class Checks {

    private final String group;
    private final List<Check> rows = new ArrayList<>();

    Checks(String group) {
        this.group = group;
    }

    List<Check> rows() {
        return rows;
    }

    void add(String quantity, Check.Measure measure, double expected, double got, double error, double bound) {
        rows.add(new Check(group, quantity, measure, expected, got, error, bound));
    }

    /** Relative to the larger of 1 and the expected value. */
    void equal(String quantity, double expected, double got, double bound) {
        add(quantity, Check.Measure.RELATIVE, expected, got, relativeError(expected, got), bound);
    }

    void residual(String quantity, double got, double bound) {
        add(quantity, Check.Measure.RESIDUAL, 0, got, Math.abs(got), bound);
    }

    void statistical(String quantity, double expected, Estimate got, double bound) {
        add(quantity, Check.Measure.STANDARD_ERRORS, expected, got.value(), Math.abs(got.value() - expected) / got.standardError(), bound);
    }

    Worst worst(String quantity, double bound) {
        return new Worst(quantity, bound);
    }

    static double relativeError(double expected, double got) {
        return Math.abs(got - expected) / Math.max(1, Math.abs(expected));
    }

    /** One row for many comparisons: the worst of them. */
    final class Worst {

        private final String quantity;
        private final double bound;
        private double expected = Double.NaN;
        private double got = Double.NaN;
        private double error = Double.NEGATIVE_INFINITY;

        private Worst(String quantity, double bound) {
            this.quantity = quantity;
            this.bound = bound;
        }

        Worst equal(double expectedValue, double gotValue) {
            return keep(expectedValue, gotValue, relativeError(expectedValue, gotValue));
        }

        Worst equal(double[] expectedValues, double[] gotValues) {
            if (expectedValues.length != gotValues.length) {
                return keep(expectedValues.length, gotValues.length, Double.NaN);
            }
            for (int i = 0; i < expectedValues.length; i++) {
                equal(expectedValues[i], gotValues[i]);
            }
            return this;
        }

        Worst statistical(double expectedValue, Estimate estimate) {
            return keep(expectedValue, estimate.value(), Math.abs(estimate.value() - expectedValue) / estimate.standardError());
        }

        /** Keeps a comparison whose error the caller has measured. */
        Worst keep(double expectedValue, double gotValue, double newError) {
            // a NaN stays
            if (!Double.isNaN(error) && !(newError <= error)) {
                expected = expectedValue;
                got = gotValue;
                error = newError;
            }
            return this;
        }

        /** Ends the row. */
        void relative() {
            row(Check.Measure.RELATIVE);
        }

        /** Ends the row. */
        void standardErrors() {
            row(Check.Measure.STANDARD_ERRORS);
        }

        private void row(Check.Measure measure) {
            // no comparison at all is no pass
            add(quantity, measure, expected, got, error == Double.NEGATIVE_INFINITY ? Double.NaN : error, bound);
        }
    }
}
