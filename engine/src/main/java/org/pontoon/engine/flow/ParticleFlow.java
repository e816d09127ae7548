package org.pontoon.engine.flow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.transport.LossGradient;

/**
 * The Wasserstein gradient flow of a functional on particles, {@code x_i' = -grad_i F(x) / a_i}, by explicit Euler steps (Feydy, "Gradient
 * flows between sampled measures"), with momentum and adaptive steps where asked for. Weights stay as they are.
 *
 * <p>Positions are float64 between steps; the functional sees them rounded to the cloud's float32. The flow itself allocates nothing per
 * step. It is as reproducible as its functional: the losses of {@code transport} give the same bits for any number of threads.
 *
 * <p>Immutable and thread-safe, as far as the functional is.
 */
public final class ParticleFlow {

    /** An adaptive step shorter than this share of the learning rate moves nothing worth waiting for. */
    private static final double SHORTEST = 1e-9;
    /** Room for the rounding of the functional's value before a step counts as one that raises it. */
    private static final double ROUNDING = 1e-12;
    private static final double RECOVERY = 1.1;

    private final FlowOptions options;

    /**
     * Makes a flow.
     *
     * @param options how it is integrated
     */
    public ParticleFlow(FlowOptions options) {
        this.options = Objects.requireNonNull(options, "options");
    }

    /**
     * Moves particles from a start.
     *
     * @param start where they begin, N x D with weights or without; it is not changed
     * @param functional what to descend
     * @param progress hears of every evaluation and may cancel before the next
     * @return how it went
     * @throws IllegalArgumentException if a coordinate of the start is not finite or the functional refuses the cloud
     * @throws IllegalStateException if the flow diverges: a value, velocity or position is no longer finite, or {@link RunawayCheck} says so
     */
    public FlowResult run(PointCloud start, Functional functional, Progress progress) {
        start.requireFinite("start of the flow");
        long began = System.nanoTime();
        try (PointCloud cloud = copy(start)) {
            Integration integration = new Integration(cloud, functional);
            FlowResult.Status status = integration.run(progress);
            return integration.result(status, (System.nanoTime() - began) * 1e-9);
        }
    }

    private static PointCloud copy(PointCloud start) {
        PointCloud cloud = PointCloud.ofRows(start.toRows(), start.size(), start.dimension());
        if (start.hasWeights()) {
            float[] weights = new float[start.size()];
            for (int n = 0; n < weights.length; n++) {
                weights[n] = start.weight(n);
            }
            cloud.withWeights(weights);
        }
        return cloud;
    }

    /** One run: where the particles are, where they were, and what has been recorded. */
    private final class Integration {

        private final PointCloud cloud;
        private final Functional functional;
        private final int dimension;
        private final double[] weights;
        private final float[] column;
        private final double[] position;
        private final double[] before;
        private final double[] move;
        private final double[] times = new double[options.steps()];
        private final double[] losses = new double[options.steps()];
        private final List<Snapshot> snapshots = new ArrayList<>();
        private int states;
        private int evaluations;
        private double time;
        private double length = options.learningRate();
        private LossGradient gradient;
        private final RunawayCheck runaway;

        Integration(PointCloud cloud, Functional functional) {
            this.cloud = cloud;
            this.functional = functional;
            this.dimension = cloud.dimension();
            this.weights = new double[cloud.size()];
            Arrays.setAll(weights, n -> cloud.hasWeights() ? cloud.weight(n) : 1.0 / cloud.size());
            this.column = new float[cloud.size()];
            float[] rows = cloud.toRows();
            this.position = new double[rows.length];
            Arrays.setAll(position, k -> rows[k]);
            this.before = new double[rows.length];
            this.move = new double[rows.length];
            this.runaway = new RunawayCheck(cloud);
        }

