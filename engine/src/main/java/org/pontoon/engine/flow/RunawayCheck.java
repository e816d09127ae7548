package org.pontoon.engine.flow;

import org.pontoon.engine.memory.PointCloud;

/**
 * Tells a flow that runs away from one that overshoots. Explicit steps that are longer than twice the inverse of the loss's curvature throw
 * particles farther out every time, while the loss rises without end. A flow counts as run away once its loss is above the one that it began
 * with and a single step moves particles, in root mean square, farther than the diagonal of the box in which they began: what merely swings
 * around a minimum does neither.
 *
 * <p>Not for use by several threads at a time.
 */
public final class RunawayCheck {

    /** A rise of this share of the first loss may be rounding, or noise. */
    private static final double NOISE = 0.01;

    private final double diagonal;
    private double first = Double.NaN;

    /**
     * Begins to watch a flow.
     *
     * @param start where the particles begin
     */
    public RunawayCheck(PointCloud start) {
        float[] column = new float[start.size()];
        double square = 0;
        for (int d = 0; d < start.dimension(); d++) {
            start.copyColumn(d, 0, column, 0, column.length);
            double low = column[0];
            double high = column[0];
            for (float c : column) {
                low = Math.min(low, c);
                high = Math.max(high, c);
            }
            square += (high - low) * (high - low);
        }
        this.diagonal = Math.sqrt(square);
    }

    /**
     * Looks at a state.
     *
     * @param step its number, 0 for the start
     * @param loss value of the functional
     * @param move root mean square of how far the particles came since the last state; 0 at the start
     * @param help what may help, for the end of the message
     * @throws IllegalStateException if the flow has run away, naming the step
     */
    public void state(int step, double loss, double move, String help) {
        if (step == 0) {
            first = loss;
        }
        if (loss > first + NOISE * Math.abs(first) && move > diagonal) {
            throw new IllegalStateException("the flow diverges at step " + step + ": the loss rose from " + (float) first + " to "
                + (float) loss + ", and a step moves points by " + (float) move + ", more than the " + (float) diagonal
                + " across which they began; " + help);
        }
    }
}
