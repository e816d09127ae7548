package org.pontoon.engine.flow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import org.pontoon.engine.flow.SobolevOptions.Reaction;
import org.pontoon.engine.flow.SobolevResult.State;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;

/**
 * Unbalanced Sobolev descent with a critic that is a network, trained as the particles go (Mroueh and Rigotti 2020, "Unbalanced Sobolev
 * Descent", algorithms 1 and 2): particles follow the gradient of the u that maximises {@code 2 (E_p u - E_q u) - E_q |grad u|^2 - alpha
 * Var_q u}, and their weights grow by {@code alpha (u - E_q u)}.
 *
 * <p>The authors normalise u to a unit penalty by an augmented Lagrangian; here the penalty stands in the objective, whose maximiser is u
 * times the discrepancy, so that time is physical and {@link SobolevDescent} is the same flow with another critic. Their code penalises the
 * gradient of the mean of u, which is a minibatch's square too small; here it is the mean of the gradient's square. No dropout and no weight
 * decay; the optimiser keeps its state between steps; minibatches are drawn by weight.
 *
 * <p>The critic sees coordinates shifted and scaled to unit variance of both clouds together, with alpha scaled as the equation says, so that
 * the unit of the coordinates does not matter but for alpha's. Positions and logarithms of weights are float64 between steps, the critic is
 * float32. A step allocates nothing. The same bits for any number of threads. Immutable and thread-safe.
 */
public final class NeuralSobolevDescent {

    /** What is left of the learning rate at the end. */
    private static final double LAST_RATE = 0.1;
    private static final float FARTHEST = 1e6f;

    private final NeuralOptions options;

    /**
     * How a flow went.
     *
     * @param options what was asked for
     * @param snapshots states at the times asked for, as far as the flow came, each at the first state not before its time
     * @param last the last state
     * @param times time of every state, the start included
     * @param discrepancies what the critic attained of the squared Sobolev-Fisher discrepancy before each step: the objective's mean over the
     *     minibatches that it was trained on; one less than states
     * @param status how it ended
     * @param seconds wall time
     */
    public record Result(NeuralOptions options, List<State> snapshots, State last, double[] times, double[] discrepancies,
            FlowResult.Status status, double seconds) {
    }

    /**
     * Makes a flow.
     *
     * @param options how it goes
     */
    public NeuralSobolevDescent(NeuralOptions options) {
        this.options = Objects.requireNonNull(options, "options");
    }

    /**
     * Moves particles towards samples.
     *
     * @param start where they begin, N x D; without weights every point weighs 1/N; it is not changed
     * @param target the samples, with weights or without; they are scaled to the start's mass
     * @param scheduler runs the tiles
     * @param progress hears of every step and may cancel before the next
     * @return how it went
     * @throws IllegalArgumentException if a dimension or a value is wrong, or weights are not equal where points are born and die
     * @throws IllegalStateException if the flow diverges
     */
    public Result run(PointCloud start, PointCloud target, TileScheduler scheduler, Progress progress) {
        start.requireFinite("start of the flow");
        target.requireDimension(start.dimension(), "target of the flow").requireFinite("target of the flow");
        double[] weights = MeanFeatures.weights(start);
        for (int i = 0; options.reaction() == Reaction.BIRTH_DEATH && i < weights.length; i++) {
            if (weights[i] != weights[0]) {
                throw new IllegalArgumentException("weight of point " + i + " is " + weights[i] + " and that of point 0 " + weights[0]
                    + ", expected equal ones where points are born and die");
            }
        }
        long began = System.nanoTime();
        Integration integration = new Integration(start, weights, target, scheduler);
        FlowResult.Status status = integration.run(progress);
        return integration.result(status, (System.nanoTime() - began) * 1e-9);
    }

    /** One run, in the critic's coordinates. */
    private final class Integration {

        private final int dimension;
        private final int size;
        private final double[] centre;
        private final double scale;
        private final double alpha;
        private final double mass;
        private final NeuralCritic critic;
        private final float[] target;
        private final double[] targetShares;
        private final double[] position;
        private final double[] positionBefore;
        private final double[] logWeight;
        private final double[] weights;
        private final double[] shares;
        private final double[] rates;
        private final float[] x;
        private final float[] u;
        private final float[] gradient;
        private final int[] ancestors;
        private final int[] ancestorsBefore;
        private final int[] parents;
        private final BirthDeath births = new BirthDeath(options.seed());
        private final double[] times = new double[options.steps() + 1];
        private final double[] discrepancies = new double[options.steps()];
        private final List<State> snapshots = new ArrayList<>();
        private int states;

