package org.pontoon.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pontoon.engine.parallel.TileScheduler;

class GaussianTransportTest {

    private static final double INFINITY = Double.POSITIVE_INFINITY;

    private static GaussianTransport random(RandomProblem random, int dimension, double epsilon, double rhoX, double rhoY) {
        return new GaussianTransport(epsilon, random.normals(dimension, 1), random.covariance(dimension, 0.3), 1, rhoX,
            random.normals(dimension, 1), random.covariance(dimension, 0.3), 1, rhoY);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void recursionEndsAtTheClosedForm(int dimension) {
        RandomProblem random = new RandomProblem(3, dimension);
        double[] m0 = random.normals(dimension, 1);
        double[] m1 = random.normals(dimension, 1);
        double[] a = random.covariance(dimension, 0.2);
        double[] b = random.covariance(dimension, 0.2);
        for (double epsilon : new double[] {0.05, 1, 20}) {
            double closed = GaussianTransport.balancedCost(epsilon, m0, a, m1, b);
            assertThat(new GaussianTransport(epsilon, m0, a, 1, INFINITY, m1, b, 1, INFINITY).cost()).isCloseTo(closed, within(1e-11));
        }
    }

    @Test
    void littleEntropyIsTheBuresDistance() {
        RandomProblem random = new RandomProblem(4, 1);
        double[] m0 = random.normals(3, 1);
        double[] m1 = random.normals(3, 1);
        double[] a = random.covariance(3, 0.3);
        double[] b = random.covariance(3, 0.3);
        double bures = BuresWasserstein.halfSquaredDistance(m0, a, m1, b);
        assertThat(GaussianTransport.divergence(0.01, m0, a, 1, m1, b, 1, INFINITY)).isCloseTo(bures, within(1e-3));
    }

    @Test
    void heavyPenaltiesAreHardMarginals() {
        double hard = random(new RandomProblem(5, 1), 2, 0.5, INFINITY, INFINITY).cost();
        double heavy = random(new RandomProblem(5, 1), 2, 0.5, 1e7, 1e7).cost();
        assertThat(heavy).isCloseTo(hard, within(1e-5));
        double oneSided = random(new RandomProblem(5, 1), 2, 0.5, INFINITY, 1e7).cost();
        assertThat(oneSided).isCloseTo(hard, within(1e-5));
    }

    /** Both marginals of the plan have its mass, and relaxing them costs less. */
    @Test
    void unbalancedPlansAgreeOnTheirMass() {
        RandomProblem random = new RandomProblem(6, 1);
        double[] m0 = random.normals(2, 1);
        double[] m1 = random.normals(2, 1);
        double[] a = random.covariance(2, 0.3);
        double[] b = random.covariance(2, 0.3);
        GaussianTransport there = new GaussianTransport(0.4, m0, a, 1, 2, m1, b, 1.5, 0.7);
        GaussianTransport back = new GaussianTransport(0.4, m1, b, 1.5, 0.7, m0, a, 1, 2);
        assertThat(there.mass()).isCloseTo(back.mass(), within(1e-13));
        assertThat(there.cost()).isCloseTo(back.cost(), within(1e-13));
        assertThat(there.cost()).isCloseTo(2 * (1 - there.mass()) + 0.7 * (1.5 - there.mass()) - 0.4 * (there.mass() - 1.5), within(1e-13));
        assertThat(new GaussianTransport(0.4, m0, a, 1, 2, m1, b, 1, 2).cost())
            .isLessThan(new GaussianTransport(0.4, m0, a, 1, INFINITY, m1, b, 1, INFINITY).cost());
    }

    @Test
    void transportChecksPass() {
        try (TileScheduler scheduler = new TileScheduler(2)) {
            assertThat(TransportChecks.all(7, scheduler)).hasSizeGreaterThan(80).allSatisfy(check -> assertThat(check.pass())
                .as(check.toString()).isTrue());
        }
    }
}
