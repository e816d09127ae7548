package org.pontoon.engine.flow;

/**
 * The particles at one time of a flow.
 *
 * @param time when
 * @param step number of evaluations before this one
 * @param loss value of the functional
 * @param points where they are, N x D row-major
 * @param velocity where each is drawn, {@code -gradient_i / weight_i}, N x D row-major; 0 for points without weight
 */
public record Snapshot(double time, int step, double loss, float[] points, float[] velocity) {
}
