package org.pontoon.engine.internal.particle;

import java.util.Arrays;
import java.util.function.Function;

import org.pontoon.engine.internal.kernel.DoubleMath;

/**
 * What particles weigh and whom they descend from, where a reaction moves mass: weights that grow by a potential, kept as logarithms, or
 * equal ones of particles that are born and die. Nothing is allocated once it is made.
 */
public final class Population {

    /** What particles weigh. */
    public final double[] weights;
    /** The particle of the start that each descends from. */
    public final int[] ancestors;
    private final double[] logWeights;
    private final boolean conserves;
    private final double mass;
    private final BirthDeath births;
    private final double[] rates;
    private final int[] parents;
    private final int[] ancestorsBefore;
    private final double[] positionBefore;
    private final Function<String, IllegalStateException> diverged;

    /**
     * Takes particles.
     *
     * @param weights what they weigh, changed here
     * @param conserves whether the sum of the weights stays
     * @param values length of the positions where particles are born and die, 0 where they are not
     * @param seed of births and deaths
     * @param diverged makes an exception of a symptom
     * @throws IllegalArgumentException if weights are not equal where particles are born and die
     */
    public Population(double[] weights, boolean conserves, int values, long seed, Function<String, IllegalStateException> diverged) {
        this.weights = weights;
        this.conserves = conserves;
        this.diverged = diverged;
        this.mass = mass();
        this.logWeights = new double[weights.length];
        Arrays.setAll(logWeights, i -> Math.log(weights[i]));
        this.ancestors = new int[weights.length];
        Arrays.setAll(ancestors, i -> i);
        int born = values > 0 ? weights.length : 0;
        this.births = new BirthDeath(seed);
        this.rates = new double[born];
        this.parents = new int[born];
        this.ancestorsBefore = new int[born];
        this.positionBefore = new double[values];
        for (int i = 0; i < born; i++) {
            if (weights[i] != weights[0]) {
                throw new IllegalArgumentException("weight of point " + i + " is " + weights[i] + " and that of point 0 " + weights[0]
                    + ", expected equal ones where points are born and die");
            }
        }
    }

    /**
     * Adds up the weights.
     *
     * @return their sum
     */
    public double mass() {
        double sum = 0;
        for (double w : weights) {
            sum += w;
        }
        return sum;
    }

    /**
     * Copies the logarithms of the weights.
     *
     * @param to receives them
     */
    public void save(double[] to) {
        System.arraycopy(logWeights, 0, to, 0, to.length);
    }

    /**
     * Takes logarithms that were saved, without the weights.
     *
     * @param from what was saved
     */
    public void rewind(double[] from) {
        System.arraycopy(from, 0, logWeights, 0, from.length);
    }

    /**
     * Takes logarithms that were saved, and their weights.
     *
     * @param from what was saved
     */
    public void restore(double[] from) {
        rewind(from);
        weigh();
    }

    /**
     * Lets weights grow by a potential for some time.
     *
     * @param potential of every particle
     * @param duration how long
     */
    public void react(float[] potential, double duration) {
        for (int i = 0; i < logWeights.length; i++) {
            logWeights[i] += duration * potential[i];
        }
        weigh();
    }

    /** Weights of their logarithms, scaled to the mass where it is conserved. */
    private void weigh() {
        double most = Double.NEGATIVE_INFINITY;
        for (double l : logWeights) {
            most = Math.max(most, l);
        }
        // of the largest, so that nothing overflows
        for (int i = 0; i < logWeights.length; i++) {
            weights[i] = logWeights[i] - most;
        }
        DoubleMath.exp(weights, 0, logWeights.length);
        double scale;
        if (conserves) {
            scale = mass / mass();
            double shift = most - Math.log(scale);
            for (int i = 0; i < logWeights.length; i++) {
                logWeights[i] -= shift;
            }
        } else {
            scale = Math.exp(most);
        }
        for (int i = 0; i < logWeights.length; i++) {
            weights[i] *= scale;
            if (!(weights[i] <= Float.MAX_VALUE)) {
                throw diverged.apply("the weight of particle " + i + " is " + weights[i]);
            }
        }
    }

    /**
     * Lets particles be born and die by a potential for some time.
     *
     * @param potential of every particle
     * @param duration how long
     * @param step number of the step
     * @param position columns of the positions, changed here
     * @param stride distance between columns
     */
    public void resample(float[] potential, double duration, int step, double[] position, int stride) {
        double mean = 0;
        for (int i = 0; i < rates.length; i++) {
            mean += potential[i];
        }
        mean /= rates.length;
        for (int i = 0; i < rates.length; i++) {
            rates[i] = duration * (potential[i] - mean);
        }
        births.resample(rates, step, parents);
        System.arraycopy(position, 0, positionBefore, 0, position.length);
        System.arraycopy(ancestors, 0, ancestorsBefore, 0, ancestors.length);
        for (int i = 0; i < ancestors.length; i++) {
            ancestors[i] = ancestorsBefore[parents[i]];
        }
        for (int at = 0; at < position.length; at += stride) {
            for (int i = 0; i < parents.length; i++) {
                position[at + i] = positionBefore[at + parents[i]];
            }
        }
    }
}
