package org.pontoon.engine.flow.sliced;

import org.pontoon.engine.flow.Functional;
import org.pontoon.engine.flow.ParticleFlow;
import org.pontoon.engine.flow.jko.SwJkoParticles;
import org.pontoon.engine.internal.particle.Columns;
import org.pontoon.engine.internal.particle.Directions;
import org.pontoon.engine.internal.particle.SlicedMatching;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.random.Stream;
import org.pontoon.engine.transport.LossGradient;

/**
 * Half the squared sliced distance {@code SW_2^2(x, y) / 2} of a cloud of N equally weighted particles from a target's sample, over fixed
 * directions. With {@link org.pontoon.engine.transport.KernelEntropy} at a factor lambda it is the functional of the generative experiments
 * of Bonet, Courty, Septier, Drumetz (2022, section 5.3) and of sliced-Wasserstein flows; {@link SwJkoParticles} or {@link ParticleFlow}
 * descend it.
 *
 * <p>From N(m, s^2 I) towards N(m*, s*^2 I) the flow has {@code m' = -(m - m*) / D}, {@code s' = -(s - s*) / D + lambda / s}, and ends at
 * {@code s = (s* + sqrt(s*^2 + 4 lambda D)) / 2}.
 *
 * <p>Float64 but for the particles. The same bits for any number of threads. One call at a time; its scratch stays, so that a call
 * allocates its result alone once it is warm. The derivative in the weights is not known here: it is 0 in the answer.
 */
public final class SlicedEnergy implements Functional {

    private final int size;
    private final int dimension;
    private final SlicedMatching matching;
    private final double[] columns;
    private final double[] pull;
    private final float[] column;

    /**
     * Makes an energy.
     *
     * @param particles number N of particles that it will be asked for
     * @param target sample of the target, M x D without weights
     * @param directions how many directions of projection at least; their second moment is exactly I / D
     * @param seed of the directions
     * @param scheduler runs the directions
     * @throws IllegalArgumentException if a number is below 1, a value is not finite or the target has weights
     */
    public SlicedEnergy(int particles, PointCloud target, int directions, long seed, TileScheduler scheduler) {
        target.requireFinite("target");
        if (particles < 1 || directions < 1) {
            throw new IllegalArgumentException("there are " + particles + " particles and " + directions
                + " directions, expected at least 1 of each");
        }
        if (target.hasWeights()) {
            throw new IllegalArgumentException("target has weights, expected none: its points weigh the same");
        }
        this.size = particles;
        this.dimension = target.dimension();
        this.matching = new SlicedMatching(size, dimension, Directions.of(dimension, directions, Stream.SLICED_ENERGY.key(seed)),
            scheduler);
        this.matching.target(Columns.of(target));
        this.columns = new double[Math.multiplyExact(size, dimension)];
        this.pull = new double[columns.length];
        this.column = new float[size];
    }

    @Override
    public LossGradient at(PointCloud x) {
        x.requireFinite("cloud").requireDimension(dimension, "cloud");
        if (x.size() != size || x.hasWeights()) {
            throw new IllegalArgumentException("cloud has " + x.size() + " points" + (x.hasWeights() ? " and weights" : "") + ", expected "
                + size + " without weights");
        }
        Columns.read(x, columns, column);
        double value = 0.5 * matching.match(columns, pull);
        double[] gradient = new double[columns.length];
        for (int d = 0; d < dimension; d++) {
            for (int n = 0; n < size; n++) {
                gradient[n * dimension + d] = (columns[d * size + n] / dimension - pull[d * size + n]) / size;
            }
        }
        return new LossGradient(value, gradient, new double[size]);
    }
}
