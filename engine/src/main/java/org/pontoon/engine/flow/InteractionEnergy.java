package org.pontoon.engine.flow;

import java.util.Arrays;
import java.util.Objects;

import org.pontoon.engine.internal.particle.Columns;
import org.pontoon.engine.internal.particle.ParticleTile;
import org.pontoon.engine.internal.particle.ProjectionOrder;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.transport.LossGradient;

/**
 * The energy {@code sum_ij a_i a_j W(x_i - x_j) / 2} of a cloud that interacts with itself, a point not with itself (Carrillo, Craig, Wang,
 * Wei 2022, "Primal dual methods for Wasserstein gradient flows", for the examples). Its flow is
 * {@code x_i' = -sum_j a_j grad W(x_i - x_j)}.
 *
 * <p>Polynomial parts of W cost O(N D^2) by way of the cloud's moments, the distance on the line O(N log N) by way of its order, and both
 * are exact but for float64 rounding; the logarithm, and the distance above D = 1, sum over pairs in O(N^2). Points closer than 1e-17 count
 * as that far apart and do not push one another where they agree.
 *
 * <p>Immutable and thread-safe; the same bits for any number of threads.
 */
public final class InteractionEnergy implements Functional {

    private static final double MIN_SQUARE = 1e-35;
    /** So many squares multiply without leaving float64, before one logarithm of all. */
    private static final int FACTORS = 8;
    private static final double MAX_SQUARE = 1e35;

    /** Kernels W(z) of the difference of two points. */
    public enum Kernel {
        /**
         * {@code |z|^4 / 4 - |z|^2 / 2}: ends on spheres of radius {@code (D / (2 (D + 1)))^(1/2)} with isotropic second moment, at the
         * energy {@code -D / (8 (D + 1))}, -1/12 in the plane.
         */
        QUARTIC {
            @Override
            public double at(double square) {
                return (0.25 * square - 0.5) * square;
            }
        },
        /** {@code |z|^2 / 2 - log |z|}: ends, in the plane, uniform on the unit disk, at the energy 3/8. */
        LOGARITHMIC {
            @Override
            public double at(double square) {
                return 0.5 * (square - Math.log(square));
            }
        },
        /**
         * {@code |z|}: points pull one another with a force that does not depend on their distance, on the line the share of mass to the
         * left less the share to the right, so that they meet at their mean in finite time.
         */
        DISTANCE {
            @Override
            public double at(double square) {
                return Math.sqrt(square);
            }
        };

        /**
         * Evaluates the kernel.
         *
         * @param square squared length of the difference z
         * @return W(z), infinite where W is
         */
        public abstract double at(double square);
    }

    private final Kernel kernel;
    private final boolean pairwise;
    private final TileScheduler scheduler;

    private InteractionEnergy(Kernel kernel, boolean pairwise, TileScheduler scheduler) {
        this.kernel = Objects.requireNonNull(kernel, "kernel");
        this.pairwise = pairwise;
        this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
    }

    /**
     * Makes an energy whose polynomial parts cost O(N).
     *
     * @param kernel W
     * @param scheduler runs the pairs that remain
     * @return the energy
     */
    public static InteractionEnergy of(Kernel kernel, TileScheduler scheduler) {
        return new InteractionEnergy(kernel, kernel != Kernel.QUARTIC, scheduler);
    }

    /**
     * Makes the energy of the quartic kernel by sums over all pairs: what the moments are checked against.
     *
     * @param scheduler runs the pairs
     * @return the energy
     */
    public static InteractionEnergy quarticOverPairs(TileScheduler scheduler) {
        return new InteractionEnergy(Kernel.QUARTIC, true, scheduler);
    }

