package org.pontoon.engine.bridge;

/**
 * The unit of length, the entropic parameter and the learning rate of every step of a fit.
 *
 * <p>A bridge has no units of its own: points times c and epsilon times c^2 leave S and the weights as they are and multiply r by c. Adam's
 * steps do have a length, so the fit works in the data's own unit, the mean over all coordinates of both sides of the mean absolute
 * deviation (times sqrt(pi / 2), which makes it the standard deviation of a normal distribution; a few far points hardly move it). Points
 * are scaled in float64 and rounded once, so that fits in two units differ by that rounding alone.
 *
 * <p>Where epsilon lies far below the squared spread of a coordinate, as between clusters far apart, no single length of step suits both: what travels
 * between the clusters would never settle within one, and what settles would never arrive. Then epsilon falls in equal ratios from a hundredth
 * of the squared spread, the unit with its root, so that each stage is the same problem seen from closer by; the last stage has the epsilon
 * that was asked for, or the least that float32 can do with, and a learning rate that falls to a tenth. Parameters stay what they are: S, r
 * and the potential epsilon log alpha.
 */
final class TrainingSchedule {

    /** Epsilon over the largest coordinate's variance below which it is lowered in stages. */
    private static final double FAR_BELOW = 2e-4;
    /** Where it then starts, in the same measure, and what it is in the square of every stage's unit. */
    private static final double FIRST = 0.01;
    /** Where it ends at the latest: float32 forms of points that size tell smaller ones no longer apart. */
    static final double LEAST = 1e-8;
    /** Share of the steps that the stages before the last one take. */
    private static final double LOWERING = 0.6;
    /** Ratio of the last step's learning rate to the first one's, where there are stages. */
    private static final double SETTLING = 0.1;

    private final double lastEpsilon;
    private final double learningRate;
    private final int steps;
    private final double lastUnit;
    private final double firstEpsilon;
    private final int stages;
    private final boolean settles;

    /** Plans a fit; one that starts from a bridge needs no coarse stages. */
    TrainingSchedule(TrainingOptions options, Spread source, Spread target, boolean startsFromBridge) {
        learningRate = options.learningRate();
        steps = options.steps();
        double typical = 0.5 * (source.typical() + target.typical());
        double largest = Math.max(source.largest(), target.largest());
        lastEpsilon = Math.max(options.epsilon(), LEAST * largest * largest);
        settles = lastEpsilon < FAR_BELOW * largest * largest;
        if (settles) {
            firstEpsilon = FIRST * largest * largest;
            lastUnit = Math.sqrt(lastEpsilon / FIRST);
            stages = startsFromBridge ? 0 : (int) Math.ceil(0.5 * StrictMath.log(firstEpsilon / lastEpsilon) / StrictMath.log(2));
        } else {
            firstEpsilon = lastEpsilon;
            // where all points are equal nothing but epsilon has a length
            lastUnit = typical > 0 ? typical : Math.sqrt(lastEpsilon);
            stages = 0;
        }
    }

    /** The first step of the last stage. */
    int lastStageFrom() {
        return stages == 0 ? 0 : (int) (LOWERING * steps);
    }

    /** Prepares a training step for the step of this number, from 0. */
    void apply(int step, TrainingStep training) {
        int from = lastStageFrom();
        double above = 1;
        if (step < from) {
            long stage = (long) step * stages / from;
            above = StrictMath.pow(firstEpsilon / lastEpsilon, 1 - (double) stage / stages);
        }
        double rate = learningRate;
        if (settles && step > from) {
            rate *= StrictMath.pow(SETTLING, (double) (step - from) / (steps - from));
        }
        training.setUnits(lastUnit * Math.sqrt(above), lastEpsilon * above, rate);
    }
}
