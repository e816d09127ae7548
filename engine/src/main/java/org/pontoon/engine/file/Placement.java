package org.pontoon.engine.file;

import java.util.Objects;

/**
 * Where the float32 coordinates of clouds lie among the float64 values of their files: coordinate d of a file is
 * {@code origin[d] + unit * c}. Clouds that are compared are placed alike, so that what they have in common, an offset of a million or a
 * scale of 1e-50, does not cost the bits that tell them apart.
 *
 * <p>Immutable as long as nobody writes to the origin.
 *
 * @param origin a finite value for every column
 * @param unit a power of two, so that dividing by it does not round
 */
public record Placement(double[] origin, double unit) {

    /** Checks the unit. */
    public Placement {
        Objects.requireNonNull(origin, "origin");
        if (!(unit > 0) || unit == Double.POSITIVE_INFINITY || unit != Math.scalb(1.0, Math.getExponent(unit))) {
            throw new IllegalArgumentException("unit is " + unit + ", expected a power of two");
        }
    }

    /**
     * Leaves values where they are.
     *
     * @param dimension number of columns
     * @return the origin 0 and the unit 1
     */
    public static Placement none(int dimension) {
        return new Placement(new double[dimension], 1);
    }

    /**
     * Tells whether values stay where they are.
     *
     * @return true for the origin 0 and the unit 1
     */
    public boolean isNone() {
        for (double o : origin) {
            if (o != 0) {
                return false;
            }
        }
        return unit == 1;
    }

    /**
     * Places a value, without rounding it to float32 yet.
     *
     * @param value of a file
     * @param column where it stands
     * @return the coordinate
     */
    public double place(double value, int column) {
        return (value - origin[column]) / unit;
    }

    /**
     * Puts coordinates back to where the files have them.
     *
     * @param rows placed points, N x D row-major
     * @return the same in float64
     */
    public double[] putBack(float[] rows) {
        double[] back = new double[rows.length];
        for (int k = 0; k < rows.length; k++) {
            back[k] = origin[k % origin.length] + unit * rows[k];
        }
        return back;
    }
}
