package org.pontoon.engine.internal.kernel;

/**
 * The Laplacian kernel {@code 2^-sqrt(q)}; its slope is the kernel over sqrt(q). Relative error at most 1.7e-7 plus half a unit in the last
 * place of the exponent.
 */
public final class PairLaplacian implements PairProfile {

    private static final Tier TIER = Tier.of("PairLaplacian",
        () -> PairProfile.primer(org.pontoon.engine.internal.vector.PairLaplacian::sums));

    /** The kernel. */
    public PairLaplacian() {
        // no state
    }

    @Override
    public void sums(float[] squares, int at, int points, float[] weights, int weightsAt, boolean slopes, float[] lanes, int lanesAt) {
        if (TIER.vector) {
            org.pontoon.engine.internal.vector.PairLaplacian.sums(squares, at, points, weights, weightsAt, slopes, lanes, lanesAt);
            return;
        }
        TIER.scalar(40L * points);
        org.pontoon.engine.internal.scalar.PairLaplacian.sums(squares, at, points, weights, weightsAt, slopes, lanes, lanesAt);
    }
}
