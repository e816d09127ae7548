package org.pontoon.engine.flow;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import org.pontoon.engine.internal.particle.Columns;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.transport.LossGradient;

/**
 * A scheme that says at every state what a functional is there, before its own quantities, and draws the functional's slopes as velocities:
 * for those that descend something that they cannot name, stochastic dynamics above all. It watches for flows that run away, too. Every
 * state is copied.
 */
public final class MeasuredScheme implements Scheme {

    private final Scheme scheme;
    private final Functional functional;
    private final PointCloud cloud;
    private final RunawayCheck runaway;
    private final double[] own;
    private Snapshot state;
    private double duration;
    private LossGradient gradient;

    /**
     * Makes a scheme of one, which is closed with it.
     *
     * @param start where the particles begin, with the weights that they keep
     * @param scheme what moves them
     * @param functional what is told, as "loss"
     */
    public MeasuredScheme(PointCloud start, Scheme scheme, Functional functional) {
        this.scheme = Objects.requireNonNull(scheme, "scheme");
        this.functional = Objects.requireNonNull(functional, "functional");
        this.cloud = Columns.copy(start);
        this.runaway = new RunawayCheck(cloud);
        this.own = new double[scheme.quantities().size()];
    }

    @Override
    public List<String> quantities() {
        return Stream.concat(Stream.of("loss"), scheme.quantities().stream()).toList();
    }

    @Override
    public void measure(int step, int of) {
        scheme.measure(step, of);
        Snapshot before = state;
        state = scheme.snapshot(step, 0);
        double square = 0;
        for (int k = 0; before != null && k < state.points().length; k++) {
            double gap = (double) state.points()[k] - before.points()[k];
            square += gap * gap;
        }
        int dimension = cloud.dimension();
        for (int n = 0; n < cloud.size(); n++) {
            cloud.setPoint(n, state.points(), n * dimension);
        }
        gradient = functional.at(cloud);
        runaway.state(step, gradient.value(), Math.sqrt(square / cloud.size()), "a step size below " + duration + " may help");
    }

    @Override
    public void read(double[] row) {
        scheme.read(own);
        row[0] = gradient.value();
        System.arraycopy(own, 0, row, 1, own.length);
    }

    @Override
    public void step(int step, int of, double length) {
        duration = length;
        scheme.step(step, of, length);
    }

    @Override
    public boolean converged() {
        return scheme.converged();
    }

    @Override
    public Snapshot snapshot(int step, double time) {
        return scheme.snapshot(step, time).withVelocity(Columns.velocity(gradient.points(), state.weights()));
    }

    @Override
    public void close() {
        scheme.close();
        cloud.close();
    }
}