        Integration(PointCloud start, double[] weights, PointCloud goal, TileScheduler scheduler) {
            this.dimension = start.dimension();
            this.size = start.size();
            this.weights = weights;
            this.mass = Arrays.stream(weights).sum();
            double[] goalWeights = MeanFeatures.weights(goal);
            this.centre = new double[dimension];
            double variance = 0;
            for (int d = 0; d < dimension; d++) {
                double square = 0;
                for (PointCloud cloud : List.of(start, goal)) {
                    for (int i = 0; i < cloud.size(); i++) {
                        centre[d] += 0.5 * cloud.get(i, d) / cloud.size();
                        square += 0.5 * cloud.get(i, d) * cloud.get(i, d) / cloud.size();
                    }
                }
                variance += (square - centre[d] * centre[d]) / dimension;
            }
            this.scale = variance > 0 ? Math.sqrt(variance) : 1;
            // u of the coordinates is the scale's square times that of the critic
            this.alpha = options.alpha() * scale * scale;
            this.critic = new NeuralCritic(dimension, options.hidden().stream().mapToInt(Integer::intValue).toArray(), options.batch(),
                alpha, options.seed(), scheduler);
            this.target = new float[dimension * goal.size()];
            this.x = new float[dimension * size];
            this.position = new double[x.length];
            for (int d = 0; d < dimension; d++) {
                for (int j = 0; j < goal.size(); j++) {
                    target[d * goal.size() + j] = (float) ((goal.get(j, d) - centre[d]) / scale);
                }
                for (int i = 0; i < size; i++) {
                    position[d * size + i] = (start.get(i, d) - centre[d]) / scale;
                }
            }
            this.targetShares = goalWeights;
            accumulate(goalWeights, targetShares);
            this.shares = new double[size];
            this.logWeight = new double[size];
            for (int i = 0; i < size; i++) {
                logWeight[i] = Math.log(weights[i]);
            }
            this.u = new float[size];
            this.gradient = new float[x.length];
            boolean resamples = options.reaction() == Reaction.BIRTH_DEATH;
            this.ancestors = new int[size];
            Arrays.setAll(ancestors, i -> i);
            this.ancestorsBefore = resamples ? new int[size] : null;
            this.parents = resamples ? new int[size] : null;
            this.positionBefore = resamples ? new double[x.length] : null;
            this.rates = resamples ? new double[size] : null;
        }

        private static void accumulate(double[] values, double[] sums) {
            double sum = 0;
            for (int i = 0; i < values.length; i++) {
                sum += values[i];
                sums[i] = sum;
            }
        }

        FlowResult.Status run(Progress progress) {
            place();
            while (true) {
                record();
                boolean goOn = progress.advance(states - 1, options.steps());
                if (states > options.steps()) {
                    return FlowResult.Status.COMPLETED;
                }
                if (!goOn) {
                    return FlowResult.Status.CANCELLED;
                }
                train();
                step();
            }
        }

        private void train() {
            int count = states == 1 ? options.startup() : options.training();
            double turn = Math.PI * (states - 1) / options.steps();
            double rate = options.learningRate() * (LAST_RATE + (1 - LAST_RATE) * 0.5 * (1 + Math.cos(turn)));
            accumulate(weights, shares);
            double sum = 0;
            for (int k = 0; k < count; k++) {
                critic.train(target, targetShares, x, shares, rate);
                sum += 2 * critic.gap - critic.norm;
            }
            discrepancies[states - 1] = sum / count * scale * scale;
        }

        private void step() {
            critic.evaluate(x, size, size, null, gradient);
            for (int k = 0; k < position.length; k++) {
                position[k] += options.step() * gradient[k];
            }
            place();
            if (options.reaction() == Reaction.NONE) {
                return;
            }
            double reaction = options.reactionRatio() * alpha * options.step();
            critic.evaluate(x, size, size, u, null);
            if (options.reaction() == Reaction.WEIGHTS) {
                react(reaction);
            } else {
                resample(reaction);
            }
        }

        private void place() {
            for (int k = 0; k < position.length; k++) {
                x[k] = (float) position[k];
                if (!(Math.abs(x[k]) <= FARTHEST)) {
                    throw diverged(
                        "coordinate " + k / size + " of particle " + k % size + " is " + position[k] + " times the clouds' scale");
                }
            }
        }

        /** Weights of their logarithms, scaled to the mass. */
        private void react(double duration) {
            double most = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < size; i++) {
                logWeight[i] += duration * u[i];
                most = Math.max(most, logWeight[i]);
            }
            double sum = 0;
            for (int i = 0; i < size; i++) {
                sum += Math.exp(logWeight[i] - most);
            }
            double shift = most + Math.log(sum) - Math.log(mass);
            if (!Double.isFinite(shift)) {
                throw diverged("the greatest logarithm of a weight is " + most);
            }
            for (int i = 0; i < size; i++) {
                logWeight[i] -= shift;
                weights[i] = Math.exp(logWeight[i]);
            }
        }

        private void resample(double duration) {
            double mean = 0;
            for (int i = 0; i < size; i++) {
                mean += u[i];
            }
            mean /= size;
            for (int i = 0; i < size; i++) {
                rates[i] = duration * (u[i] - mean);
            }
            births.resample(rates, states, parents);
            System.arraycopy(position, 0, positionBefore, 0, position.length);
            System.arraycopy(ancestors, 0, ancestorsBefore, 0, size);
            for (int i = 0; i < size; i++) {
                ancestors[i] = ancestorsBefore[parents[i]];
                for (int d = 0; d < dimension; d++) {
                    position[d * size + i] = positionBefore[d * size + parents[i]];
                }
            }
            place();
        }

        private IllegalStateException diverged(String symptom) {
            return new IllegalStateException("the flow diverges in step " + states + ": " + symptom + "; a step below " + options.step()
                + " or a learning rate below " + options.learningRate() + " may help");
        }

        private void record() {
            // a product, not a sum: the hundredth step of 0.05 ends at 5
            times[states] = states * options.step();
            states++;
            double slack = 1e-9 * options.step();
            while (snapshots.size() < options.snapshotTimes().size()
                && times[states - 1] >= options.snapshotTimes().get(snapshots.size()) - slack) {
                snapshots.add(state());
            }
        }

        private State state() {
            float[] points = new float[x.length];
            for (int d = 0; d < dimension; d++) {
                for (int i = 0; i < size; i++) {
                    points[i * dimension + d] = (float) (centre[d] + scale * position[d * size + i]);
                }
            }
            return new State(times[states - 1], states - 1, points, weights.clone(), ancestors.clone());
        }

        Result result(FlowResult.Status status, double seconds) {
            return new Result(options, List.copyOf(snapshots), state(), Arrays.copyOf(times, states), Arrays.copyOf(discrepancies,
                states - 1), status, seconds);
        }
    }
}
