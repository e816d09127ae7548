package org.pontoon.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.random.CounterRandom;
import org.pontoon.engine.transport.LossGradient;

/** Gradients against central differences, on clouds whose coordinates leave room for exact steps in float32. */
public final class Gradients {

    private static final float STEP = 1f / 1024;

    private Gradients() {
    }

    /** Points on a lattice of 2^-14 within [-2, 2]. */
    public static PointCloud lattice(int size, int dimension, long seed) {
        PointCloud cloud = PointCloud.allocate(size, dimension);
        long key = CounterRandom.key(seed, 78);
        for (int n = 0; n < size; n++) {
            for (int d = 0; d < dimension; d++) {
                cloud.set(n, d,
                    (float) (Math.rint(Math.clamp(CounterRandom.normal(key, (long) n * dimension + d), -2, 2) * 16384) / 16384));
            }
        }
        return cloud;
    }

    /** Differences of fourth order, relative to the largest derivative. */
    public static void check(Functional functional, PointCloud cloud, double tolerance) {
        LossGradient found = functional.at(cloud);
        double largest = 0;
        for (double g : found.points()) {
            largest = Math.max(largest, Math.abs(g));
        }
        for (int n = 0; n < cloud.size(); n += 3) {
            for (int d = 0; d < cloud.dimension(); d++) {
                double near = difference(functional, cloud, n, d, STEP);
                double far = difference(functional, cloud, n, d, 2 * STEP);
                assertThat(found.points()[n * cloud.dimension() + d]).isCloseTo((4 * near - far) / 3, within(tolerance * largest));
            }
        }
    }

    private static double difference(Functional functional, PointCloud cloud, int n, int d, float step) {
        float at = cloud.get(n, d);
        cloud.set(n, d, at + step);
        double above = functional.at(cloud).value();
        cloud.set(n, d, at - step);
        double below = functional.at(cloud).value();
        cloud.set(n, d, at);
        return (above - below) / (2 * step);
    }
}
