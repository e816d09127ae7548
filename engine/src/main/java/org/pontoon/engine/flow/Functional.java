package org.pontoon.engine.flow;

import java.util.List;

import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.transport.Loss;
import org.pontoon.engine.transport.LossGradient;
import org.pontoon.engine.transport.Sinkhorn;

/** What a flow descends: a number that depends on the points of a weighted cloud, with its gradient. */
@FunctionalInterface
public interface Functional {

    /**
     * Computes value and gradient.
     *
     * @param x the cloud, N x D; without weights every point weighs 1/N
     * @return the value and its derivative in every coordinate and, where it is known, in every weight: it may be empty
     * @throws IllegalArgumentException if the cloud does not fit the functional
     */
    LossGradient at(PointCloud x);

    /**
     * Tells whether the last evaluation met the tolerance of its own iterations.
     *
     * @return false if it did not; true, as here, where there are none
     */
    default boolean converged() {
        return true;
    }

    /**
     * Measures a loss against a fixed cloud. A {@link Sinkhorn} loss starts every call from the potentials of the one before, see
     * {@link SinkhornFunctional}.
     *
     * @param loss the loss
     * @param target its second cloud, read for as long as the functional is used
     * @param scheduler runs the tiles
     * @return the functional
     */
    static Functional towards(Loss loss, PointCloud target, TileScheduler scheduler) {
        return loss instanceof Sinkhorn sinkhorn ? new SinkhornFunctional(sinkhorn, target, scheduler)
            : new LossFunctional(loss, target, scheduler);
    }

    /**
     * Adds functionals up. The flow of a sum of losses towards several clouds, weighted by barycentric coordinates, ends at their
     * barycentre. Derivatives in weights are known where those of all terms are.
     *
     * @param terms what to add, at least one
     * @param factors one for each
     * @return the weighted sum
     * @throws IllegalArgumentException if there is no term or the counts differ
     */
    static Functional weightedSum(List<? extends Functional> terms, double... factors) {
        if (terms.isEmpty() || terms.size() != factors.length) {
            throw new IllegalArgumentException(
                terms.size() + " terms have " + factors.length + " factors, expected one each, at least one");
        }
        List<Functional> parts = List.copyOf(terms);
        double[] scales = factors.clone();
        return new Functional() {

            @Override
            public LossGradient at(PointCloud x) {
                double value = 0;
                boolean known = true;
                double[] points = new double[Math.multiplyExact(x.size(), x.dimension())];
                double[] weights = new double[x.size()];
                for (int k = 0; k < scales.length; k++) {
                    LossGradient part = parts.get(k).at(x);
                    value += scales[k] * part.value();
                    add(points, scales[k], part.points());
                    known &= part.weights().length == weights.length;
                    if (known) {
                        add(weights, scales[k], part.weights());
                    }
                }
                return new LossGradient(value, points, known ? weights : new double[0]);
            }

            @Override
            public boolean converged() {
                return parts.stream().allMatch(Functional::converged);
            }
        };
    }

    private static void add(double[] sum, double factor, double[] terms) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += factor * terms[i];
        }
    }
}
