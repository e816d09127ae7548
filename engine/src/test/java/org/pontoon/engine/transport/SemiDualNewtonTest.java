package org.pontoon.engine.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.pontoon.engine.parallel.TileScheduler;

class SemiDualNewtonTest {

    private static final double EPSILON = 0.01;

    /** Groups of points that are far apart in units of the blur: little mass goes between them, and that settles slowly. */
    @Test
    void clustersThatHardlyExchangeMassAreSolvedInAFewSteps() {
        SplittableRandom random = new SplittableRandom(1);
        int n = 40;
        double[] x = new double[n];
        double[] y = new double[n];
        double[] a = new double[n];
        double[] b = new double[n];
        for (int i = 0; i < n; i++) {
            x[i] = 0.5 * (i % 4) + random.nextDouble(0.05);
            y[i] = 0.5 * (i % 4) + random.nextDouble(0.05);
            a[i] = random.nextDouble(0.5, 1);
            b[i] = a[i];
        }
        a[7] += a[3];
        a[3] = 0;
        b[3] += b[7];
        b[7] = 0;
        Marginal rows = marginal(a);
        Marginal columns = marginal(b);
        try (TileScheduler scheduler = new TileScheduler(1)) {
            PairCosts costs = new PairCosts(2, x, y, 1);
            ActivePairs pairs = ActivePairs.all(costs, scheduler, EPSILON);
            assertThat(pairs.size()).isEqualTo(n * n);
            SemiDualNewton newton = new SemiDualNewton(pairs, rows, columns, EPSILON, 10);
            double[] f = new double[n];
            double[] g = new double[n];
            double plain = 1;
            for (int steps = 0; steps < 1000; steps++) {
                f = update(pairs, rows, columns, f, g);
                plain = error(pairs, rows, columns, f, g);
            }
            double error = 1;
            f = new double[n];
            int steps = 0;
            for (; error > 1e-12 && steps < 100; steps++) {
                error = error(pairs, rows, columns, f, g);
                newton.step(f, g);
            }
            assertThat(plain).isGreaterThan(1e-8);
            assertThat(steps).isLessThan(60);
        }
    }

    private static double error(ActivePairs pairs, Marginal rows, Marginal columns, double[] f, double[] g) {
        pairs.columns(bias(rows, f), g);
        double[] softmin = new double[f.length];
        pairs.rows(bias(columns, g), softmin);
        return rows.error(f, softmin, EPSILON);
    }

    private static double[] update(ActivePairs pairs, Marginal rows, Marginal columns, double[] f, double[] g) {
        pairs.columns(bias(rows, f), g);
        double[] softmin = new double[f.length];
        pairs.rows(bias(columns, g), softmin);
        return softmin;
    }

    private static double[] bias(Marginal side, double[] potential) {
        double[] bias = new double[potential.length];
        Arrays.setAll(bias, i -> side.logWeights()[i] + potential[i] / EPSILON);
        return bias;
    }

    private static Marginal marginal(double[] weights) {
        double mass = Arrays.stream(weights).sum();
        double[] normalized = Arrays.stream(weights).map(w -> w / mass).toArray();
        return new Marginal(normalized, Arrays.stream(normalized).map(Math::log).toArray(), 1, Double.POSITIVE_INFINITY);
    }
}
