package org.pontoon.engine.memory;

import static org.assertj.core.api.Assertions.fail;

import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.zip.CRC32C;

/** Arrays of floats for tests: seeded, hostile, compared by their bits. */
public final class Floats {

    /** Sizes around every width and block of the kernels. */
    public static final int[] SIZES = {0, 1, 2, 15, 16, 17, 31, 33, 63, 64, 65, 100, 255, 256, 257, 1000, 4098};

    /** Finite values that break careless arithmetic. */
    public static final float[] HOSTILE = {0f, -0f, Float.MIN_VALUE, -Float.MIN_VALUE, 1e-40f, -1e-40f, Float.MIN_NORMAL, 1e-30f, -1e-30f,
        0x1p-24f, 0.5f, 1f, -1f, Math.nextUp(1f), 1e7f, 16777217f, -1e10f, 1e30f, -1e30f, Float.MAX_VALUE, -Float.MAX_VALUE};

    private Floats() {
    }

    /** Returns uniform values in [-size, size). */
    public static float[] random(long seed, int length, float size) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) (random.nextDouble() * 2 - 1) * size;
        }
        return values;
    }

    /** Returns hostile values in random order. */
    public static float[] hostile(long seed, int length) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = HOSTILE[random.nextInt(HOSTILE.length)];
        }
        return values;
    }

    /** Compares bit by bit; any NaN equals any other, whose payload no standard fixes. */
    public static void assertSameBits(String what, float[] actual, float[] expected) {
        if (actual.length != expected.length) {
            fail(what + ": " + actual.length + " values, expected " + expected.length);
        }
        assertSameBits(what, actual, expected, actual.length);
    }

    /** Compares the first values bit by bit. */
    public static void assertSameBits(String what, float[] actual, float[] expected, int count) {
        for (int i = 0; i < count; i++) {
            if (Float.floatToIntBits(actual[i]) != Float.floatToIntBits(expected[i])) {
                fail(what + ": value " + i + " is " + bits(actual[i]) + ", expected " + bits(expected[i]));
            }
        }
    }

    /** Computes again and again, until C2 has compiled what there is to compile, and expects the first result's bits every time. */
    public static void assertSameBitsWhenHot(String what, int calls, Supplier<float[]> computation) {
        float[] first = computation.get().clone();
        for (int call = 1; call < calls; call++) {
            assertSameBits(what + ", call " + call, computation.get(), first);
        }
    }

    /** Returns a checksum of the bits. */
    public static String checksum(float[] values) {
        CRC32C crc = new CRC32C();
        for (float value : values) {
            int bits = Float.floatToIntBits(value);
            crc.update(bits);
            crc.update(bits >>> 8);
            crc.update(bits >>> 16);
            crc.update(bits >>> 24);
        }
        return Long.toHexString(crc.getValue());
    }

    private static String bits(float value) {
        return value + " (0x" + Integer.toHexString(Float.floatToRawIntBits(value)) + ")";
    }
}
