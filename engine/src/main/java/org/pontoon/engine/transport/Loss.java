package org.pontoon.engine.transport;

import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;

/**
 * What measures two weighted clouds: a value, its gradient in the first cloud, what is known of the value's error, and how it was found.
 * Options are in the loss, which is immutable and thread-safe; the same bits for any number of threads.
 *
 * <p>Derivatives in weights are those of a cloud without weights as if each were 1/N.
 */
public interface Loss {

    /** Which derivatives are wanted; those in weights may take as long again as all the rest. */
    enum Derivatives {
        /** The value alone. */
        NONE,
        /** In every coordinate of the first cloud. */
        POINTS,
        /** In every weight of the first cloud, too. */
        POINTS_AND_WEIGHTS
    }

    /**
     * Measures two clouds.
     *
     * @param x first cloud; without weights every point weighs 1/N
     * @param y second cloud, same dimension
     * @param derivatives which ones are wanted
     * @param scheduler runs the tiles
     * @param progress hears of iterations and may cancel them; a loss without iterations takes no notice of it
     * @return value, gradient where one is wanted, error and status
     * @throws IllegalArgumentException if dimensions differ, a value is not finite or masses do not fit the loss
     */
    LossResult measure(PointCloud x, PointCloud y, Derivatives derivatives, TileScheduler scheduler, Progress progress);

    /**
     * Returns the value alone.
     *
     * @param x first cloud; without weights every point weighs 1/N
     * @param y second cloud, same dimension
     * @param scheduler runs the tiles
     * @return the loss, whatever its status
     * @throws IllegalArgumentException as {@link #measure}
     */
    default double value(PointCloud x, PointCloud y, TileScheduler scheduler) {
        return measure(x, y, Derivatives.NONE, scheduler, Progress.NONE).value();
    }

    /**
     * Returns value and gradient, in points and weights.
     *
     * @param x first cloud; without weights every point weighs 1/N
     * @param y second cloud, same dimension
     * @param scheduler runs the tiles
     * @return value and gradient, whatever their status
     * @throws IllegalArgumentException as {@link #measure}
     */
    default LossGradient gradient(PointCloud x, PointCloud y, TileScheduler scheduler) {
        return measure(x, y, Derivatives.POINTS_AND_WEIGHTS, scheduler, Progress.NONE).gradient();
    }
}
