package org.pontoon.engine.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.pontoon.engine.memory.Floats;

/** Holds the functions to the table of the package, and vectors to scalars. */
class FloatMathTest {

    private interface Function {

        float apply(float x);
    }

    /** The largest error in ulps of the exact result, over every so many floats from one to the other (of one sign). */
    private static double largestUlps(Function function, DoubleUnaryOperator exact, float from, float to, int stride) {
        double largest = 0;
        long last = Float.floatToRawIntBits(to) & 0xffffffffL;
        for (long bits = Float.floatToRawIntBits(from) & 0xffffffffL; bits <= last; bits += stride) {
            float x = Float.intBitsToFloat((int) bits);
            double y = exact.applyAsDouble(x);
            largest = Math.max(largest, Math.abs(function.apply(x) - y) / Math.ulp((float) y));
        }
        assertThat(function.apply(to)).isFinite();
        return largest;
    }

    private static double largestError(Function function, DoubleUnaryOperator exact, float from, float to, int stride) {
        double largest = 0;
        long last = Float.floatToRawIntBits(to) & 0xffffffffL;
        for (long bits = Float.floatToRawIntBits(from) & 0xffffffffL; bits <= last; bits += stride) {
            float x = Float.intBitsToFloat((int) bits);
            largest = Math.max(largest, Math.abs(function.apply(x) - exact.applyAsDouble(x)));
        }
        return largest;
    }

    @Test
    void exponentialKeepsItsBound() {
        // 97 is prime, so that no pattern of the low bits is missed
        assertThat(largestUlps(FloatMath::exp, StrictMath::exp, 0x1p-20f, org.pontoon.engine.internal.scalar.FloatMath.EXP_MOST, 97))
            .isLessThan(1.1);
        assertThat(largestUlps(FloatMath::exp, StrictMath::exp, -0x1p-20f, org.pontoon.engine.internal.scalar.FloatMath.EXP_LEAST, 97))
            .isLessThan(1.1);
        // and every float of one period of the reduction
        assertThat(largestUlps(FloatMath::exp, StrictMath::exp, 59f, 59.5f, 1)).isBetween(0.9, 1.1);
        assertThat(largestUlps(FloatMath::exp, StrictMath::exp, 0f, 0x1p-20f, 99_991)).isLessThan(1.1);
        assertThat(largestUlps(FloatMath::exp, StrictMath::exp, -0f, -0x1p-20f, 99_991)).isLessThan(1.1);
    }

    @Test
    void logarithmKeepsItsBound() {
        assertThat(largestUlps(FloatMath::log, StrictMath::log, Float.MIN_NORMAL, Float.MAX_VALUE, 1009)).isLessThan(0.9);
        assertThat(largestUlps(FloatMath::log, StrictMath::log, 0.5f, Math.nextDown(1f), 7)).isBetween(0.5, 0.9);
        assertThat(largestUlps(FloatMath::log, StrictMath::log, Math.nextUp(1f), 2f, 7)).isBetween(0.5, 0.9);
        assertThat(largestUlps(FloatMath::log, StrictMath::log, 0.999f, Math.nextDown(1f), 1)).isLessThan(0.9);
        assertThat(largestUlps(FloatMath::log, StrictMath::log, Math.nextUp(1f), 1.001f, 1)).isLessThan(0.9);
    }

    @Test
    void sineAndCosineKeepTheirBound() {
        for (float end : new float[] {1f, -1f}) {
            float start = end * 0x1p-16f;
            assertThat(largestError(FloatMath::sinPi, x -> StrictMath.sin(Math.PI * x), start, end, 97)).isBetween(5e-8, 1e-7);
            assertThat(largestError(FloatMath::cosPi, x -> StrictMath.cos(Math.PI * x), start, end, 97)).isBetween(5e-8, 1e-7);
            assertThat(largestError(FloatMath::sinPi, x -> StrictMath.sin(Math.PI * x), 0f * end, start, 99_991)).isLessThan(1e-7);
            assertThat(largestError(FloatMath::cosPi, x -> StrictMath.cos(Math.PI * x), 0f * end, start, 99_991)).isLessThan(1e-7);
        }
    }

    @Test
    void sineAndCosineKeepTheirUlpsFarOut() {
        for (float from : new float[] {0x1p-20f, 0.25f, 0.7f, 3f, 1000f}) {
            float to = 1.0001f * from;
            assertThat(largestUlps(FloatMath::sinPi, FloatMathTest::exactSinPi, from, to, 1)).isLessThan(2);
            assertThat(largestUlps(FloatMath::cosPi, FloatMathTest::exactCosPi, from, to, 1)).isLessThan(2);
        }
        assertThat(largestUlps(FloatMath::sinPi, FloatMathTest::exactSinPi, 0x1p-20f, 0x1p20f, 997)).isBetween(1., 2.);
        assertThat(largestUlps(FloatMath::cosPi, FloatMathTest::exactCosPi, 0x1p-20f, 0x1p20f, 997)).isBetween(1., 2.);
        assertThat(largestUlps(FloatMath::sinPi, FloatMathTest::exactSinPi, -0x1p-20f, -0x1p20f, 1009)).isLessThan(2);
        assertThat(largestUlps(FloatMath::cosPi, FloatMathTest::exactCosPi, -0x1p-20f, -0x1p20f, 1009)).isLessThan(2);
    }

    /** Reduces to a quarter of a turn first, which is exact, so that zeros are zeros. */
    private static double exactSinPi(double x) {
        double half = Math.rint(2 * x);
        double rest = Math.PI * (x - half / 2);
        return switch ((int) ((long) half & 3)) {
            case 0 -> StrictMath.sin(rest);
            case 1 -> StrictMath.cos(rest);
            case 2 -> -StrictMath.sin(rest);
            default -> -StrictMath.cos(rest);
        };
    }

