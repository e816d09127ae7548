package org.pontoon.validation;

/**
 * A number estimated from random draws.
 *
 * @param value the estimate
 * @param standardError its standard error, 0 where the value is exact
 */
public record Estimate(double value, double standardError) {

    /** Mean and standard error of the mean of what has been added; not safe for several threads. */
    static final class Mean {

        private long count;
        private double mean;
        private double squares;

        void add(double value) {
            count++;
            double gap = value - mean;
            mean += gap / count;
            squares += gap * (value - mean);
        }

        void add(Mean other) {
            if (other.count == 0) {
                return;
            }
            long total = count + other.count;
            double gap = other.mean - mean;
            mean += gap * other.count / total;
            squares += other.squares + gap * gap * ((double) count * other.count / total);
            count = total;
        }

        double value() {
            return mean;
        }

        Estimate estimate() {
            return new Estimate(mean, count < 2 ? Double.POSITIVE_INFINITY : Math.sqrt(squares / (count - 1) / count));
        }
    }

    @Override
    public String toString() {
        return value + " ± " + standardError;
    }
}
