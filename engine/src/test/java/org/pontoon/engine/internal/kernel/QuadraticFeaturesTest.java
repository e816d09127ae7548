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
        float[] byVectors = new float[features.count() + 1];
        byVectors[features.count()] = 77f;
        float[] byScalars = byVectors.clone();
        features.ofPoint(x, 3, origin, byVectors);
        features.scalarOfPoint(x, 3, origin, byScalars);
        Floats.assertSameBits("dimension " + dimension, byVectors, byScalars);
        for (int d = 0; d < dimension; d++) {
            assertThat(byVectors[d]).isEqualTo(x[3 + d] - origin[d]);
        }
        assertThat(byVectors[features.count() - 1]).isEqualTo(1f);
        assertThat(byVectors[features.count()]).isEqualTo(77f);
    }

    @Test
    void aDimensionWithTooManyProductsIsRefused() {
        assertThatThrownBy(() -> new QuadraticFeatures(60_000, true)).isInstanceOf(ArithmeticException.class);
    }
}
