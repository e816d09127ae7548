package org.pontoon.engine.random;

import org.pontoon.engine.memory.PointCloud;

/**
 * A density on the unit interval, square or cube, up to a factor, that point clouds are drawn from. Point n of a sample is a function of the
 * seed and n alone.
 */
@FunctionalInterface
public interface Density {

    /**
     * Returns the density at a point.
     *
     * @param point coordinates in [0, 1]; not to be kept or changed
     * @return between 0 and 1; the closer its maximum is to 1, the quicker are samples drawn
     */
    double at(double[] point);

    /**
     * Places this density on a smaller interval or square within the unit one.
     *
     * @param size length of its side
     * @param corner coordinates of its lowest corner
     * @return the density, 0 elsewhere
     */
    default Density placed(double size, double... corner) {
        return point -> {
            double[] inside = new double[point.length];
            for (int d = 0; d < inside.length; d++) {
                inside[d] = (point[d] - corner[d]) / size;
                if (!(inside[d] >= 0 && inside[d] <= 1)) {
                    return 0;
                }
            }
            return at(inside);
        };
    }

    /**
     * Draws points by rejection.
     *
     * @param dimension of the points, at least 1
     * @param count number of points, at least 1
     * @param seed the seed
     * @return the points, without weights; the caller's to close
     * @throws IllegalArgumentException if next to all of the unit cube is empty
     */
    default PointCloud sample(int dimension, int count, long seed) {
        PointCloud cloud = PointCloud.allocate(count, dimension);
        double[] point = new double[dimension];
        float[] row = new float[dimension];
        for (int n = 0; n < count; n++) {
            long key = CounterRandom.key(seed, n);
            int attempt = 0;
            do {
                if (attempt == Sampling.ATTEMPTS) {
                    cloud.close();
                    throw new IllegalArgumentException("density refuses " + attempt + " points one after another, expected one that covers "
                        + "more of the unit cube");
                }
                long at = (long) attempt * (dimension + 1);
                for (int d = 0; d < dimension; d++) {
                    point[d] = CounterRandom.uniform(key, at + d);
                    row[d] = (float) point[d];
                }
                attempt++;
            } while (CounterRandom.uniform(key, (long) attempt * (dimension + 1) - 1) >= at(point));
            cloud.setPoint(n, row, 0);
        }
        return cloud;
    }

    /**
     * Draws points from a picture: a pixel by its mass, the point at its middle, moved by a normal jitter. The longer side of the picture is
     * 1 long.
     *
     * @param masses mass of every pixel, height x width, the lowest line first; not negative, not all zero
     * @param width pixels in a line
     * @param jitter standard deviation of the jitter; Feydy's notebook has 0.005
     * @param count number of points, at least 1
     * @param seed the seed
     * @return the points in the plane, without weights; the caller's to close
     * @throws IllegalArgumentException if the masses are no picture
     */
    static PointCloud samplePicture(double[] masses, int width, double jitter, int count, long seed) {
        if (width < 1 || masses.length == 0 || masses.length % width != 0) {
            throw new IllegalArgumentException("picture has " + masses.length + " pixels, expected a multiple of its width " + width);
        }
        double[] sums = new double[masses.length];
        double total = 0;
        for (int k = 0; k < masses.length; k++) {
            if (!(masses[k] >= 0) || masses[k] == Double.POSITIVE_INFINITY) {
                throw new IllegalArgumentException("pixel " + k + " has mass " + masses[k] + ", expected finite and not negative");
            }
            total += masses[k];
            sums[k] = total;
        }
        if (!(total > 0)) {
            throw new IllegalArgumentException("all " + masses.length + " pixels have mass 0, expected a positive sum");
        }
        double side = Math.max(width, masses.length / width);
        PointCloud cloud = PointCloud.allocate(count, 2);
        long pixels = CounterRandom.key(seed, 0);
        long jitters = CounterRandom.key(seed, 1);
        for (int n = 0; n < count; n++) {
            int pixel = Sampling.firstAbove(sums, CounterRandom.uniform(pixels, n) * total);
            cloud.set(n, 0, (float) ((pixel % width + 0.5) / side + jitter * CounterRandom.normal(jitters, 2L * n)));
            cloud.set(n, 1, (float) ((pixel / width + 0.5) / side + jitter * CounterRandom.normal(jitters, 2L * n + 1)));
        }
        return cloud;
    }
}
