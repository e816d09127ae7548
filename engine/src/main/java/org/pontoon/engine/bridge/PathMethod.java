package org.pontoon.engine.bridge;

/** How a path of a bridge is drawn. */
public enum PathMethod {
    /** The end point from the plan, then the Brownian bridge to it: exact at every grid point, whatever the number of steps. */
    BROWNIAN_BRIDGE,
    /** Euler-Maruyama integration of the drift: an error of the order of the step, for comparison. */
    EULER_MARUYAMA
}
