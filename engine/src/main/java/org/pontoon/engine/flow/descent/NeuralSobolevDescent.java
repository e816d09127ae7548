package org.pontoon.engine.flow.descent;

import java.util.List;
import java.util.Objects;

import org.pontoon.engine.flow.Scheme;
import org.pontoon.engine.flow.Snapshot;
import org.pontoon.engine.flow.descent.SobolevOptions.Reaction;
import org.pontoon.engine.internal.particle.Columns;
import org.pontoon.engine.internal.particle.Population;
import org.pontoon.engine.memory.PointCloud;
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
 * float32. A step allocates nothing. The same bits for any number of threads.
 *
 * <p>It tells one quantity, "discrepancy": what the critic attained of the squared Sobolev-Fisher discrepancy before the next step, the
 * objective's mean over the minibatches that it was trained on; NaN after the last step.
 */
public final class NeuralSobolevDescent implements Scheme {

    /** What is left of the learning rate at the end. */
    private static final double LAST_RATE = 0.1;
    private static final float FARTHEST = 1e6f;

    private final NeuralOptions options;
    private final int dimension;
    private final int size;
    private final double[] centre;
    private final double scale;
    private final double alpha;
    private final NeuralCritic critic;
    private final Population population;
    private final float[] target;
    private final double[] targetShares;
    private final double[] position;
    private final double[] shares;
    private final float[] x;
    private final float[] u;
    private final float[] gradient;
    private int step;
    private double duration = Double.POSITIVE_INFINITY;
    private double discrepancy = Double.NaN;

    /**
     * Makes a flow.
     *
     * @param start where particles begin, N x D; without weights every point weighs 1/N
     * @param goal samples of the target, with weights or without; they are scaled to the start's mass
     * @param options how it goes
     * @param scheduler runs the tiles
     * @throws IllegalArgumentException if a dimension or a value is wrong, or weights are not equal where points are born and die
     */
    public NeuralSobolevDescent(PointCloud start, PointCloud goal, NeuralOptions options, TileScheduler scheduler) {
        start.requireFinite("start of the flow");
        goal.requireDimension(start.dimension(), "target of the flow").requireFinite("target of the flow");
        this.options = Objects.requireNonNull(options, "options");
        this.dimension = start.dimension();
        this.size = start.size();
        double[] goalWeights = Columns.weights(goal);
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
        this.population = new Population(Columns.weights(start), true,
            options.reaction() == Reaction.BIRTH_DEATH ? position.length : 0,
            options.seed(), this::diverged);
        this.shares = new double[size];
        this.u = new float[size];
        this.gradient = new float[x.length];
        place();
    }

    private static void accumulate(double[] values, double[] sums) {
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            sum += values[i];
            sums[i] = sum;
        }
    }

    @Override
    public List<String> quantities() {
        return List.of("discrepancy");
    }

    @Override
    public void read(double[] row) {
        row[0] = discrepancy;
    }

    /** Trains the critic for the next step, if there is one. */
    @Override
    public void measure(int number, int of) {
        discrepancy = Double.NaN;
        if (number < of) {
            int count = number == 0 ? options.startup() : options.training();
            double turn = Math.PI * number / of;
            double rate = options.learningRate() * (LAST_RATE + (1 - LAST_RATE) * 0.5 * (1 + Math.cos(turn)));
            accumulate(population.weights, shares);
            double sum = 0;
            for (int k = 0; k < count; k++) {
                critic.train(target, targetShares, x, shares, rate);
                sum += 2 * critic.gap - critic.norm;
            }
            discrepancy = sum / count * scale * scale;
        }
    }

    @Override
    public void step(int number, int of, double length) {
        step = number + 1;
        duration = length;
        critic.evaluate(x, size, size, null, gradient);
        for (int k = 0; k < position.length; k++) {
            position[k] += length * gradient[k];
        }
        place();
        if (options.reaction() == Reaction.NONE) {
            return;
        }
        double reaction = options.reactionRatio() * alpha * length;
        critic.evaluate(x, size, size, u, null);
        if (options.reaction() == Reaction.WEIGHTS) {
            population.react(u, reaction);
        } else {
            population.resample(u, reaction, number, position, size);
            place();
        }
    }

    private void place() {
        for (int k = 0; k < position.length; k++) {
            x[k] = (float) position[k];
            if (!(Math.abs(x[k]) <= FARTHEST)) {
                throw diverged("coordinate " + k / size + " of particle " + k % size + " is " + position[k] + " times the clouds' scale");
            }
        }
    }

    private IllegalStateException diverged(String symptom) {
        return new IllegalStateException("the flow diverges in step " + step + ": " + symptom + "; a step below " + duration
            + " or a learning rate below " + options.learningRate() + " may help");
    }

    @Override
    public Snapshot snapshot(int number, double time) {
        float[] points = new float[x.length];
        for (int d = 0; d < dimension; d++) {
            for (int i = 0; i < size; i++) {
                points[i * dimension + d] = (float) (centre[d] + scale * position[d * size + i]);
            }
        }
        return new Snapshot(number, time, points, population.weights.clone()).withAncestors(population.ancestors.clone());
    }
}
