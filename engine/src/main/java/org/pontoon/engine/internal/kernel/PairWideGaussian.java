package org.pontoon.engine.internal.kernel;

/**
 * The Gaussian kernel {@code 2^-q} of {@link PairGaussian} where q is known to be at most 120, because the kernel is wide for its points:
 * without bounding q, a twelfth of the loop. The same bits for q up to 100, and a relative error of at most 1.7e-7 beyond.
 */
public final class PairWideGaussian implements PairProfile {

    private static final Tier TIER = Tier.of("PairWideGaussian",
        () -> PairProfile.primer(org.pontoon.engine.internal.vector.PairWideGaussian::sums));

    /** The kernel. */
    public PairWideGaussian() {
        // no state
    }

    @Override
    public void sums(float[] squares, int at, int points, float[] weights, int weightsAt, boolean slopes, float[] lanes, int lanesAt) {
        if (TIER.vector) {
            org.pontoon.engine.internal.vector.PairWideGaussian.sums(squares, at, points, weights, weightsAt, slopes, lanes, lanesAt);
            return;
        }
        TIER.scalar(30L * points);
        org.pontoon.engine.internal.scalar.PairWideGaussian.sums(squares, at, points, weights, weightsAt, slopes, lanes, lanesAt);
    }
}
