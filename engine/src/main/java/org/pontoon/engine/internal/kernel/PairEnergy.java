package org.pontoon.engine.internal.kernel;

/**
 * The distance {@code sqrt(q)}, whose negative is the energy kernel; its slope is 1 / sqrt(q). Both within one unit in the last place.
 */
public final class PairEnergy implements PairProfile {

    private static final Tier TIER = Tier.of("PairEnergy", () -> PairProfile.primer(org.pontoon.engine.internal.vector.PairEnergy::sums));

    /** The kernel. */
    public PairEnergy() {
        // no state
    }

    @Override
    public void sums(float[] squares, int at, int points, float[] weights, int weightsAt, boolean slopes, float[] lanes, int lanesAt) {
        if (TIER.vector) {
            org.pontoon.engine.internal.vector.PairEnergy.sums(squares, at, points, weights, weightsAt, slopes, lanes, lanesAt);
            return;
        }
        TIER.scalar(10L * points);
        org.pontoon.engine.internal.scalar.PairEnergy.sums(squares, at, points, weights, weightsAt, slopes, lanes, lanesAt);
    }
}
