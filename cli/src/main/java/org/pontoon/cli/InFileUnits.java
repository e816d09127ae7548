package org.pontoon.cli;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;

import org.pontoon.cli.report.BadInput;
import org.pontoon.engine.file.Placement;

/**
 * Brings what was found of placed clouds back to the units of their files. A loss of degree k grows by {@code unit^k} when all lengths, the
 * options' among them, grow by the unit, and its gradient in the points by {@code unit^(k-1)}.
 */
final class InFileUnits {

    /** What may leave the range of float64 where a distance, its root, does not. */
    private static final Set<String> OF_THE_POWER = Set.of("power", "standardError", "dual", "gap", "largestViolation");

    private final double unit;
    private final double degree;

    /**
     * Makes the way back.
     *
     * @param placement of the clouds, null where they were read as they are
     * @param degree of the loss
     */
    InFileUnits(Placement placement, double degree) {
        this.unit = placement == null ? 1 : placement.unit();
        this.degree = degree;
    }

    /** A length that was given in the files' units, in those of the placed clouds. */
    static double length(String option, double value, Placement placement) {
        if (placement == null || placement.unit() == 1) {
            return value;
        }
        double length = value / placement.unit();
        BadInput.unless(length * length > 0 && length * length < Double.POSITIVE_INFINITY,
            "%s is %s, %s times what the coordinates spread over, expected a length that is nearer to them", option, value, length);
        return length;
    }

    /** Rescales those of some entries that are there; a power may end beyond the range of float64, anything else may not. */
    void restore(Map<String, Object> summary, String... names) {
        for (String name : names) {
            summary.computeIfPresent(name, (key, value) -> restore(name, (double) value, degree));
        }
    }

    /** Rescales a gradient in the points, as it is where nothing was rescaled. */
    double[] gradient(double[] points) {
        if (unit == 1 || degree == 1) {
            return points;
        }
        double largest = 0;
        for (double p : points) {
            largest = Math.max(largest, Math.abs(p));
        }
        restore("gradient", largest, degree - 1);
        double factor = Math.pow(unit, (degree - 1) / 2);
        return Arrays.stream(points).map(p -> p * factor * factor).toArray();
    }

    private double restore(String name, double value, double power) {
        if (unit == 1 || value == 0 || !Double.isFinite(value)) {
            return value;
        }
        // in two steps, since the factor alone may be beyond float64 where the product is not
        double factor = Math.pow(unit, power / 2);
        double restored = value * factor * factor;
        if ((restored == 0 || Double.isInfinite(restored)) && !OF_THE_POWER.contains(name)) {
            throw new IllegalStateException("the " + name + " is " + value + " * " + unit + "^" + power
                + " in the units of the files, beyond the range of float64; rescale them");
        }
        return restored;
    }
}
