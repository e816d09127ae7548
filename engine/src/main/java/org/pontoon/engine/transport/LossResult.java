package org.pontoon.engine.transport;

/**
 * What a {@link Loss} found.
 *
 * @param value the loss
 * @param gradient the same value with its derivatives in the first cloud; null where none were wanted
 * @param error how far the value may be from what is sought, beyond rounding: 0 where it is a sum, a gap of bounds for transport, a standard
 *     error over directions; NaN where nothing is known
 * @param iterations how many there were, 0 where there are none
 * @param status how they ended
 */
public record LossResult(double value, LossGradient gradient, double error, long iterations, Status status) {

    /** How a loss was found. */
    public enum Status {
        /** The iterations met their tolerance, or there are none. */
        CONVERGED,
        /** The error stopped falling before the tolerance, as it does at the precision's rounding. */
        STALLED,
        /** The iterations allowed were over before. */
        MAX_ITERATIONS,
        /** The progress callback said no. */
        CANCELLED
    }

    /** Of a loss without iterations. */
    static LossResult of(double value, LossGradient gradient, double error) {
        return new LossResult(value, gradient, error, 0, Status.CONVERGED);
    }

    /**
     * Tells whether the value is what was asked for.
     *
     * @return true if it is
     */
    public boolean converged() {
        return status == Status.CONVERGED;
    }
}
