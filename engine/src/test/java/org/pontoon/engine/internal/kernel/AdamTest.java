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
class AdamTest {

    /** Parameters and both moments of the two twins. */
    private static final class Pair {
        private final float[][] vectors = new float[3][];
        private final float[][] scalars = new float[3][];

        private Pair(float[] parameters) {
            for (int i = 0; i < 3; i++) {
                vectors[i] = i == 0 ? parameters.clone() : new float[parameters.length];
                scalars[i] = vectors[i].clone();
            }
        }

        private void step(float[] gradient, double learningRate, long step) {
            org.pontoon.engine.internal.vector.Adam.step(vectors[0], gradient, vectors[1], vectors[2], learningRate, step);
            org.pontoon.engine.internal.scalar.Adam.step(scalars[0], gradient, scalars[1], scalars[2], learningRate, step);
            String what = gradient.length + " parameters, step " + step;
            Floats.assertSameBits(what + ", parameters", vectors[0], scalars[0]);
            Floats.assertSameBits(what + ", first moment", vectors[1], scalars[1]);
            Floats.assertSameBits(what + ", second moment", vectors[2], scalars[2]);
        }
    }

    @Test
    void twinsAgreeAtEverySize() {
        for (int size : Floats.SIZES) {
            int length = size + 15 & -16;
            Pair pair = new Pair(Floats.random(1, length, 1f));
            for (int step = 1; step <= 10; step++) {
                pair.step(Floats.random(10 + step, length, 3f), 1e-3, step);
            }
        }
    }

    @Test
    void twinsAgreeOnHostileValues() {
        Pair pair = new Pair(Floats.hostile(1, 112));
        for (int step = 1; step <= 30; step++) {
            pair.step(Floats.hostile(step, 112), 0.1, step);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 1_000, 100_000, 1_000_000_000_000L})
    void twinsAgreeAtEveryAge(long step) {
        new Pair(Floats.random(1, 64, 1f)).step(Floats.random(2, 64, 1f), 1e-3, step);
    }

    @Test
    void stepsAreThoseOfThePaper() {
        int length = 32;
        float[] parameters = Floats.random(1, length, 1f);
        float[] first = new float[length];
        float[] second = new float[length];
        double[] p = new double[length];
        double[] m = new double[length];
        double[] v = new double[length];
        for (int i = 0; i < length; i++) {
            p[i] = parameters[i];
        }
        for (int step = 1; step <= 200; step++) {
            float[] gradient = Floats.random(100 + step, length, 2f);
            org.pontoon.engine.internal.vector.Adam.step(parameters, gradient, first, second, 1e-3, step);
            for (int i = 0; i < length; i++) {
                m[i] = 0.9 * m[i] + 0.1 * gradient[i];
                v[i] = 0.999 * v[i] + 0.001 * gradient[i] * gradient[i];
                p[i] -= 1e-3 * (m[i] / (1 - Math.pow(0.9, step))) / (Math.sqrt(v[i] / (1 - Math.pow(0.999, step))) + 1e-8);
            }
        }
        for (int i = 0; i < length; i++) {
            assertThat((double) parameters[i]).isCloseTo(p[i], within(1e-5));
        }
    }

    @Test
    void aParameterWithoutGradientNeverMoves() {
        float[] parameters = Floats.random(1, 16, 1f);
        float[] before = parameters.clone();
        float[] zeros = new float[16];
        float[] first = new float[16];
        float[] second = new float[16];
        for (int step = 1; step <= 100; step++) {
            org.pontoon.engine.internal.vector.Adam.step(parameters, zeros, first, second, 1e-3, step);
        }
        Floats.assertSameBits("parameters", parameters, before);
        Floats.assertSameBits("first moment", first, zeros);
        Floats.assertSameBits("second moment", second, zeros);
    }

    @Test
    void compilationDoesNotChangeTheBits() {
        float[] start = Floats.random(1, 64, 1f);
        float[] gradient = Floats.random(2, 64, 1f);
        float[] first = new float[64];
        float[] second = new float[64];
        Floats.assertSameBitsWhenHot("parameters", 12_000, () -> {
            float[] parameters = start.clone();
            Arrays.fill(first, 0.1f);
            Arrays.fill(second, 0.2f);
            org.pontoon.engine.internal.vector.Adam.step(parameters, gradient, first, second, 1e-2, 7);
            org.pontoon.engine.internal.scalar.Adam.step(parameters, gradient, first, second, 1e-2, 8);
            return parameters;
        });
    }
}
