package org.pontoon.engine.internal.kernel;

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
        new QuadraticFeatures(3, false).ofPoint(x, 1, new float[3], diagonal);
        assertThat(diagonal).containsExactly(2f, 3f, 5f, 4f, 9f, 25f, 1f);
        float[] full = new float[10];
        new QuadraticFeatures(3, true).ofPoint(x, 1, new float[3], full);
        assertThat(full).containsExactly(2f, 3f, 5f, 4f, 6f, 10f, 9f, 15f, 25f, 1f);
    }

    @ParameterizedTest
    @CsvSource({"1,false", "2,false", "15,false", "16,false", "17,false", "31,false", "33,false", "65,false", "100,false", "257,false",
        "1000,false", "4098,false", "1,true", "2,true", "15,true", "16,true", "17,true", "33,true", "65,true"})
    void featuresAgreeWithTheirTwin(int dimension, boolean full) {
        QuadraticFeatures features = new QuadraticFeatures(dimension, full);
        float[] x = Floats.hostile(1, dimension + 3);
        float[] origin = Floats.hostile(2, dimension);
        float[] byVectors = new float[2 * dimension + 1];
        byVectors[2 * dimension] = 77f;
        float[] byScalars = byVectors.clone();
        org.pontoon.engine.internal.vector.QuadraticFeatures.centre(x, 3, origin, dimension, byVectors);
        org.pontoon.engine.internal.scalar.QuadraticFeatures.centre(x, 3, origin, dimension, byScalars);
        Floats.assertSameBits("dimension " + dimension, byVectors, byScalars);
        assertThat(byVectors[2 * dimension]).isEqualTo(77f);
        float[] expected = new float[features.count() + 1];
        int at = dimension;
        for (int i = 0; i < dimension; i++) {
            expected[i] = x[3 + i] - origin[i];
        }
        for (int i = 0; i < dimension; i++) {
            for (int j = i; j < (full ? dimension : i + 1); j++) {
                expected[at++] = expected[i] * expected[j];
            }
        }
        expected[at++] = 1f;
        expected[at] = 77f;
        float[] all = new float[features.count() + 1];
        all[at] = 77f;
        features.ofPoint(x, 3, origin, all);
        Floats.assertSameBits("dimension " + dimension, all, expected);
    }

    @Test
    void aDimensionWithTooManyProductsIsRefused() {
        assertThatThrownBy(() -> new QuadraticFeatures(60_000, true)).isInstanceOf(ArithmeticException.class);
    }
}
