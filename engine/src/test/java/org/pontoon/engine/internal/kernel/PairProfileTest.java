package org.pontoon.engine.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.pontoon.engine.internal.scalar.PairExponential;
import org.pontoon.engine.memory.Floats;

@Tag("widths")
@Tag("widths-small")
class PairProfileTest {

    private static final int AT = 5;
    private static final int LANES_AT = 3;

    record Case(PairProfile profile, PairProfile vector, PairProfile scalar, DoubleUnaryOperator value, DoubleUnaryOperator slope,
            String checksum) {
        @Override
        public String toString() {
            return profile.getClass().getSimpleName();
        }
    }

    static List<Case> profiles() {
        return List.of(
            new Case(new PairGaussian(), org.pontoon.engine.internal.vector.PairGaussian::sums,
                org.pontoon.engine.internal.scalar.PairGaussian::sums, q -> Math.pow(2, -q), q -> Math.pow(2, -q), "cda29093"),
            new Case(new PairWideGaussian(), org.pontoon.engine.internal.vector.PairWideGaussian::sums,
                org.pontoon.engine.internal.scalar.PairWideGaussian::sums, q -> Math.pow(2, -q), q -> Math.pow(2, -q), "cda29093"),
            new Case(new PairLaplacian(), org.pontoon.engine.internal.vector.PairLaplacian::sums,
                org.pontoon.engine.internal.scalar.PairLaplacian::sums, q -> Math.pow(2, -Math.sqrt(q)),
                q -> Math.pow(2, -Math.sqrt(q)) / Math.sqrt(q), "e89cc2f1"),
            new Case(new PairEnergy(), org.pontoon.engine.internal.vector.PairEnergy::sums,
                org.pontoon.engine.internal.scalar.PairEnergy::sums, Math::sqrt, q -> 1 / Math.sqrt(q), "b9075066"),
            new Case(new PairInverseMultiquadric(), org.pontoon.engine.internal.vector.PairInverseMultiquadric::sums,
                org.pontoon.engine.internal.scalar.PairInverseMultiquadric::sums, q -> 1 / Math.sqrt(1 + q), q -> Math.pow(1 + q, -1.5),
                "3c366d84"));
    }

    private static float[] positive(long seed, int length, float size) {
        float[] values = Floats.random(seed, length, size);
        for (int i = 0; i < length; i++) {
            values[i] = Math.abs(values[i]);
        }
        return values;
    }

    /** Lanes, then what became of the squares. */
    private static float[] run(PairProfile profile, float[] squares, int points, float[] weights, boolean slopes) {
        float[] lanes = new float[LANES_AT + 32];
        lanes[LANES_AT + 17] = 0.5f;
        float[] inPlace = squares.clone();
        profile.sums(inPlace, AT, points, weights, 2, slopes, lanes, LANES_AT);
        float[] all = new float[32 + inPlace.length];
        System.arraycopy(lanes, LANES_AT, all, 0, 32);
        System.arraycopy(inPlace, 0, all, 32, inPlace.length);
        return all;
    }

    private static void assertTwinsAgree(Case c, float[] squares, int points, float[] weights) {
        for (boolean slopes : new boolean[] {false, true}) {
            Floats.assertSameBits(points + " points, slopes " + slopes, run(c.vector, squares, points, weights, slopes),
                run(c.scalar, squares, points, weights, slopes));
        }
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void twinsAgreeAtEverySize(Case c) {
        for (int size : Floats.SIZES) {
            int points = size + 15 & -16;
            assertTwinsAgree(c, positive(1, AT + 2 * points + 3, 30f), points, Floats.random(2, points + 2, 1f));
        }
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void twinsAgreeOnHostileValues(Case c) {
        for (int seed = 0; seed < 30; seed++) {
            float[] squares = Floats.hostile(seed, AT + 128);
            for (int i = 0; i < squares.length; i++) {
                squares[i] = seed == 0 ? Float.POSITIVE_INFINITY : Math.abs(squares[i]);
                // not for infinite or huge squares
                squares[i] = c.profile instanceof PairWideGaussian ? Math.min(squares[i], 120f) : squares[i];
            }
            assertTwinsAgree(c, squares, 64, Floats.hostile(100 + seed, 66));
        }
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void valuesAndSlopesAreThoseOfTheKernel(Case c) {
        Random random = new Random(1);
        for (int trial = 0; trial < 2000; trial++) {
            float[] squares = new float[AT + 32];
            float q = (float) Math.exp(random.nextDouble() * 20 - 15);
            squares[AT + 3] = q;
            float[] weights = new float[18];
            weights[2 + 3] = 1;
            float[] result = run(c.vector, squares, 16, weights, true);
            double value = c.value.applyAsDouble(q);
            double slope = c.slope.applyAsDouble(q);
            double tolerance = 3e-7 * (c.profile instanceof PairLaplacian ? 1 + Math.sqrt(q) / 4 : 1);
            if (value > 1e-29) {
                assertThat((double) result[3]).as("k(%s)", q).isCloseTo(value, within(tolerance * value));
                assertThat((double) result[32 + AT + 3]).as("slope at %s", q).isCloseTo(slope, within(1.4 * tolerance * slope));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void theOriginIsExactAndItsSlopeFinite(Case c) {
        float[] weights = new float[18];
        weights[2] = 1;
        float[] result = run(c.vector, new float[AT + 32], 16, weights, true);
        assertThat(result[0]).isEqualTo((float) c.value.applyAsDouble(0));
        assertThat(result[32 + AT]).isFinite();
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void bitsAreThoseOfEveryMachine(Case c) {
        assertThat(Floats.checksum(run(c.vector, positive(1, AT + 256, 30f), 128, Floats.random(2, 130, 1f), true)))
            .isEqualTo(c.checksum);
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void compilationDoesNotChangeTheBits(Case c) {
        float[] squares = positive(1, AT + 128, 30f);
        float[] weights = Floats.random(2, 66, 1f);
        Floats.assertSameBitsWhenHot("sums", 6_000, () -> run(c.vector, squares, 64, weights, false));
        Floats.assertSameBitsWhenHot("slopes", 6_000, () -> run(c.vector, squares, 64, weights, true));
    }

    @Test
    void thePowerIsWithinItsBoundAndOneAtZero() {
        assertThat(power(0f)).isEqualTo(1f);
        double worst = 0;
        for (float e = -60; e < 100; e += 0.00037f) {
            double exact = Math.pow(2, -e);
            worst = Math.max(worst, Math.abs(power(e) - exact) / exact);
        }
        assertThat(worst).isLessThan(1.7e-7);
        assertThat(power(1e30f)).isEqualTo(0x1p-100f);
    }

    private static float power(float exponent) {
        float[] value = {exponent};
        PairExponential.bound(value, 1);
        PairExponential.powers(value, new float[1], 1);
        return value[0];
    }
}
