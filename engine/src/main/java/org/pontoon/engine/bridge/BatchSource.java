package org.pontoon.engine.bridge;

/** An endless supply of training points. */
@FunctionalInterface
public interface BatchSource {

    /**
     * Draws a batch. It must be a function of its arguments alone, so that a resumed fit sees the same batches.
     *
     * @param step number of the training step, from 0; -1 for the batch that initialises the fit
     * @param count number of points
     * @param rows receives the points row-major, {@code count * D} finite values
     */
    void fill(long step, int count, float[] rows);
}
