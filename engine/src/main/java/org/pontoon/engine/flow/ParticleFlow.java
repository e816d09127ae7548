package org.pontoon.engine.flow;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import org.pontoon.engine.internal.particle.Columns;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.transport.LossGradient;

/**
 * The Wasserstein gradient flow of a functional on particles, {@code x_i' = -grad_i F(x) / a_i}, by explicit Euler steps (Feydy, "Gradient
 * flows between sampled measures"), with momentum where asked for. Weights stay as they are. It tells one quantity, "loss".
 *
 * <p>Positions are float64 between steps; the functional sees them rounded to the cloud's float32. The flow itself allocates nothing per
 * step. It is as reproducible as its functional: the losses of {@code transport} give the same bits for any number of threads.
 */
public final class ParticleFlow implements Scheme.Reversible {

    /** Room for the rounding of the functional's value before a step counts as one that raises it. */
    private static final double ROUNDING = 1e-12;

    private final PointCloud cloud;
    private final Functional functional;
    private final double momentum;
    private final int dimension;
    private final double[] weights;
    private final float[] column;
    private final double[] position;
    private final double[] move;
    private final RunawayCheck runaway;
    private double duration;
    private LossGradient gradient;
    private boolean converged;
    /** What {@link #save} keeps; null until steps are known to be adaptive. */
    private double[] before;
    private LossGradient gradientBefore;
    private boolean convergedBefore;

    /**
     * Makes a flow without momentum.
     *
     * @param start where the particles begin, N x D with weights or without
     * @param functional what to descend
     * @throws IllegalArgumentException if a coordinate of the start is not finite
     */
    public ParticleFlow(PointCloud start, Functional functional) {
        this(start, functional, 0);
    }

    /**
     * Makes a flow.
     *
     * @param start where the particles begin, N x D with weights or without
     * @param functional what to descend
     * @param momentum share of the last move that the next one repeats (heavy ball), from 0 to less than 1
     * @throws IllegalArgumentException if a coordinate of the start is not finite or the momentum out of range
     */
    public ParticleFlow(PointCloud start, Functional functional, double momentum) {
        start.requireFinite("start of the flow");
        if (!(momentum >= 0 && momentum < 1)) {
            throw new IllegalArgumentException("momentum is " + momentum + ", expected at least 0 and less than 1");
        }
        this.functional = Objects.requireNonNull(functional, "functional");
        this.momentum = momentum;
        this.cloud = Columns.copy(start);
        this.dimension = cloud.dimension();
        this.weights = Columns.weights(cloud);
        this.column = new float[cloud.size()];
        float[] rows = cloud.toRows();
        this.position = new double[rows.length];
        Arrays.setAll(position, k -> rows[k]);
        this.move = new double[rows.length];
        this.runaway = new RunawayCheck(cloud);
    }

    @Override
    public List<String> quantities() {
        return List.of("loss");
    }

    /**
     * Evaluates the functional.
     *
     * @throws IllegalArgumentException if the functional refuses the cloud
     * @throws IllegalStateException if the flow diverges: a value or position is no longer finite, or {@link RunawayCheck} says so
     */
    @Override
    public void measure(int step, int of) {
        for (int d = 0; d < dimension; d++) {
            for (int n = 0; n < column.length; n++) {
                column[n] = (float) position[n * dimension + d];
                if (!Float.isFinite(column[n])) {
                    throw diverged(step, "coordinate " + d + " of particle " + n + " is " + column[n]);
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
            throw diverged(step, "the functional is " + found.value());
        }
        gradient = found;
        converged = functional.converged();
        if (before == null) {
            runaway.state(step, found.value(), step == 0 ? 0 : lastMove(), help());
        }
    }

    @Override
    public void read(double[] row) {
        row[0] = gradient.value();
    }

    @Override
    public boolean converged() {
        return converged;
    }

    @Override
    public void step(int step, int of, double length) {
        duration = length;
        double[] slope = gradient.points();
        for (int k = 0; k < position.length; k++) {
            double weight = weights[k / dimension];
            move[k] = momentum * move[k] - length * (weight > 0 ? slope[k] / weight : 0);
            position[k] += move[k];
        }
    }

    private IllegalStateException diverged(int step, String symptom) {
        return new IllegalStateException(step == 0 ? symptom + " where the flow begins"
            : "the flow diverges at step " + step + ": " + symptom + "; " + help());
    }

    private String help() {
        return (before == null ? "adaptive steps or " : "") + "a step size below " + duration + " may help";
    }

    private double lastMove() {
        double square = 0;
        for (double m : move) {
            square += m * m;
        }
        return Math.sqrt(square / cloud.size());
    }

    @Override
    public void save() {
        if (before == null) {
            before = new double[position.length];
        }
        System.arraycopy(position, 0, before, 0, position.length);
        gradientBefore = gradient;
        convergedBefore = converged;
    }

    @Override
    public void restore() {
        System.arraycopy(before, 0, position, 0, position.length);
        Arrays.fill(move, 0);
        gradient = gradientBefore;
        converged = convergedBefore;
    }

    @Override
    public double rounding() {
        return ROUNDING;
    }

    @Override
    public Snapshot snapshot(int step, double time) {
        float[] points = new float[position.length];
        for (int k = 0; k < points.length; k++) {
            points[k] = (float) position[k];
        }
        return new Snapshot(step, time, points, weights.clone()).withVelocity(Columns.velocity(gradient.points(), weights));
    }

    @Override
    public void close() {
        cloud.close();
    }
}
