package org.pontoon.engine.internal.kernel;

/**
 * The inverse multiquadric kernel {@code (1 + q)^(-1/2)}; its slope is {@code (1 + q)^(-3/2)}. Relative errors at most 1.5e-7 and 2.5e-7.
 */
public final class PairInverseMultiquadric implements PairProfile {

    private static final Tier TIER = Tier.of("PairInverseMultiquadric",
        () -> PairProfile.primer(org.pontoon.engine.internal.vector.PairInverseMultiquadric::sums));

    /** The kernel. */
    public PairInverseMultiquadric() {
        // no state
    }

    @Override
    public void sums(float[] squares, int at, int points, float[] weights, int weightsAt, boolean slopes, float[] lanes, int lanesAt) {
        if (TIER.vector) {
            org.pontoon.engine.internal.vector.PairInverseMultiquadric.sums(squares, at, points, weights, weightsAt, slopes, lanes,
                lanesAt);
            return;
        }
        TIER.scalar(10L * points);
        org.pontoon.engine.internal.scalar.PairInverseMultiquadric.sums(squares, at, points, weights, weightsAt, slopes, lanes, lanesAt);
    }
}
