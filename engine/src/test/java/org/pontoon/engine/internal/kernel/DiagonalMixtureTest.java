package org.pontoon.engine.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pontoon.engine.memory.Floats;

@Tag("widths")
@Tag("widths-small")
class DiagonalMixtureTest {

    private static final int[] DIMENSIONS = {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 255, 256, 257, 1000, 4098};
    private static final int COMPONENTS = 3;
    private static final float GUARD = 77f;
    private static final float WEIGHT = 0.7f;

    private static final String[] OUTPUTS = {"source slope", "source curve", "target slope", "target curve", "inverse", "terms",
        "by location",
        "by log scale"};

    /** Inputs of all components, and outputs full of guard values. */
    private static final class Case {
        private final int dimension;
        private final int stride;
        private final float epsilon;
        private final float[] location;
        private final float[] logScale;
        private final float[] sourceFirst;
        private final float[] sourceSecond;
        private final float[] targetFirst;
        private final float[] targetSecond;
        private final float[][] outputs = new float[OUTPUTS.length][];

        private Case(int dimension, float epsilon, boolean hostile) {
            this.dimension = dimension;
            this.epsilon = epsilon;
            stride = dimension + 15 & -16;
            location = values(hostile, 1);
            // the trainer keeps log S within -18 and 8; the exponential itself ends at 87
            logScale = Floats.random(2, COMPONENTS * stride, hostile ? 86.9f : 6f);
            sourceFirst = values(hostile, 3);
            sourceSecond = values(hostile, 4);
            targetFirst = values(hostile, 5);
            targetSecond = values(hostile, 6);
            for (int i = 0; i < outputs.length; i++) {
                outputs[i] = new float[COMPONENTS * stride];
                Arrays.fill(outputs[i], GUARD);
            }
        }

        private float[] values(boolean hostile, long seed) {
            return hostile ? Floats.hostile(seed, COMPONENTS * stride) : Floats.random(seed, COMPONENTS * stride, 4f);
        }

        private Case runVectors(int component) {
            int at = component * stride;
            org.pontoon.engine.internal.vector.DiagonalMixture.coefficients(location, logScale, at, stride, epsilon, outputs[0], outputs[1],
                outputs[2], outputs[3],
                outputs[4],
                outputs[5]);
            org.pontoon.engine.internal.vector.DiagonalMixture.gradients(sourceFirst, sourceSecond, targetFirst, targetSecond, WEIGHT,
                location, outputs[4], at, dimension,
                epsilon, outputs[6], outputs[7]);
            return this;
        }

        private Case runScalars(int component) {
            int at = component * stride;
            org.pontoon.engine.internal.scalar.DiagonalMixture.coefficients(location, logScale, at, stride, epsilon, outputs[0], outputs[1],
                outputs[2], outputs[3],
                outputs[4], outputs[5]);
            org.pontoon.engine.internal.scalar.DiagonalMixture.gradients(sourceFirst, sourceSecond, targetFirst, targetSecond, WEIGHT,
                location, outputs[4], at,
                dimension,
                epsilon, outputs[6], outputs[7]);
            // what the vectors do to the padding besides
            Arrays.fill(outputs[6], at + dimension, at + stride, 0f);
            Arrays.fill(outputs[7], at + dimension, at + stride, 0f);
            return this;
        }
    }

    /** Runs one component of three: the rows of the others must stay as they are. */
    private static void assertTwinsAgree(int dimension, float epsilon, boolean hostile) {
        for (int component = 0; component < COMPONENTS; component++) {
            Case vectors = new Case(dimension, epsilon, hostile).runVectors(component);
            Case scalars = new Case(dimension, epsilon, hostile).runScalars(component);
            for (int i = 0; i < OUTPUTS.length; i++) {
                Floats.assertSameBits("dimension " + dimension + ", component " + component + ", " + OUTPUTS[i], vectors.outputs[i],
                    scalars.outputs[i]);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {1f, 0.1f, 1e-3f, 50f})
    void twinsAgreeAtEverySize(float epsilon) {
        for (int dimension : DIMENSIONS) {
            assertTwinsAgree(dimension, epsilon, false);
        }
    }

    @Test
    void twinsAgreeOnHostileValues() {
        for (int dimension : DIMENSIONS) {
            assertTwinsAgree(dimension, 0.1f, true);
        }
    }

    @Test
    void coefficientsAreThoseOfTheLogits() {
        Case c = new Case(33, 0.4f, false).runVectors(1);
        for (int i = c.stride; i < c.stride + c.dimension; i++) {
            double r = c.location[i];
            double s = StrictMath.exp(c.logScale[i]);
            // (x' S x + 2 r' x) / (2 epsilon)
            assertClose(c.outputs[0][i], r / 0.4);
            assertClose(c.outputs[1][i], s / 0.8);
            // log N(y | r, epsilon S), its part in y
            assertClose(c.outputs[2][i], r / (0.4 * s));
            assertClose(c.outputs[3][i], -1 / (0.8 * s));
            assertClose(c.outputs[4][i], 1 / s);
            double square = r * r / (0.4 * s);
            assertThat((double) c.outputs[5][i]).isCloseTo(c.logScale[i] + square, within(1e-6 * (Math.abs(c.logScale[i]) + square)));
        }
    }

    private static void assertClose(float actual, double expected) {
        assertThat((double) actual).isCloseTo(expected, within(5e-7 * Math.abs(expected)));
    }

    @Test
    void gradientsAreThoseOfTheLoss() {
        Case c = new Case(33, 0.4f, false).runVectors(2);
        for (int i = 2 * c.stride; i < 2 * c.stride + c.dimension; i++) {
            double r = c.location[i];
            double s = StrictMath.exp(c.logScale[i]);
            double y = c.targetFirst[i];
            double yy = c.targetSecond[i];
            // the source's sum of logits less the target's, differentiated with the responsibilities held
            double byLocation = (c.sourceFirst[i] - (y - WEIGHT * r) / s) / 0.4;
            double byLogScale = c.sourceSecond[i] * s / 0.8 + 0.5 * WEIGHT - (yy - 2 * r * y + WEIGHT * r * r) / (0.8 * s);
            double locationSize = (Math.abs(c.sourceFirst[i]) + (Math.abs(y) + WEIGHT * Math.abs(r)) / s) / 0.4;
            double scaleSize = Math.abs(c.sourceSecond[i]) * s / 0.8 + 1
                + (Math.abs(yy) + 2 * Math.abs(r * y) + WEIGHT * r * r) / (0.8 * s);
            assertThat((double) c.outputs[6][i]).isCloseTo(byLocation, within(1e-6 * locationSize));
            assertThat((double) c.outputs[7][i]).isCloseTo(byLogScale, within(1e-6 * scaleSize));
        }
    }

    @Test
    void theGradientOfPaddingIsZero() {
        for (int dimension = 1; dimension <= 70; dimension++) {
            Case c = new Case(dimension, 0.5f, false).runVectors(1);
            for (int i = c.stride + dimension; i < 2 * c.stride; i++) {
                assertThat(Float.floatToRawIntBits(c.outputs[6][i]) | Float.floatToRawIntBits(c.outputs[7][i])).isZero();
            }
        }
    }

    @Test
    void compilationDoesNotChangeTheBits() {
        Case c = new Case(33, 0.4f, false);
        Floats.assertSameBitsWhenHot("target slope", 6_000, () -> c.runVectors(1).outputs[2]);
        Floats.assertSameBitsWhenHot("by log scale", 6_000, () -> c.runVectors(1).outputs[7]);
    }
}
