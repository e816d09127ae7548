package org.pontoon.engine.flow;

import java.util.Objects;

import org.pontoon.engine.internal.particle.Columns;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.transport.LossGradient;

/** The energy {@code sum_i a_i V(x_i)} of a cloud in a potential. Immutable and thread-safe; float64. */
public final class PotentialEnergy implements Functional {

    private final Potential potential;

    /**
     * Makes an energy.
     *
     * @param potential V
     */
    public PotentialEnergy(Potential potential) {
        this.potential = Objects.requireNonNull(potential, "potential");
    }

    @Override
    public LossGradient at(PointCloud x) {
        int dimension = x.requireDimension(potential.dimension(), "cloud").dimension();
        int size = x.size();
        double[] points = Columns.of(x);
        double[] values = new double[size];
        double[] slopes = new double[points.length];
        potential.evaluate(points, size, size, values, slopes);
        double[] gradient = new double[points.length];
        double value = 0;
        for (int n = 0; n < size; n++) {
            double weight = x.mass(n);
            value += weight * values[n];
            for (int d = 0; d < dimension; d++) {
                gradient[n * dimension + d] = weight * slopes[d * size + n];
            }
        }
        return new LossGradient(value, gradient, values);
    }
}
