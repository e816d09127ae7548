package org.pontoon.engine.bridge;

import java.util.Arrays;
import java.util.Objects;

/**
 * Where a fit stands after a step: all that {@link BridgeTrainer#resume(TrainingState)} needs to go on to the same bytes. Immutable.
 */
public final class TrainingState {

    private final int step;
    private final TrainingOptions options;
    private final int dimension;
    private final long fingerprint;
    private final float[] parameters;
    private final float[] firstMoment;
    private final float[] secondMoment;
    private final float[] usage;
    private final double bestObjective;
    private final float[] bestParameters;
    private final int evaluationsSinceBest;

    /**
     * Makes a state from its parts; arrays are copied.
     *
     * @param step number of steps done
     * @param options options of the fit
     * @param dimension D
     * @param fingerprint hash of the clouds that it is fitted to, 0 for streams
     * @param parameters the optimiser's parameters, in the trainer's own layout
     * @param firstMoment Adam's running mean of the gradient
     * @param secondMoment Adam's running mean of its square
     * @param usage running mean responsibility of each component
     * @param bestObjective best held-out objective so far, infinity if none
     * @param bestParameters parameters at that time, empty if none
     * @param evaluationsSinceBest held-out evaluations since then
     */
    public TrainingState(int step, TrainingOptions options, int dimension, long fingerprint, float[] parameters, float[] firstMoment,
            float[] secondMoment, float[] usage, double bestObjective, float[] bestParameters, int evaluationsSinceBest) {
        if (step < 0 || dimension < 1 || firstMoment.length != parameters.length
            || secondMoment.length != parameters.length || bestParameters.length != 0 && bestParameters.length != parameters.length) {
            throw new IllegalArgumentException("the parts of the training state do not fit together");
        }
        this.step = step;
        this.options = Objects.requireNonNull(options, "options");
        this.dimension = dimension;
        this.fingerprint = fingerprint;
        this.parameters = parameters.clone();
        this.firstMoment = firstMoment.clone();
        this.secondMoment = secondMoment.clone();
        this.usage = usage.clone();
        this.bestObjective = bestObjective;
        this.bestParameters = bestParameters.clone();
        this.evaluationsSinceBest = evaluationsSinceBest;
    }

    /**
     * Returns the number of steps done.
     *
     * @return steps
     */
    public int step() {
        return step;
    }

    /**
     * Returns the options of the fit.
     *
     * @return options
     */
    public TrainingOptions options() {
        return options;
    }

    /**
     * Returns a hash of the clouds that the fit is of.
     *
     * @return a hash, 0 for streams
     */
    public long fingerprint() {
        return fingerprint;
    }

    /**
     * Returns the number of coordinates.
     *
     * @return D
     */
    public int dimension() {
        return dimension;
    }

    /**
     * Returns the parameters in the trainer's layout.
     *
     * @return a copy
     */
    public float[] parameters() {
        return parameters.clone();
    }

    /**
     * Returns Adam's running mean of the gradient.
     *
     * @return a copy
     */
    public float[] firstMoment() {
        return firstMoment.clone();
    }

    /**
     * Returns Adam's running mean of the squared gradient.
     *
     * @return a copy
     */
    public float[] secondMoment() {
        return secondMoment.clone();
    }

    /**
     * Returns the running mean responsibility of each component.
     *
     * @return a copy, K values
     */
    public float[] usage() {
        return usage.clone();
    }

    /**
     * Returns the best held-out objective so far.
     *
     * @return the objective, infinity if none was computed
     */
    public double bestObjective() {
        return bestObjective;
    }

    /**
     * Returns the parameters that gave it.
     *
     * @return a copy, empty if none
     */
    public float[] bestParameters() {
        return bestParameters.clone();
    }

    /**
     * Returns the number of held-out evaluations since the best one.
     *
     * @return a count
     */
    public int evaluationsSinceBest() {
        return evaluationsSinceBest;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TrainingState s && step == s.step && options.equals(s.options) && dimension == s.dimension
            && fingerprint == s.fingerprint && Arrays.equals(parameters, s.parameters)
            && Arrays.equals(firstMoment, s.firstMoment) && Arrays.equals(secondMoment, s.secondMoment) && Arrays.equals(usage, s.usage)
            && bestObjective == s.bestObjective && Arrays.equals(bestParameters, s.bestParameters)
            && evaluationsSinceBest == s.evaluationsSinceBest;
    }

    @Override
    public int hashCode() {
        return 31 * step + Arrays.hashCode(parameters);
    }
}
