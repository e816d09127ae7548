package org.pontoon.engine.transport;

/**
 * A loss with its gradient in one cloud. A flow's velocity is {@code -points / weight}, point by point.
 *
 * @param value the loss
 * @param points derivative in every coordinate, N x D row-major
 * @param weights derivative in every weight, N values; may be empty where only those in the points were wanted
 */
public record LossGradient(double value, double[] points, double[] weights) {
}
