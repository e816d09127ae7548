package org.pontoon.engine.transport;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import org.pontoon.engine.internal.kernel.DoubleMath;

/**
 * A radial kernel k(x - y), or the mean of one kernel over several bandwidths. All but the energy kernel are 1 at the origin.
 *
 * <table>
 * <caption>Kernels of a difference z at bandwidth s</caption>
 * <tr><th>profile</th><th>k(z)</th></tr>
 * <tr><td>Gaussian</td><td>{@code exp(-|z|^2 / (2 s^2))}</td></tr>
 * <tr><td>Laplacian</td><td>{@code exp(-|z| / s)}</td></tr>
 * <tr><td>inverse multiquadric</td><td>{@code (1 + |z|^2 / s^2)^(-1/2)}</td></tr>
 * <tr><td>energy</td><td>{@code -|z|}, conditionally positive definite: for measures of equal mass</td></tr>
 * </table>
 *
 * @param profile shape of the kernel
 * @param bandwidths s, in the unit of the coordinates, at least one; none for the energy kernel
 */
public record PairKernel(Profile profile, List<Double> bandwidths) {

    /** Distances below this, which differences of coordinates have only where they are 0, count as it where something is divided by one. */
    static final double NO_DISTANCE = 0x1p-500;

    /** Shapes of kernels. */
    public enum Profile {
        /** {@code exp(-|z|^2 / (2 s^2))}. */
        GAUSSIAN,
        /** {@code exp(-|z| / s)}. */
        LAPLACIAN,
        /** {@code -|z|}. */
        ENERGY,
        /** {@code (1 + |z|^2 / s^2)^(-1/2)}. */
        INVERSE_MULTIQUADRIC
    }

    /** Checks the bandwidths. */
    public PairKernel {
        Objects.requireNonNull(profile, "profile");
        bandwidths = List.copyOf(bandwidths);
        if (bandwidths.isEmpty() != (profile == Profile.ENERGY)) {
            throw new IllegalArgumentException(profile + " kernel has " + bandwidths.size() + " bandwidths, expected "
                + (profile == Profile.ENERGY ? "none" : "at least one"));
        }
        for (double s : bandwidths) {
            if (!(s > 0) || s == Double.POSITIVE_INFINITY) {
                throw new IllegalArgumentException("bandwidth is " + s + ", expected positive and finite");
            }
        }
    }

    /**
     * Makes a Gaussian kernel.
     *
     * @param bandwidths standard deviations, at least one; several are averaged
     * @return the kernel
     */
    public static PairKernel gaussian(double... bandwidths) {
        return new PairKernel(Profile.GAUSSIAN, boxed(bandwidths));
    }

    /**
     * Makes a Laplacian kernel.
     *
     * @param bandwidths decay lengths, at least one; several are averaged
     * @return the kernel
     */
    public static PairKernel laplacian(double... bandwidths) {
        return new PairKernel(Profile.LAPLACIAN, boxed(bandwidths));
    }

    /**
     * Makes an inverse multiquadric kernel.
     *
     * @param bandwidths lengths, at least one; several are averaged
     * @return the kernel
     */
    public static PairKernel inverseMultiquadric(double... bandwidths) {
        return new PairKernel(Profile.INVERSE_MULTIQUADRIC, boxed(bandwidths));
    }

    /**
     * Makes the energy kernel.
     *
     * @return the kernel
     */
    public static PairKernel energy() {
        return new PairKernel(Profile.ENERGY, List.of());
    }

    private static List<Double> boxed(double[] values) {
        List<Double> list = new ArrayList<>(values.length);
        for (double v : values) {
            list.add(v);
        }
        return list;
    }

    /**
     * Returns the kernel's value.
     *
     * @param squaredDistance {@code |z|^2}
     * @return k(z)
     */
    public double value(double squaredDistance) {
        if (profile == Profile.ENERGY) {
            return -Math.sqrt(squaredDistance);
        }
        double sum = 0;
        for (double s : bandwidths) {
            sum += switch (profile) {
                case GAUSSIAN -> Math.exp(-0.5 * squaredDistance / (s * s));
                case LAPLACIAN -> Math.exp(-Math.sqrt(squaredDistance) / s);
                default -> 1 / Math.sqrt(1 + squaredDistance / (s * s));
            };
        }
        return sum / bandwidths.size();
    }

    /**
     * Returns how far the kernel's value is from that at the origin, without the cancellation of their difference where the kernel is wide.
     *
     * @param squaredDistance {@code |z|^2}
     * @return k(z) - k(0), not positive
     */
    public double excess(double squaredDistance) {
        if (profile == Profile.ENERGY) {
            return -Math.sqrt(squaredDistance);
        }
        double sum = 0;
        for (double s : bandwidths) {
            double relative = squaredDistance / s / s;
            sum += switch (profile) {
                case GAUSSIAN -> Math.expm1(-0.5 * relative);
                case LAPLACIAN -> Math.expm1(-Math.sqrt(squaredDistance) / s);
                default -> -relative / (Math.sqrt(1 + relative) * (1 + Math.sqrt(1 + relative)));
            };
        }
        return sum / bandwidths.size();
    }

