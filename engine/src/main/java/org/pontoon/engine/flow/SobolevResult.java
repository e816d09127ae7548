package org.pontoon.engine.flow;

import java.util.List;

import org.pontoon.engine.memory.PointCloud;

/**
 * How a flow in feature space went.
 *
 * @param options what was asked for
 * @param snapshots states at the times asked for, as far as the flow came, each at the first state not before its time
 * @param last the last state
 * @param times time of every state, the start included
 * @param distances norm of the difference of mean features at every state
 * @param discrepancies the squared Sobolev or Sobolev-Fisher discrepancy that each step began with; one less than states
 * @param masses total mass at every state
 * @param largestRidge the largest ridge that a system needed; above that of the options where one was not positive definite
 * @param status how it ended
 * @param seconds wall time
 */
public record SobolevResult(SobolevOptions options, List<State> snapshots, State last, double[] times, double[] distances,
        double[] discrepancies, double[] masses, double largestRidge, FlowResult.Status status, double seconds) {

    /**
     * The particles at one time.
     *
     * @param time when
     * @param step number of steps before
     * @param points where they are, N x D row-major
     * @param weights what they weigh, N values, as they are
     * @param ancestors the particle of the start that each descends from, N values; where nobody is born, each is its own
     */
    public record State(double time, int step, float[] points, double[] weights, int[] ancestors) {

        /**
         * Copies the particles into a cloud.
         *
         * @return a weighted cloud, the caller's to close
         * @throws IllegalArgumentException if all weights vanish in float32
         */
        public PointCloud toCloud() {
            PointCloud cloud = PointCloud.ofRows(points, weights.length, points.length / weights.length);
            float[] rounded = new float[weights.length];
            for (int i = 0; i < rounded.length; i++) {
                rounded[i] = (float) weights[i];
            }
            try {
                return cloud.withWeights(rounded);
            } catch (IllegalArgumentException e) {
                cloud.close();
                throw e;
            }
        }
    }
}
