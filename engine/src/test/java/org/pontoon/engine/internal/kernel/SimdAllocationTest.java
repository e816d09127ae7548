package org.pontoon.engine.internal.kernel;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.pontoon.engine.memory.AllocatedBytes;
import org.pontoon.engine.memory.Floats;
import org.pontoon.engine.random.CounterRandom;

@Tag("allocation")
class SimdAllocationTest {

    private static void check(String what, float[] result, Runnable work) {
        work.run();
        float[] cold = result.clone();
        AllocatedBytes.assertNoneWhenHot(what, 2_000, work);
        work.run();
        Floats.assertSameBits(what, result, cold);
    }

    @Test
    void normalsAreDrawnWithoutGarbage() {
        CounterRandom random = new CounterRandom();
        float[] normals = new float[256];
        check("normals", normals, () -> random.fillNormals(7, 64, normals, 0, 256));
    }

    @Test
    void integersAreDrawnWithoutGarbage() {
        CounterRandom random = new CounterRandom();
        int[] integers = new int[256];
        float[] result = new float[256];
        check("integers", result, () -> {
            random.fillUniformInts(7, 64, integers, 256, 1_000_003);
            for (int i = 0; i < 256; i++) {
                result[i] = integers[i];
            }
        });
    }

    @Test
    void singleDrawsMakeNoGarbage() {
        float[] result = new float[96];
        check("single draws", result, () -> {
            for (int i = 0; i < 32; i++) {
                result[i] = CounterRandom.normal(7, i);
                result[32 + i] = (float) CounterRandom.uniform(7, i);
                result[64 + i] = CounterRandom.uniformInt(7, i, 1000);
            }
        });
    }

    @Test
    void exponentialsMakeNoGarbage() {
        float[] arguments = Floats.random(1, 257, 90f);
        float[] values = new float[257];
        check("exponentials", values, () -> {
            System.arraycopy(arguments, 0, values, 0, 257);
            FloatMath.exp(values, 0, 257);
        });
    }

    @Test
    void sinesAndCosinesMakeNoGarbage() {
        float[] arguments = Floats.random(1, 257, 90f);
        float[] values = new float[514];
        check("sines and cosines", values, () -> FloatMath.sinCosPi(arguments, 0, values, 0, values, 257, 257));
    }

    @Test
    void exponentialsOfDoublesMakeNoGarbage() {
        double[] values = new double[257];
        AllocatedBytes.assertNoneWhenHot("exponentials of doubles", 2_000, () -> {
            for (int i = 0; i < values.length; i++) {
                values[i] = 3 * i - 500;
            }
            DoubleMath.exp(values, 0, 257);
        });
    }
}