    private static double exactCosPi(double x) {
        return exactSinPi(x + 0.5);
    }

    @Test
    @Tag("widths")
    @Tag("widths-small")
    void sinesAndCosinesOfArraysAreThoseOfTheirValues() {
        for (int size : Floats.SIZES) {
            float[] x = Floats.random(size, size + 9, 1000f);
            float[] sines = new float[size + 3];
            float[] cosines = new float[size + 2];
            org.pontoon.engine.internal.vector.FloatMath.sinCosPi(x, 9, sines, 3, cosines, 2, size);
            for (int i = 0; i < size; i++) {
                Floats.assertSameBits("value " + i + " of " + size, new float[] {sines[3 + i], cosines[2 + i]},
                    new float[] {FloatMath.sinPi(x[9 + i]), FloatMath.cosPi(x[9 + i])});
            }
            float[] inPlace = x.clone();
            org.pontoon.engine.internal.vector.FloatMath.sinCosPi(inPlace, 9, sines, 3, inPlace, 9, size);
            Floats.assertSameBits("in place", Arrays.copyOfRange(inPlace, 9, 9 + size), Arrays.copyOfRange(cosines, 2, 2 + size));
        }
    }

    @Test
    void exponentialEndsWhereItSays() {
        assertThat(FloatMath.exp(0f)).isEqualTo(1f);
        assertThat(FloatMath.exp(-0f)).isEqualTo(1f);
        assertThat(FloatMath.exp(Float.MIN_VALUE)).isEqualTo(1f);
        assertThat(FloatMath.exp(-87f)).isGreaterThan(Float.MIN_NORMAL).isLessThan(1.7e-38f);
        assertThat(FloatMath.exp(Math.nextDown(-87f))).isZero();
        assertThat(FloatMath.exp(-Float.MAX_VALUE)).isZero();
        assertThat(FloatMath.exp(Float.NEGATIVE_INFINITY)).isZero();
        assertThat(FloatMath.exp(88.7f)).isFinite().isGreaterThan(3.3e38f);
        assertThat(FloatMath.exp(Math.nextUp(88.7f))).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(FloatMath.exp(Float.MAX_VALUE)).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(FloatMath.exp(Float.POSITIVE_INFINITY)).isEqualTo(Float.POSITIVE_INFINITY);
    }

    @Test
    void whatIsExactIsExact() {
        assertThat(FloatMath.log(1f)).isZero();
        for (float x : new float[] {0f, 1f, -1f}) {
            assertThat(FloatMath.sinPi(x)).isZero();
        }
        assertThat(FloatMath.cosPi(0f)).isEqualTo(1f);
        assertThat(FloatMath.cosPi(1f)).isEqualTo(-1f);
        assertThat(FloatMath.cosPi(-1f)).isEqualTo(-1f);
        assertThat(FloatMath.sinPi(0.5f)).isEqualTo(1f);
        assertThat(FloatMath.sinPi(-0.5f)).isEqualTo(-1f);
        assertThat(FloatMath.cosPi(0.5f)).isZero();
        assertThat(FloatMath.cosPi(-0.5f)).isZero();
    }

    @Test
    @Tag("widths")
    @Tag("widths-small")
    void exponentialsOfArraysAreThoseOfTheirValues() {
        for (int size : Floats.SIZES) {
            assertExpAgrees(Floats.random(size, size + 20, 100f), 7, size);
            assertExpAgrees(Floats.hostile(size, size + 20), 1, size);
        }
        float[] ends = {-87f, Math.nextDown(-87f), Math.nextUp(-87f), 88.7f, Math.nextUp(88.7f), Math.nextDown(88.7f), 0f, -0f,
            Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0.34657359f, -0.34657359f, 1f, -1f, 87.99f, 3e-8f};
        assertExpAgrees(ends, 0, 16);
    }

    private static void assertExpAgrees(float[] values, int offset, int count) {
        float[] expected = values.clone();
        for (int i = offset; i < offset + count; i++) {
            expected[i] = FloatMath.exp(values[i]);
        }
        org.pontoon.engine.internal.vector.FloatMath.exp(values, offset, count);
        Floats.assertSameBits(count + " values from " + offset, values, expected);
    }

    @Test
    @Tag("widths")
    @Tag("widths-small")
    void theBitsAreTheSameAtEveryWidth() {
        float[] values = Floats.random(1, 4098, 90f);
        org.pontoon.engine.internal.vector.FloatMath.exp(values, 0, 4098);
        assertThat(Floats.checksum(values)).isEqualTo("a2a9cad4");
        for (int i = 0; i < values.length; i++) {
            values[i] = FloatMath.log(values[i] + 1e-30f);
        }
        assertThat(Floats.checksum(values)).isEqualTo("8ccde887");
    }

    @Test
    @Tag("widths")
    void compilationDoesNotChangeTheBits() {
        float[] arguments = Floats.random(2, 257, 90f);
        float[] angles = Floats.random(3, 257, 1f);
        Floats.assertSameBitsWhenHot("exp of an array", 6_000, () -> {
            float[] values = arguments.clone();
            org.pontoon.engine.internal.vector.FloatMath.exp(values, 0, 257);
            return values;
        });
        float[] out = new float[257];
        Floats.assertSameBitsWhenHot("log of sines and cosines", 1_000, () -> {
            for (int i = 0; i < out.length; i++) {
                out[i] = FloatMath.log(2f + FloatMath.sinPi(angles[i]) * FloatMath.cosPi(angles[i])) + FloatMath.exp(angles[i]);
            }
            return out;
        });
    }
}
