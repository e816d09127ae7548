package org.pontoon.engine.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pontoon.engine.memory.PointCloud;

class DensityTest {

    @ParameterizedTest
    @EnumSource(Shape.class)
    void pointsLieInTheirShapeAndGrowWithTheSample(Shape shape) {
        try (PointCloud few = shape.sample(shape.dimension(), 50, 7); PointCloud many = shape.sample(shape.dimension(), 400, 7)) {
            double[] point = new double[shape.dimension()];
            for (int n = 0; n < 400; n++) {
                for (int d = 0; d < point.length; d++) {
                    point[d] = many.get(n, d);
                    assertThat(point[d]).isBetween(0., 1.);
                    if (n < 50) {
                        assertThat(few.get(n, d)).isEqualTo(many.get(n, d));
                    }
                }
                assertThat(shape.at(point)).isEqualTo(1);
            }
        }
    }

    /** Of a square 0.8 wide of its box: the mean lies in its middle, the variance is width^2 / 12. */
    @Test
    void momentsOfAPlacedSquare() {
        Density placed = Shape.SQUARE.placed(0.5, 0.2, 0.4);
        try (PointCloud cloud = placed.sample(2, 20_000, 3)) {
            for (int d = 0; d < 2; d++) {
                double sum = 0;
                double squares = 0;
                for (int n = 0; n < cloud.size(); n++) {
                    sum += cloud.get(n, d) / 20_000.;
                    squares += cloud.get(n, d) * cloud.get(n, d) / 20_000.;
                }
                assertThat(sum).isCloseTo(d == 0 ? 0.45 : 0.65, within(0.004));
                assertThat(squares - sum * sum).isCloseTo(0.4 * 0.4 / 12, within(4e-4));
            }
        }
    }

    @Test
    void slopeIsDrawnInProportion() {
        Density slope = point -> point[0];
        try (PointCloud cloud = slope.sample(1, 20_000, 5)) {
            double mean = 0;
            for (int n = 0; n < cloud.size(); n++) {
                mean += cloud.get(n, 0) / 20_000.;
            }
            assertThat(mean).isCloseTo(2. / 3, within(0.006));
        }
    }

    @Test
    void emptyDensityIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> ((Density) point -> 0).sample(2, 1, 1)).withMessageContaining("density");
        assertThatIllegalArgumentException().isThrownBy(() -> Shape.DISK.sample(1, 1, 1)).withMessageContaining("1 coordinates");
    }

    /** Two of six pixels carry mass, three to one; without jitter points lie at their middles. */
    @Test
    void pixelsAreDrawnByTheirMass() {
        double[] masses = {0, 0, 3, 1, 0, 0};
        try (PointCloud cloud = Density.samplePicture(masses, 3, 0, 10_000, 4)) {
            int right = 0;
            for (int n = 0; n < cloud.size(); n++) {
                boolean lowRight = cloud.get(n, 0) == 2.5f / 3 && cloud.get(n, 1) == 0.5f / 3;
                boolean highLeft = cloud.get(n, 0) == 0.5f / 3 && cloud.get(n, 1) == 1.5f / 3;
                assertThat(lowRight || highLeft).isTrue();
                right += lowRight ? 1 : 0;
            }
            assertThat(right).isBetween(7350, 7650);
        }
        try (PointCloud cloud = Density.samplePicture(new double[] {1}, 1, 0.01, 5000, 4)) {
            double square = 0;
            for (int n = 0; n < cloud.size(); n++) {
                square += (cloud.get(n, 0) - 0.5) * (cloud.get(n, 0) - 0.5) / 5000;
            }
            assertThat(Math.sqrt(square)).isCloseTo(0.01, within(5e-4));
        }
    }

    @Test
    void badPicturesAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Density.samplePicture(new double[5], 2, 0, 1, 1))
            .withMessageContaining("5 pixels");
        assertThatIllegalArgumentException().isThrownBy(() -> Density.samplePicture(new double[4], 2, 0, 1, 1))
            .withMessageContaining("mass 0");
        assertThatIllegalArgumentException().isThrownBy(() -> Density.samplePicture(new double[] {1, Double.NaN}, 2, 0, 1, 1))
            .withMessageContaining("pixel 1");
    }
}
