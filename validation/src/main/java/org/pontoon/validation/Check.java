package org.pontoon.validation;

/**
 * One row of the validation report: a quantity of the engine held against its truth.
 *
 * @param group what the row belongs to
 * @param quantity what was compared; for several numbers the row shows the one that fits worst
 * @param measure how the error is measured
 * @param expected the truth
 * @param got what the engine said
 * @param error how far apart the two are, in the row's measure
 * @param bound the largest error that passes
 */
public record Check(String group, String quantity, Measure measure, double expected, double got, double error, double bound) {

    /** How an error is measured. */
    public enum Measure {
        /** |got - expected| / max(1, |expected|). */
        RELATIVE,
        /** |got - expected| in standard errors of the random draws. */
        STANDARD_ERRORS,
        /** The value of got itself: a residual that should vanish. */
        RESIDUAL
    }

    /**
     * Tells whether the error lies within the bound; NaN does not.
     *
     * @return true if it passes
     */
    public boolean pass() {
        return error <= bound;
    }
}
