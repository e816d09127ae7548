package org.pontoon.validation;

import java.util.Locale;
import java.util.SplittableRandom;

import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.transport.Precision;
import org.pontoon.engine.transport.Sinkhorn;
import org.pontoon.engine.transport.SinkhornOptions;
import org.pontoon.engine.transport.SinkhornResult;

/**
 * A random problem of entropic transport far from comfort, solved, and the solution held against {@link EntropicBounds certain bounds} of
 * the truth: 5 points to many, 1 to 1000 dimensions, blurs of 1e-4 to 1e8 times the diameter, both costs, balanced or with reaches of 1e-3
 * to 1e8 times the diameter; normal clouds, two far clusters of unequal mass, an outlier, lattices, duplicates; data of every scale.
 *
 * @param seed of the problem
 * @param problem what it is, in words
 * @param result of the solver
 * @param seconds that it took
 * @param lower certain lower bound of the value
 * @param upper certain upper bound of the value
 * @param costLower certain lower bound of the entropic cost between the clouds
 * @param costUpper certain upper bound of the entropic cost between the clouds
 */
public record SinkhornTrial(long seed, String problem, SinkhornResult result, double seconds, double lower, double upper, double costLower,
        double costUpper) {

    private static final int[] DIMENSIONS = {1, 2, 3, 10, 50, 200, 1000};
    private static final String[] KINDS = {"normal", "two clusters", "outlier", "lattice", "duplicates"};
    /** Coordinates of a cloud, at most. */
    private static final int MOST_COORDINATES = 500_000;
    /** The marginal error at which the truth is looked for. */
    private static final double TIGHT = 1e-11;

    /**
     * Solves a problem to a marginal error of 1e-6, and again as exactly as it can be, for the bounds.
     *
     * @param seed of the problem; odd ones are solved for the divergence, even ones for the cost
     * @param largest most points of a cloud, at least 5
     * @param precision of the solver
     * @param scheduler runs the tiles
     * @return the outcome
     */
    public static SinkhornTrial run(long seed, int largest, Precision precision, TileScheduler scheduler) {
        SplittableRandom random = new SplittableRandom(seed);
        int n = size(random, largest);
        int m = size(random, largest);
        int dimension = DIMENSIONS[random.nextInt(DIMENSIONS.length)];
        if ((long) Math.max(n, m) * dimension > MOST_COORDINATES) {
            dimension = 10;
        }
        String kind = KINDS[random.nextInt(KINDS.length)];
        float scale = (float) Math.pow(10, random.nextInt(-3, 4));
        float[][] first = points(random, n, dimension, kind, true, scale);
        float[][] second = points(random, m, dimension, kind, false, scale);
        double diameter = diameter(first, second);
        int p = random.nextInt(1, 3);
        double blur = diameter * Math.pow(10, random.nextInt(5) < 4 ? random.nextDouble(-4, 1) : random.nextDouble(0, 8));
        double reach = random.nextBoolean() ? Double.POSITIVE_INFINITY
            : diameter * Math.pow(10, random.nextInt(5) < 4 ? random.nextDouble(-3, 2) : random.nextDouble(0, 8));
        boolean weighted = random.nextBoolean();
        SinkhornOptions options = SinkhornOptions.builder().p(p).blur(blur).reach(reach).debias(seed % 2 != 0).tolerance(1e-6)
            .precision(precision).build();
        String problem = String.format(Locale.ROOT, "%s, %d and %d points, D %d, p %d, blur %.1e, reach %.1e of the diameter %.1e", kind, n,
            m,
            dimension, p, blur / diameter, reach / diameter, diameter);
        try (PointCloud x = cloud(random, first, weighted); PointCloud y = cloud(random, second, weighted)) {
            long began = System.nanoTime();
            SinkhornResult result = new Sinkhorn(options).solve(x, y, scheduler);
            double seconds = (System.nanoTime() - began) * 1e-9;
            EntropicBounds cost = bounds(options, x, y, scheduler);
            double lower = cost.lower();
            double upper = cost.upper();
            if (options.debias()) {
                EntropicBounds xx = bounds(options, x, x, scheduler);
                EntropicBounds yy = bounds(options, y, y, scheduler);
                lower -= (xx.upper() + yy.upper()) / 2;
                upper -= (xx.lower() + yy.lower()) / 2;
            }
            return new SinkhornTrial(seed, problem, result, seconds, lower, upper, cost.lower(), cost.upper());
        }
    }

    /** Bounds from a solution as exact as float64 allows; they hold however far from the truth that is. */
    private static EntropicBounds bounds(SinkhornOptions options, PointCloud x, PointCloud y, TileScheduler scheduler) {
        SinkhornOptions tight = new SinkhornOptions(options.p(), options.blur(), options.scaling(), options.reachX(), options.reachY(),
            false,
            TIGHT, options.maxIterations(), Precision.FLOAT64, 0);
        SinkhornResult result = new Sinkhorn(tight).solve(x, y, scheduler);
        return EntropicBounds.of(options.p(), options.epsilon(), options.rhoX(), options.rhoY(), rows(x), rows(y), weights(x), weights(y),
            result.f(), result.g());
    }

    /**
     * Tells whether the iterations ended at their tolerance.
     *
     * @return true if they did
     */
    public boolean converged() {
        return result.status() == SinkhornResult.Status.CONVERGED;
    }

    /**
     * Tells whether the value, if converged, is right, and otherwise whether the gap contains the truth.
     *
     * @param tolerance of the value, relative to the transport cost
     * @return false if the solver was wrong about it
     */
    public boolean truthful(double tolerance) {
        double slack = tolerance * Math.max(Math.abs(costLower), Math.abs(costUpper));
        if (converged()) {
            return result.value() >= lower - slack && result.value() <= upper + slack;
        }
        return result.dual() <= costUpper + slack && result.dual() + result.gap() >= costLower - slack;
    }

    /**
     * The width of what is known of the truth.
     *
     * @return upper less lower bound, relative to the transport cost
     */
    public double uncertainty() {
        return (upper - lower) / Math.max(Math.abs(costLower), Math.abs(costUpper));
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s (%s): value %.12g in %.12g to %.12g, dual %.9g, gap %.1e, error %.1e, %d + %d iterations, %s",
            problem, result.options().debias() ? "divergence" : "cost", result.value(), lower, upper, result.dual(), result.gap(),
            result.marginalError(), result.iterations(), result.activeIterations(), result.status());
    }

    private static int size(SplittableRandom random, int largest) {
        return (int) Math.round(5 * Math.pow(largest / 5.0, random.nextDouble()));
    }

    private static float[][] points(SplittableRandom random, int count, int dimension, String kind, boolean first, float scale) {
        float[][] points = new float[count][dimension];
        for (int i = 0; i < count; i++) {
            for (int d = 0; d < dimension; d++) {
                double value = random.nextGaussian();
                boolean apart = switch (kind) {
                    case "two clusters" -> i < (first ? 0.3 : 0.6) * count;
                    case "outlier" -> first && i == 0;
                    default -> false;
                };
                points[i][d] = (float) (kind.equals("lattice") ? Math.rint(2 * value) : apart ? value + 1000 : value);
            }
            if (kind.equals("duplicates") && i >= 4) {
                points[i] = points[random.nextInt(4)].clone();
            }
        }
        for (float[] point : points) {
            for (int d = 0; d < dimension; d++) {
                point[d] *= scale;
            }
        }
        return points;
    }

    private static double diameter(float[][] first, float[][] second) {
        double square = 0;
        for (int d = 0; d < first[0].length; d++) {
            double low = Double.POSITIVE_INFINITY;
            double high = Double.NEGATIVE_INFINITY;
            for (float[][] points : new float[][][] {first, second}) {
                for (float[] point : points) {
                    low = Math.min(low, point[d]);
                    high = Math.max(high, point[d]);
                }
            }
            square += (high - low) * (high - low);
        }
        return square == 0 ? 1 : Math.sqrt(square);
    }

    private static PointCloud cloud(SplittableRandom random, float[][] points, boolean weighted) {
        PointCloud cloud = PointCloud.allocate(points.length, points[0].length);
        float[] weights = new float[points.length];
        double sum = 0;
        for (int i = 0; i < points.length; i++) {
            cloud.setPoint(i, points[i], 0);
            weights[i] = (float) random.nextDouble(0.001, 1);
            sum += weights[i];
        }
        if (!weighted) {
            return cloud;
        }
        for (int i = 0; i < weights.length; i++) {
            weights[i] /= (float) sum;
        }
        return cloud.withWeights(weights);
    }

    private static double[][] rows(PointCloud cloud) {
        double[][] rows = new double[cloud.size()][cloud.dimension()];
        for (int i = 0; i < rows.length; i++) {
            for (int d = 0; d < rows[i].length; d++) {
                rows[i][d] = cloud.get(i, d);
            }
        }
        return rows;
    }

    private static double[] weights(PointCloud cloud) {
        double[] weights = new double[cloud.size()];
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            weights[i] = cloud.mass(i);
            sum += weights[i];
        }
        for (int i = 0; i < weights.length; i++) {
            weights[i] /= sum;
        }
        return weights;
    }
}
