package org.pontoon.engine.parallel;

/** The work on one tile. */
@FunctionalInterface
public interface TileTask {

    /**
     * Computes one tile. Called once for every tile, in no particular order, on any worker; two calls never share a worker number at the
     * same time, so scratch may be kept per worker.
     *
     * @param tile number of the tile, from 0
     * @param worker number of the worker, from 0 to the scheduler's thread count less 1
     */
    void run(int tile, int worker);
}