    @Override
    public LossGradient at(PointCloud x) {
        x.requireFinite("cloud");
        int size = x.size();
        int dimension = x.dimension();
        double[] columns = Columns.of(x);
        double[] weights = new double[size];
        Arrays.setAll(weights, x::mass);
        double[] potential = new double[size];
        double[] force = new double[columns.length];
        boolean sorted = kernel == Kernel.DISTANCE && dimension == 1;
        if (sorted) {
            distances(columns, weights, potential, force);
        } else if (kernel == Kernel.QUARTIC && !pairwise) {
            Moments.of(columns, weights, dimension).quartic(columns, potential, force);
        } else if (kernel == Kernel.LOGARITHMIC) {
            Moments.of(columns, weights, dimension).quadratic(columns, potential, force);
        }
        if (pairwise && !sorted) {
            scheduler.run(ParticleTile.tiles(size), (tile, worker) -> new Pairs(columns, weights, dimension, !x.hasWeights()).rows(tile,
                kernel, potential, force));
        }
        double value = 0;
        double[] gradient = new double[columns.length];
        for (int n = 0; n < size; n++) {
            value += 0.5 * weights[n] * potential[n];
            for (int d = 0; d < dimension; d++) {
                gradient[n * dimension + d] = weights[n] * force[d * size + n];
            }
        }
        return new LossGradient(value, gradient, potential);
    }

    /** {@code sum_j a_j |x_i - x_j|} and its derivative, from the mass and the first moment on either side. */
    private static void distances(double[] points, double[] weights, double[] potential, double[] force) {
        int size = points.length;
        ProjectionOrder ranks = new ProjectionOrder(size);
        ranks.sort(points, new double[] {1}, 0, 1);
        int[] order = ranks.order;
        // from the middle of the masses, so that differences keep their digits far from the origin
        double origin = points[order[size / 2]];
        double right = 0;
        double rightMoment = 0;
        for (int n = 0; n < size; n++) {
            right += weights[n];
            rightMoment += weights[n] * (points[n] - origin);
        }
        double left = 0;
        double leftMoment = 0;
        for (int k = 0; k < size;) {
            // points in one place do not push one another
            int end = k;
            double place = points[order[k]];
            double mass = 0;
            while (end < size && points[order[end]] == place) {
                mass += weights[order[end++]];
            }
            double at = place - origin;
            right -= mass;
            rightMoment -= mass * at;
            for (; k < end; k++) {
                potential[order[k]] = at * (left - right) - leftMoment + rightMoment;
                force[order[k]] = left - right;
            }
            left += mass;
            leftMoment += mass * at;
        }
    }

    /** Moments about the mean: {@code sum a}, {@code sum a |x|^2}, {@code sum a |x|^4}, {@code sum a x x'}, {@code sum a |x|^2 x}. */
    private record Moments(int dimension, double mass, double[] mean, double second, double fourth, double[] tensor, double[] third) {

        static Moments of(double[] columns, double[] weights, int dimension) {
            int size = weights.length;
            double mass = Arrays.stream(weights).sum();
            double[] mean = new double[dimension];
            for (int d = 0; d < dimension; d++) {
                for (int n = 0; n < size; n++) {
                    mean[d] += weights[n] * columns[d * size + n];
                }
                mean[d] /= mass;
            }
            double second = 0;
            double fourth = 0;
            double[] tensor = new double[dimension * dimension];
            double[] third = new double[dimension];
            for (int n = 0; n < size; n++) {
                double square = square(columns, size, mean, n);
                second += weights[n] * square;
                fourth += weights[n] * square * square;
                for (int d = 0; d < dimension; d++) {
                    double a = weights[n] * (columns[d * size + n] - mean[d]);
                    third[d] += square * a;
                    for (int e = 0; e < dimension; e++) {
                        tensor[d * dimension + e] += a * (columns[e * size + n] - mean[e]);
                    }
                }
            }
            return new Moments(dimension, mass, mean, second, fourth, tensor, third);
        }

        private static double square(double[] columns, int size, double[] mean, int n) {
            double square = 0;
            for (int d = 0; d < mean.length; d++) {
                square += (columns[d * size + n] - mean[d]) * (columns[d * size + n] - mean[d]);
            }
            return square;
        }

        void quartic(double[] columns, double[] potential, double[] force) {
            int size = potential.length;
            for (int n = 0; n < size; n++) {
                double square = square(columns, size, mean, n);
                double form = 0;
                double along = 0;
                for (int d = 0; d < dimension; d++) {
                    double own = columns[d * size + n] - mean[d];
                    double turned = 0;
                    for (int e = 0; e < dimension; e++) {
                        turned += tensor[d * dimension + e] * (columns[e * size + n] - mean[e]);
                    }
                    form += own * turned;
                    along += own * third[d];
                    force[d * size + n] = (mass * (square - 1) + second) * own + 2 * turned - third[d];
                }
                potential[n] = 0.25 * (mass * square * square + 2 * square * second + fourth + 4 * form - 4 * along)
                    - 0.5 * (mass * square + second);
            }
        }

