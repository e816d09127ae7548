package org.pontoon.engine.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.pontoon.engine.memory.Floats;

@Tag("widths")
@Tag("widths-small")
class ChebyshevTest {

    @Test
    void twinsAgree() {
        for (int count : new int[] {16, 32, 48, 112}) {
            for (int degrees : new int[] {2, 3, 4, 17, 40}) {
                float[] x = Floats.random(count, 5 + count, 3f);
                double[] factors = new double[count];
                for (int i = 0; i < count; i++) {
                    factors[i] = 0.1 + i;
                }
                for (double[] f : new double[][] {null, factors}) {
                    float[] out = new float[3 + degrees * (count + 1)];
                    float[] expected = new float[out.length];
                    org.pontoon.engine.internal.vector.Chebyshev.polynomials(x, 5, count, 0.2, 2.5, degrees, out, 3, count + 1, f);
                    org.pontoon.engine.internal.scalar.Chebyshev.polynomials(x, 5, count, 0.2, 2.5, degrees, expected, 3, count + 1, f);
                    Floats.assertSameBits(degrees + " polynomials of " + count, out, expected);
                }
            }
        }
    }

    @Test
    void polynomialsAreCosinesOfMultiples() {
        float[] x = Floats.random(7, 64, 1f);
        float[] out = new float[50 * 64];
        org.pontoon.engine.internal.vector.Chebyshev.polynomials(x, 0, 64, 0, 1, 50, out, 0, 64, null);
        for (int i = 0; i < 64; i++) {
            for (int a = 0; a < 50; a++) {
                assertThat(out[a * 64 + i]).isCloseTo((float) Math.cos(a * Math.acos(x[i])), within(1e-6f));
            }
        }
    }

    @Test
    void pointsOutsideCountAsTheEnds() {
        float[] x = new float[16];
        x[0] = 1e9f;
        x[1] = -5f;
        float[] out = new float[4 * 16];
        org.pontoon.engine.internal.vector.Chebyshev.polynomials(x, 0, 16, 0, 2, 4, out, 0, 16, null);
        assertThat(out[3 * 16]).isEqualTo(1f);
        assertThat(out[3 * 16 + 1]).isEqualTo(-1f);
    }

    @Test
    void degreesAreEnoughForAWave() {
        for (double z : new double[] {0, 0.3, 1, 5, 14.5, 40}) {
            for (double error : new double[] {1e-3, 1e-6}) {
                int degrees = Chebyshev.degrees(z, error);
                for (double t : new double[] {-1, -0.7, 0.1, 0.55, 1}) {
                    assertThat(interpolated(z, degrees, t)).isCloseTo(Math.cos(z * t + 0.4), within(5 * error));
                }
            }
        }
        assertThat(Chebyshev.degrees(14.5, 1e-6)).isLessThan(32);
    }

    /** The wave cos(z t + 0.4) by its values in the nodes. */
    private static double interpolated(double z, int degrees, double t) {
        double sum = 0;
        for (int a = 0; a < degrees; a++) {
            double coefficient = 0;
            for (int k = 0; k < degrees; k++) {
                double angle = Math.PI * (k + 0.5) / degrees;
                coefficient += (a == 0 ? 1.0 : 2.0) / degrees * Math.cos(a * angle) * Math.cos(z * Math.cos(angle) + 0.4);
            }
            sum += coefficient * Math.cos(a * Math.acos(t));
        }
        return sum;
    }
}
