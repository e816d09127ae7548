package org.pontoon.engine.transport;

import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;

/** A loss between two weighted clouds, with its gradient in the first: what a flow descends. */
public interface MeasureLoss {

    /**
     * Computes the loss.
     *
     * @param x first cloud; without weights every point weighs 1/N
     * @param y second cloud, same dimension
     * @param scheduler runs the tiles
     * @return the loss
     * @throws IllegalArgumentException if dimensions differ or a value is not finite
     */
    double value(PointCloud x, PointCloud y, TileScheduler scheduler);

    /**
     * Computes the loss and its gradient in the first cloud.
     *
     * @param x first cloud; without weights every point weighs 1/N
     * @param y second cloud, same dimension
     * @param scheduler runs the tiles
     * @return value and gradient
     * @throws IllegalArgumentException if dimensions differ or a value is not finite
     */
    LossGradient gradient(PointCloud x, PointCloud y, TileScheduler scheduler);
}
