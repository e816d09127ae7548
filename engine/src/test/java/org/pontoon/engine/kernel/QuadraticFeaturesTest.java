package org.pontoon.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pontoon.engine.memory.Floats;

@Tag("widths")
class QuadraticFeaturesTest {

    @ParameterizedTest
    @CsvSource({"1,false,3", "7,false,15", "8,false,17", "513,false,1027", "1,true,3", "2,true,6", "4,true,15", "5,true,21", "20,true,231"})
    void featuresAreCounted(int dimension, boolean full, int count) {
        QuadraticFeatures features = new QuadraticFeatures(dimension, full);
        assertThat(features.count()).isEqualTo(count);
        assertThat(features.quadratics()).isEqualTo(count - dimension - 1);
    }

    @Test
    void featuresComeInTheDocumentedOrder() {
        float[] x = {9f, 2f, 3f, 5f};
        float[] diagonal = new float[7];
        new QuadraticFeatures(3, false).ofPoint(x, 1, diagonal);
        assertThat(diagonal).containsExactly(2f, 3f, 5f, 4f, 9f, 25f, 1f);
        float[] full = new float[10];
        new QuadraticFeatures(3, true).ofPoint(x, 1, full);
        assertThat(full).containsExactly(2f, 3f, 5f, 4f, 6f, 10f, 9f, 15f, 25f, 1f);
    }

    @ParameterizedTest
    @CsvSource({"1", "16", "17", "70", "513"})
    void diagonalFeaturesAreSquares(int dimension) {
        QuadraticFeatures features = new QuadraticFeatures(dimension, false);
        float[] x = Floats.hostile(dimension, dimension);
        float[] result = new float[features.count() + 1];
        result[features.count()] = 77f;
        features.ofPoint(x, 0, result);
        for (int d = 0; d < dimension; d++) {
            assertThat(Float.floatToRawIntBits(result[d])).isEqualTo(Float.floatToRawIntBits(x[d]));
            assertThat(result[dimension + d]).isEqualTo(x[d] * x[d]);
        }
        assertThat(result[2 * dimension]).isEqualTo(1f);
        assertThat(result[features.count()]).isEqualTo(77f);
    }

    @Test
    void aDimensionWithTooManyProductsIsRefused() {
        assertThatThrownBy(() -> new QuadraticFeatures(60_000, true)).isInstanceOf(ArithmeticException.class);
    }
}
