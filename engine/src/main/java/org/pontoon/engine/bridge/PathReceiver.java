package org.pontoon.engine.bridge;

/** Takes paths one by one, so that they never need to be in memory all at once. */
@FunctionalInterface
public interface PathReceiver {

    /**
     * Takes one path; called in the order of the points, by the thread that asked for the paths.
     *
     * @param point index of the source point
     * @param path positions at times i / steps, shape (steps + 1, D) row-major; reused after the call
     */
    void accept(int point, float[] path);
}
