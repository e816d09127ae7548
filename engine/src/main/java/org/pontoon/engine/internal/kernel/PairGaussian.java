package org.pontoon.engine.internal.kernel;

/**
 * The Gaussian kernel {@code 2^-q}; its slope is the kernel itself. Relative error at most 1.7e-7 for q up to 100; beyond, 2^-100.
 */
public final class PairGaussian implements PairProfile {

    private static final Tier TIER = Tier.of("PairGaussian",
        () -> PairProfile.primer(org.pontoon.engine.internal.vector.PairGaussian::sums));

    /** The kernel. */
    public PairGaussian() {
        // no state
    }

    @Override
    public void sums(float[] squares, int at, int points, float[] weights, int weightsAt, boolean slopes, float[] lanes, int lanesAt) {
        if (TIER.vector) {
            org.pontoon.engine.internal.vector.PairGaussian.sums(squares, at, points, weights, weightsAt, slopes, lanes, lanesAt);
            return;
        }
        TIER.scalar(32L * points);
        org.pontoon.engine.internal.scalar.PairGaussian.sums(squares, at, points, weights, weightsAt, slopes, lanes, lanesAt);
    }
}
