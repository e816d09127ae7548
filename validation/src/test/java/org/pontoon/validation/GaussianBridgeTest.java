package org.pontoon.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Offset;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pontoon.engine.bridge.Covariance;
import org.pontoon.engine.bridge.LightBridge;

class GaussianBridgeTest {

    private static final Offset<Double> CLOSE = within(1e-9);

    /** From N(0, 1) to N(3, 4) with epsilon 0.5; the numbers were computed independently. */
    private static final GaussianBridge LINE = GaussianBridge.between(new double[] {0}, new double[] {1}, new double[] {3},
        new double[] {4}, 0.5);

    @Test
    void planOfTheExampleOnTheLine() {
        assertThat(LINE.scale()[0]).isCloseTo(1.7655644371, CLOSE);
        assertThat(LINE.location()[0]).isCloseTo(3, CLOSE);
        assertThat(LINE.planCovariance()[0]).isCloseTo(0.8827822185, CLOSE);
        assertThat(LINE.planMean(new double[] {2})[0]).isCloseTo(3 + 2 * 1.7655644371, CLOSE);
        assertThat(LINE.crossCovariance()[0] / 2).as("correlation").isCloseTo(0.8827822185, CLOSE);
    }

    @ParameterizedTest
    @CsvSource({"0.25, 1.5683366639, 0.6425802838, 2.5180647872", "0.5, 2.2577822185, 0.5536406433, 2.1695390350",
        "0.75, 3.0683366639, 0.4863279180, 1.9057621845"})
    void marginalAndDriftOfTheExampleOnTheLine(double t, double variance, double slope, double intercept) {
        assertThat(LINE.marginalMean(t)[0]).isCloseTo(3 * t, CLOSE);
        assertThat(LINE.marginalCovariance(t)[0]).isCloseTo(variance, CLOSE);
        assertThat(LINE.driftSlope(t)[0]).isCloseTo(slope, CLOSE);
        assertThat(LINE.driftIntercept(t)[0]).isCloseTo(intercept, CLOSE);
        LightBridge bridge = LINE.toBridge(Covariance.DIAGONAL);
        assertThat(bridge.drift(new double[] {0}, t)[0]).isCloseTo(intercept, CLOSE);
        assertThat(bridge.at(t).jacobian(new double[] {1})[0]).isCloseTo(slope, CLOSE);
    }

    @Test
    void costsOfTheExampleOnTheLine() {
        assertThat(LINE.entropicCost()).isCloseTo(5.6121783399, CLOSE);
        assertThat(LINE.weakCost()).isCloseTo(4.5561354831, CLOSE);
        assertThat(LINE.optimalLoss()).isCloseTo(4.8877290339, CLOSE);
        assertThat(LINE.controlEnergy()).isCloseTo(4.8423179545, CLOSE);
    }

