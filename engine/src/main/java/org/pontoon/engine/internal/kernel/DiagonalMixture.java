package org.pontoon.engine.internal.kernel;

/**
 * The elementwise ends of a light bridge's training step with diagonal S: parameters to logit coefficients, and feature sums to gradients
 * (Korotin, Gushchin, Burnaev 2024, the loss of eq. 12 in closed form).
 *
 * <p>All arrays are (components, dimension) with rows of one stride, a multiple of 16 and at least D; a call works on the row that starts
 * at a given index. Padding holds finite numbers, and its gradient is zero.
 */
public final class DiagonalMixture {

    private static final Tier TIER = Tier.of("DiagonalMixture", DiagonalMixture::primer);

    private DiagonalMixture() {
    }

    /**
     * Writes one component's logit coefficients for the source side, {@code (x' S x + 2 r' x) / (2 epsilon)}, and for the target side,
     * {@code log N(y | r, epsilon S)}, without the constant terms; and the constant terms coordinate by coordinate.
     *
     * @param location r
     * @param logScale log S
     * @param at index of the component's row in all arrays
     * @param stride length of the row
     * @param epsilon entropic parameter
     * @param sourceSlope receives r / epsilon
     * @param sourceCurve receives S / (2 epsilon)
     * @param targetSlope receives r / (epsilon S)
     * @param targetCurve receives -1 / (2 epsilon S)
     * @param inverse receives 1 / S
     * @param terms receives log S + r^2 / (epsilon S)
     */
    public static void coefficients(float[] location, float[] logScale, int at, int stride, float epsilon, float[] sourceSlope,
            float[] sourceCurve, float[] targetSlope, float[] targetCurve, float[] inverse, float[] terms) {
        if (TIER.vector) {
            org.pontoon.engine.internal.vector.DiagonalMixture.coefficients(location, logScale, at, stride, epsilon, sourceSlope,
                sourceCurve, targetSlope, targetCurve, inverse, terms);
            return;
        }
        TIER.scalar(160L * stride);
        org.pontoon.engine.internal.scalar.DiagonalMixture.coefficients(location, logScale, at, stride, epsilon, sourceSlope, sourceCurve,
            targetSlope, targetCurve, inverse, terms);
    }

    /**
     * Turns one component's sums over a batch into gradients of the loss.
     *
     * @param sourceFirst sums of w x over the source batch
     * @param sourceSecond sums of w x^2
     * @param targetFirst sums of q y over the target batch
     * @param targetSecond sums of q y^2
     * @param targetWeight sum of q over the target batch
     * @param location r
     * @param inverse 1 / S
     * @param at index of the component's row in all arrays
     * @param dimension D
     * @param epsilon entropic parameter
     * @param byLocation receives dL/dr
     * @param byLogScale receives dL/dlog S
     */
    public static void gradients(float[] sourceFirst, float[] sourceSecond, float[] targetFirst, float[] targetSecond, float targetWeight,
            float[] location, float[] inverse, int at, int dimension, float epsilon, float[] byLocation, float[] byLogScale) {
        if (TIER.vector) {
            org.pontoon.engine.internal.vector.DiagonalMixture.gradients(sourceFirst, sourceSecond, targetFirst, targetSecond, targetWeight,
                location, inverse, at, dimension, epsilon, byLocation, byLogScale);
            return;
        }
        TIER.scalar(100L * dimension);
        org.pontoon.engine.internal.scalar.DiagonalMixture.gradients(sourceFirst, sourceSecond, targetFirst, targetSecond, targetWeight,
            location, inverse, at, dimension, epsilon, byLocation, byLogScale);
    }

    private static Runnable primer() {
        int stride = 64;
        float[] zeros = new float[stride];
        float[][] out = new float[6][stride];
        return () -> {
            org.pontoon.engine.internal.vector.DiagonalMixture.coefficients(zeros, zeros, 0, stride, 1f, out[0], out[1], out[2], out[3],
                out[4],
                out[5]);
            org.pontoon.engine.internal.vector.DiagonalMixture.gradients(zeros, zeros, zeros, zeros, 1f, zeros, out[4], 0, stride - 1, 1f,
                out[0], out[1]);
        };
    }
}