    /**
     * Returns the factor c of the kernel's gradient, {@code grad k(z) = c z}; 0 at the origin where the kernel has a kink (the subgradient
     * of least norm).
     *
     * @param squaredDistance {@code |z|^2}
     * @return c
     */
    public double slope(double squaredDistance) {
        if (squaredDistance == 0 && (profile == Profile.ENERGY || profile == Profile.LAPLACIAN)) {
            return 0;
        }
        if (profile == Profile.ENERGY) {
            return -1 / Math.sqrt(squaredDistance);
        }
        double sum = 0;
        for (double s : bandwidths) {
            double square = s * s;
            sum -= switch (profile) {
                case GAUSSIAN -> Math.exp(-0.5 * squaredDistance / square) / square;
                case LAPLACIAN -> Math.exp(-Math.sqrt(squaredDistance) / s) / (s * Math.sqrt(squaredDistance));
                default -> 1 / (square * (1 + squaredDistance / square) * Math.sqrt(1 + squaredDistance / square));
            };
        }
        return sum / bandwidths.size();
    }

    /**
     * Many values at once, times a weight each, to within a few ulp of those of {@link #value}.
     *
     * @param squares squared distances
     * @param weights w
     * @param terms receives {@code w k(z)}
     * @param spare overwritten
     * @param count how many
     */
    void weightedValues(double[] squares, double[] weights, double[] terms, double[] spare, int count) {
        if (profile == Profile.ENERGY) {
            negativeRoots(squares, weights, terms, count);
            return;
        }
        Arrays.fill(terms, 0, count, 0);
        for (double s : bandwidths) {
            switch (profile) {
                case GAUSSIAN -> gaussians(squares, s, spare, count);
                case LAPLACIAN -> laplacians(squares, s, spare, count);
                default -> inverseMultiquadrics(squares, 1 / (s * s), spare, count);
            }
            add(spare, 1, terms, count);
        }
        multiply(weights, 1.0 / bandwidths.size(), terms, count);
    }

    /**
     * Many factors of the kernel's gradient at once, times a weight each, to within a few ulp of those of {@link #slope}; where a distance is
     * 0 and the kernel has a kink, the factor is finite and means nothing.
     *
     * @param squares squared distances
     * @param weights w
     * @param terms receives {@code w c}
     * @param spare overwritten
     * @param count how many
     */
    void weightedSlopes(double[] squares, double[] weights, double[] terms, double[] spare, int count) {
        if (profile == Profile.ENERGY) {
            negativeInverseRoots(squares, weights, terms, count);
            return;
        }
        Arrays.fill(terms, 0, count, 0);
        for (double s : bandwidths) {
            switch (profile) {
                case GAUSSIAN -> gaussians(squares, s, spare, count);
                case LAPLACIAN -> {
                    laplacians(squares, s, spare, count);
                    overDistances(squares, spare, count);
                }
                default -> inverseMultiquadricCubes(squares, 1 / (s * s), spare, count);
            }
            add(spare, profile == Profile.LAPLACIAN ? -1 / s : -1 / (s * s), terms, count);
        }
        multiply(weights, 1.0 / bandwidths.size(), terms, count);
    }

    private static void negativeRoots(double[] squares, double[] weights, double[] terms, int count) {
        for (int j = 0; j < count; j++) {
            terms[j] = -(weights[j] * Math.sqrt(squares[j]));
        }
    }

    private static void negativeInverseRoots(double[] squares, double[] weights, double[] terms, int count) {
        for (int j = 0; j < count; j++) {
            terms[j] = -weights[j] / Math.max(Math.sqrt(squares[j]), NO_DISTANCE);
        }
    }

    private static void gaussians(double[] squares, double s, double[] values, int count) {
        double factor = -0.5 / (s * s);
        for (int j = 0; j < count; j++) {
            values[j] = squares[j] * factor;
        }
        DoubleMath.exp(values, 0, count);
    }

    private static void laplacians(double[] squares, double s, double[] values, int count) {
        double factor = -1 / s;
        for (int j = 0; j < count; j++) {
            values[j] = Math.sqrt(squares[j]) * factor;
        }
        DoubleMath.exp(values, 0, count);
    }

    private static void inverseMultiquadrics(double[] squares, double factor, double[] values, int count) {
        for (int j = 0; j < count; j++) {
            values[j] = 1 / Math.sqrt(1 + squares[j] * factor);
        }
    }

    private static void inverseMultiquadricCubes(double[] squares, double factor, double[] values, int count) {
        for (int j = 0; j < count; j++) {
            double base = 1 + squares[j] * factor;
            values[j] = 1 / (base * Math.sqrt(base));
        }
    }

    private static void overDistances(double[] squares, double[] values, int count) {
        for (int j = 0; j < count; j++) {
            values[j] /= Math.max(Math.sqrt(squares[j]), NO_DISTANCE);
        }
    }

    private static void add(double[] values, double factor, double[] sums, int count) {
        for (int j = 0; j < count; j++) {
            sums[j] += values[j] * factor;
        }
    }

    private static void multiply(double[] weights, double factor, double[] terms, int count) {
        for (int j = 0; j < count; j++) {
            terms[j] = weights[j] * (terms[j] * factor);
        }
    }
}