    private static GaussianChecks.Problem problem(long seed, int dimension, double epsilon) {
        return GaussianChecks.Problem.random(new RandomProblem(seed, 0), Covariance.FULL, dimension, epsilon);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-3, 0.5, 40})
    void planMapsTheSourceToTheTarget(double epsilon) {
        GaussianChecks.Problem p = problem(1, 6, epsilon);
        DMatrixRMaj s = matrix(p.solution().scale(), 6);
        DMatrixRMaj image = Matrices.multiply(Matrices.multiply(s, matrix(p.sourceCovariance(), 6)), s);
        assertThat(Matrices.rows(Matrices.combine(1, image, epsilon, s))).containsExactly(p.targetCovariance(), within(1e-10));
        assertThat(p.solution().planMean(p.sourceMean())).containsExactly(p.targetMean(), within(1e-11));
    }

    @Test
    void entropicCostIsExpectedCostPlusMutualInformation() {
        GaussianChecks.Problem p = problem(2, 4, 0.7);
        DMatrixRMaj cross = matrix(p.solution().crossCovariance(), 4);
        double cost = 0;
        for (int d = 0; d < 4; d++) {
            double gap = p.sourceMean()[d] - p.targetMean()[d];
            cost += 0.5 * (gap * gap + p.sourceCovariance()[5 * d] + p.targetCovariance()[5 * d]) - cross.get(d, d);
        }
        double information = 0.5
            * (Matrices.logDeterminant(matrix(p.targetCovariance(), 4))
                - Matrices.logDeterminant(matrix(p.solution().planCovariance(), 4)));
        assertThat(p.solution().entropicCost()).isCloseTo(cost + 0.7 * information, within(1e-11));
        double entropy = 0.5 * (4 * Math.log(2 * Math.PI * Math.E) + Matrices.logDeterminant(matrix(p.solution().planCovariance(), 4)));
        assertThat(p.solution().weakCost()).isCloseTo(cost - 0.7 * entropy, within(1e-11));
    }

    @Test
    void entropicCostGoesToTheWassersteinCost() {
        GaussianChecks.Problem p = problem(3, 3, 1e-6);
        double wasserstein = BuresWasserstein.halfSquaredDistance(p.sourceMean(), p.sourceCovariance(), p.targetMean(),
            p.targetCovariance());
        assertThat(p.solution().entropicCost()).isCloseTo(wasserstein, within(1e-4));
    }

    @Test
    void marginalsSolveTheLyapunovEquationOfTheDrift() {
        GaussianChecks.Problem p = problem(4, 3, 0.4);
        for (double t : new double[] {0.1, 0.5, 0.9}) {
            DMatrixRMaj slope = matrix(p.solution().driftSlope(t), 3);
            DMatrixRMaj moved = Matrices.multiply(slope, matrix(p.solution().marginalCovariance(t), 3));
            DMatrixRMaj expected = Matrices.combine(1, Matrices.combine(1, moved, 1, Matrices.transpose(moved)), 0.4, Matrices.identity(3));
            for (int i = 0; i < 9; i++) {
                int at = i;
                assertThat(FiniteDifferences.derivative(s -> p.solution().marginalCovariance(s)[at], t, 1e-3)).isCloseTo(expected.get(at),
                    within(1e-9));
            }
        }
        double energy = Quadrature.unitInterval(t -> 0.5 * p.solution().driftPower(t));
        assertThat(p.solution().controlEnergy()).isCloseTo(energy, within(1e-9));
    }

    @Test
    void reversedPlanIsTheTransposedPlan() {
        GaussianChecks.Problem p = problem(5, 4, 0.6);
        DMatrixRMaj back = matrix(p.solution().reversed().crossCovariance(), 4);
        assertThat(p.solution().crossCovariance()).containsExactly(Matrices.rows(Matrices.transpose(back)), within(1e-11));
        assertThat(p.solution().reversed().entropicCost()).isCloseTo(p.solution().entropicCost(), within(1e-11));
    }

    @Test
    void divergenceIsTheExcessOfTheObjective() {
        GaussianChecks.Problem p = problem(6, 4, 0.6);
        assertThat(p.solution().divergence(p.solution().toBridge(Covariance.FULL))).isCloseTo(0, within(1e-12));
        double[] r = p.solution().location();
        double[] s = p.solution().scale();
        r[2] += 0.1;
        s[0] *= 1.2;
        LightBridge other = LightBridge.full(0.6, new double[1], r, s).build();
        double loss = Quadrature.gaussian(other::logNormalizer, p.sourceMean(), p.sourceCovariance())
            - Quadrature.gaussian(other::logPotential, p.targetMean(), p.targetCovariance());
        assertThat(p.solution().divergence(other)).isCloseTo(loss - p.solution().optimalLoss(), within(1e-11)).isGreaterThan(1e-3);
    }

    @Test
    void diagonalBridgeIsRefusedWhereSIsNot() {
        GaussianChecks.Problem p = problem(7, 3, 0.6);
        assertThatThrownBy(() -> p.solution().toBridge(Covariance.DIAGONAL)).isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("expected a diagonal matrix");
    }

    @Test
    void badInputIsRefused() {
        double[] one = {1};
        double[] two = {0, 0};
        assertThatThrownBy(() -> GaussianBridge.between(one, one, one, one, 0)).hasMessageContaining("epsilon is 0.0");
        assertThatThrownBy(() -> GaussianBridge.between(one, one, two, one, 1)).hasMessageContaining("1 and 2 values");
        assertThatThrownBy(() -> GaussianBridge.between(two, new double[] {1, 2, 2, 1}, two, new double[] {1, 0, 0, 1}, 1))
            .hasMessage("source covariance is not positive definite");
        assertThatThrownBy(() -> GaussianBridge.between(two, new double[] {1, 0, 0, 1}, two, new double[] {1, 0, 0.5, 1}, 1))
            .hasMessageContaining("target covariance holds 0.5 and 0.0 at (1, 0)");
        assertThatThrownBy(() -> LINE.drift(one, 1.01)).hasMessageContaining("time is 1.01");
        assertThatThrownBy(() -> LINE.marginalCovariance(Double.NaN)).hasMessageContaining("time is NaN");
    }

    private static DMatrixRMaj matrix(double[] rows, int n) {
        return Matrices.of(rows, n, n);
    }
}
