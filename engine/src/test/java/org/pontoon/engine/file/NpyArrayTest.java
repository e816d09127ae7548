package org.pontoon.engine.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class NpyArrayTest {

    @Test
    void valuesAreCopiedInAndOut() {
        double[] values = {1, 2, 3, 4, 5, 6};
        NpyArray array = NpyArray.of(values, 3, 2);
        values[0] = 9;
        array.toDoubles()[1] = 9;
        array.shape()[0] = 9;
        assertThat(array.toDoubles()).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(array.shape()).containsExactly(3, 2);
        assertThat(array).hasToString("NpyArray[FLOAT64 (3, 2)]");
    }

    @Test
    void numbersConvertWhereNothingIsLost() {
        assertThat(NpyArray.of(new float[] {1.5f}, 1).toDoubles()).containsExactly(1.5);
        assertThat(NpyArray.of(new int[] {-3}, 1).toLongs()).containsExactly(-3);
        assertThat(NpyArray.of(new int[] {-3}, 1).toDoubles()).containsExactly(-3);
        assertThat(NpyArray.of(new long[] {5}, 1).toFloats()).containsExactly(5f);
        assertThat(NpyArray.of(new double[] {0.1, Double.NaN}, 2).toFloats()).containsExactly(0.1f, Float.NaN);
        assertThatIllegalArgumentException().isThrownBy(() -> NpyArray.of(new double[] {0, 1e39}, 2).toFloats())
            .withMessageContaining("1.0E39 at index 1");
        assertThatIllegalArgumentException().isThrownBy(() -> NpyArray.scalar(1.5).toLongs()).withMessageContaining("expected integers");
        assertThatIllegalArgumentException().isThrownBy(() -> NpyArray.scalar("a").toDoubles()).withMessageContaining("expected numbers");
        assertThatIllegalArgumentException().isThrownBy(() -> NpyArray.scalar(1L).asText()).withMessageContaining("expected texts");
    }

    @Test
    void aSingleValueIsAskedForByItsType() {
        assertThat(NpyArray.scalar(2.5).asDouble()).isEqualTo(2.5);
        assertThat(NpyArray.scalar(7L).asLong()).isEqualTo(7);
        assertThat(NpyArray.scalar("diagonal").asText()).isEqualTo("diagonal");
        assertThat(NpyArray.of(new double[] {4}, 1, 1).asDouble()).isEqualTo(4);
        assertThatIllegalArgumentException().isThrownBy(() -> NpyArray.of(new double[2], 2).asDouble())
            .withMessage("array has shape (2,), expected a single value");
    }

    @Test
    void aShapeHoldsExactlyTheValues() {
        assertThatIllegalArgumentException().isThrownBy(() -> NpyArray.of(new double[5], 3, 2)).withMessageContaining("holds 6");
        assertThatIllegalArgumentException().isThrownBy(() -> NpyArray.of(new double[5])).withMessageContaining("holds 1");
        assertThatIllegalArgumentException().isThrownBy(() -> NpyArray.of(new double[4], -2, -2)).withMessageContaining("length -2");
        assertThatIllegalArgumentException()
            .isThrownBy(() -> NpyArray.of(new double[4], Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE))
            .withMessageContaining("holds more");
        assertThat(NpyArray.of(new double[0], Integer.MAX_VALUE, Integer.MAX_VALUE, 0).size()).isZero();
    }

    @Test
    void textThatNumpyCannotHoldIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> NpyArray.scalar("a\0")).withMessageContaining("NUL");
        assertThatIllegalArgumentException().isThrownBy(() -> NpyArray.scalar("\ud83c")).withMessageContaining("unpaired");
    }

    @Test
    void arraysAreEqualByContent() {
        assertThat(NpyArray.of(new double[] {1, Double.NaN}, 2)).isEqualTo(NpyArray.of(new double[] {1, Double.NaN}, 2))
            .hasSameHashCodeAs(NpyArray.of(new double[] {1, Double.NaN}, 2)).isNotEqualTo(NpyArray.of(new double[] {1, 2}, 2))
            .isNotEqualTo(NpyArray.of(new double[] {1, Double.NaN}, 1, 2)).isNotEqualTo(NpyArray.of(new float[] {1, Float.NaN}, 2));
    }
}