        /** {@code W = |z|^2 / 2}. */
        void quadratic(double[] columns, double[] potential, double[] force) {
            int size = potential.length;
            for (int n = 0; n < size; n++) {
                for (int d = 0; d < dimension; d++) {
                    force[d * size + n] = mass * (columns[d * size + n] - mean[d]);
                }
                potential[n] = 0.5 * (mass * square(columns, size, mean, n) + second);
            }
        }
    }

    /** Sums of a tile of rows over all points. Inner loops run over the rows, which the compiler turns into vectors. */
    private static final class Pairs {

        private static final int ROWS = ParticleTile.POINTS;

        private final double[] columns;
        private final double[] weights;
        private final int dimension;
        private final int size;
        private final boolean equal;
        private final double[] squares = new double[ROWS];
        private final double[] slopes = new double[ROWS];
        private final double[] products = new double[ROWS];

        Pairs(double[] columns, double[] weights, int dimension, boolean equal) {
            this.columns = columns;
            this.weights = weights;
            this.dimension = dimension;
            this.size = weights.length;
            this.equal = equal;
        }

        void rows(int tile, Kernel kernel, double[] potential, double[] force) {
            int first = tile * ROWS;
            int count = Math.min(ROWS, size - first);
            Arrays.fill(products, 1);
            for (int j = 0; j < size; j++) {
                Arrays.fill(squares, 0);
                for (int d = 0; d < dimension; d++) {
                    addSquares(d * size + first, columns[d * size + j], count);
                }
                double weight = weights[j];
                if (kernel == Kernel.DISTANCE) {
                    addDistances(potential, first, weight, count);
                } else if (kernel == Kernel.QUARTIC) {
                    addQuartic(potential, first, weight, count);
                } else {
                    if (j >= first && j < first + count) {
                        // log 1: a point adds nothing to itself
                        squares[j - first] = 1;
                    }
                    invert(weight, count);
                    if (!equal || j % FACTORS == FACTORS - 1) {
                        addLogarithms(potential, first, weight, count);
                    }
                }
                for (int d = 0; d < dimension; d++) {
                    addForces(force, d * size + first, columns[d * size + j], count);
                }
            }
            if (kernel == Kernel.LOGARITHMIC) {
                addLogarithms(potential, first, weights[size - 1], count);
            }
        }

        private void addSquares(int at, double other, int count) {
            for (int i = 0; i < count; i++) {
                double gap = columns[at + i] - other;
                squares[i] += gap * gap;
            }
        }

        private void addQuartic(double[] potential, int first, double weight, int count) {
            for (int i = 0; i < count; i++) {
                slopes[i] = weight * (squares[i] - 1);
                potential[first + i] += weight * (0.25 * squares[i] - 0.5) * squares[i];
            }
        }

        private void addDistances(double[] potential, int first, double weight, int count) {
            for (int i = 0; i < count; i++) {
                double distance = Math.sqrt(squares[i]);
                slopes[i] = squares[i] > 0 ? weight / distance : 0;
                potential[first + i] += weight * distance;
            }
        }

        private void invert(double weight, int count) {
            for (int i = 0; i < count; i++) {
                double square = Math.max(squares[i], MIN_SQUARE);
                slopes[i] = -weight / square;
                products[i] *= Math.min(square, MAX_SQUARE);
            }
        }

        /** Adds {@code -log |z|} of the pairs since the last call, of one weight. */
        private void addLogarithms(double[] potential, int first, double weight, int count) {
            for (int i = 0; i < count; i++) {
                potential[first + i] -= 0.5 * weight * Math.log(products[i]);
                products[i] = 1;
            }
        }

        private void addForces(double[] force, int at, double other, int count) {
            for (int i = 0; i < count; i++) {
                force[at + i] += slopes[i] * (columns[at + i] - other);
            }
        }
    }
}