        FlowResult.Status run(Progress progress) {
            gradient = evaluate();
            record();
            while (evaluations < options.steps()) {
                if (!progress.advance(evaluations, options.steps())) {
                    return FlowResult.Status.CANCELLED;
                }
                if (options.adaptive()) {
                    if (!attempt()) {
                        return FlowResult.Status.STALLED;
                    }
                } else {
                    step(options.learningRate());
                    // a product, not a sum: the hundredth step of 0.05 ends at 5
                    time = states * options.learningRate();
                    gradient = evaluate();
                    record();
                }
            }
            progress.advance(evaluations, options.steps());
            return FlowResult.Status.COMPLETED;
        }

        /** Tries a step and halves it for the next attempt if it raises the functional; false if steps have become too short. */
        private boolean attempt() {
            System.arraycopy(position, 0, before, 0, position.length);
            double toSnapshot = nextSnapshotTime() - time;
            double taken = Math.min(length, toSnapshot);
            step(taken);
            LossGradient next = evaluate();
            if (next.value() > gradient.value() + ROUNDING * Math.abs(gradient.value())) {
                System.arraycopy(before, 0, position, 0, position.length);
                Arrays.fill(move, 0);
                length = taken / 2;
                return length >= SHORTEST * options.learningRate();
            }
            time = taken == toSnapshot ? nextSnapshotTime() : time + taken;
            length = Math.min(options.learningRate(), length * RECOVERY);
            gradient = next;
            record();
            return true;
        }

        private double nextSnapshotTime() {
            return snapshots.size() < options.snapshotTimes().size() ? options.snapshotTimes().get(snapshots.size())
                : Double.POSITIVE_INFINITY;
        }

        private void step(double duration) {
            double[] slope = gradient.points();
            for (int k = 0; k < position.length; k++) {
                move[k] = options.momentum() * move[k] - duration * perWeight(slope[k], k);
                position[k] += move[k];
            }
        }

        private double perWeight(double slope, int k) {
            double weight = weights[k / dimension];
            return weight > 0 ? slope / weight : 0;
        }

        private LossGradient evaluate() {
            for (int d = 0; d < dimension; d++) {
                for (int n = 0; n < column.length; n++) {
                    column[n] = (float) position[n * dimension + d];
                    if (!Float.isFinite(column[n])) {
                        throw diverged("coordinate " + d + " of particle " + n + " is " + column[n]);
                    }
                }
                cloud.setColumn(d, 0, column, 0, column.length);
            }
            LossGradient found = functional.at(cloud);
            if (found.points().length != position.length) {
                throw new IllegalArgumentException("the functional's gradient has " + found.points().length + " values, expected "
                    + position.length);
            }
            if (!Double.isFinite(found.value())) {
                throw diverged("the functional is " + found.value());
            }
            evaluations++;
            return found;
        }

        private IllegalStateException diverged(String symptom) {
            return new IllegalStateException(evaluations == 0 ? symptom + " where the flow begins"
                : "the flow diverges at step " + evaluations + ": " + symptom + "; " + help());
        }

        private String help() {
            return (options.adaptive() ? "" : "adaptive steps or ") + "a learning rate below " + options.learningRate() + " may help";
        }

        private double lastMove() {
            double square = 0;
            for (double m : move) {
                square += m * m;
            }
            return Math.sqrt(square / cloud.size());
        }

        private void record() {
            times[states] = time;
            losses[states] = gradient.value();
            runaway.state(states, gradient.value(), states == 0 ? 0 : lastMove(), help());
            states++;
            // the last step may end a rounding error before the time that was asked for
            double slack = 1e-9 * options.learningRate();
            while (time >= nextSnapshotTime() - slack) {
                snapshots.add(snapshot());
            }
        }

        private Snapshot snapshot() {
            float[] points = new float[position.length];
            float[] velocity = new float[position.length];
            for (int k = 0; k < points.length; k++) {
                points[k] = (float) position[k];
                velocity[k] = (float) -perWeight(gradient.points()[k], k);
            }
            return new Snapshot(time, evaluations - 1, gradient.value(), points, velocity);
        }

        FlowResult result(FlowResult.Status status, double seconds) {
            return new FlowResult(options, List.copyOf(snapshots), snapshot(), Arrays.copyOf(times, states), Arrays.copyOf(losses, states),
                evaluations, status, seconds);
        }
    }
}
