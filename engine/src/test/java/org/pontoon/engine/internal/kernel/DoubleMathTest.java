package org.pontoon.engine.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("widths")
@Tag("widths-small")
class DoubleMathTest {

    private static double[] arguments(int count) {
        SplittableRandom random = new SplittableRandom(1);
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = switch (i % 4) {
                case 0 -> random.nextDouble(org.pontoon.engine.internal.scalar.DoubleMath.EXP_LEAST,
                    org.pontoon.engine.internal.scalar.DoubleMath.EXP_MOST);
                case 1 -> random.nextDouble(-40, 0);
                case 2 -> random.nextDouble(-0.5, 0.5);
                default -> Math.log(2) * (random.nextInt(-1000, 1000) + 0.5);
            };
        }
        return values;
    }

    /** The error in ulps, against 40 digits by halving the argument ten times and a series. */
    private static double ulps(double x) {
        MathContext digits = new MathContext(50);
        BigDecimal small = new BigDecimal(x).divide(BigDecimal.valueOf(1024), digits);
        BigDecimal term = BigDecimal.ONE;
        BigDecimal sum = BigDecimal.ONE;
        for (int k = 1; k < 40; k++) {
            term = term.multiply(small, digits).divide(BigDecimal.valueOf(k), digits);
            sum = sum.add(term, digits);
        }
        BigDecimal exact = sum.pow(1024, digits);
        double y = DoubleMath.exp(x);
        return exact.subtract(new BigDecimal(y)).abs().doubleValue() / Math.ulp(exact.doubleValue());
    }

    @Test
    void exponentialKeepsItsBound() {
        double largest = 0;
        for (double x : arguments(3000)) {
            largest = Math.max(largest, ulps(x));
        }
        assertThat(largest).isBetween(0.5, 1.0);
    }

    @Test
    void vectorsHaveTheBitsOfScalars() {
        for (int count : new int[] {0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 100, 257}) {
            double[] values = arguments(count + 5);
            if (count > 9) {
                values[3] = Double.NEGATIVE_INFINITY;
                values[4] = -709;
                values[5] = 710;
                values[6] = -0.0;
                values[7] = Double.MIN_VALUE;
                values[8] = Double.POSITIVE_INFINITY;
            }
            for (int round = 0; round < 200; round++) {
                double[] results = values.clone();
                org.pontoon.engine.internal.vector.DoubleMath.exp(results, 2, count);
                for (int i = 0; i < results.length; i++) {
                    double expected = i < 2 || i >= 2 + count ? values[i] : DoubleMath.exp(values[i]);
                    assertThat(Double.doubleToRawLongBits(results[i])).isEqualTo(Double.doubleToRawLongBits(expected));
                }
            }
        }
    }

    @Test
    void outsideItsRangeItIsZeroOrInfinite() {
        assertThat(DoubleMath.exp(Double.NEGATIVE_INFINITY)).isZero();
        assertThat(DoubleMath.exp(Math.nextDown(org.pontoon.engine.internal.scalar.DoubleMath.EXP_LEAST))).isZero();
        assertThat(DoubleMath.exp(org.pontoon.engine.internal.scalar.DoubleMath.EXP_LEAST)).isPositive();
        assertThat(DoubleMath.exp(org.pontoon.engine.internal.scalar.DoubleMath.EXP_MOST)).isFinite();
        assertThat(DoubleMath.exp(Math.nextUp(org.pontoon.engine.internal.scalar.DoubleMath.EXP_MOST))).isInfinite();
        assertThat(DoubleMath.exp(0)).isEqualTo(1);
    }
}
