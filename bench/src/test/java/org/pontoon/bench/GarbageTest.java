package org.pontoon.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GarbageTest {

    private static boolean boxes(String benchmark, double bytes, double least, double seconds) {
        return Garbage.isBoxing(benchmark, bytes, least, seconds, 1);
    }

    @Test
    void aKernelThatAllocatesWasNotCompiled() {
        assertThat(boxes("SamplerBenchmark.mean", 81_000, 81_000, 30e-6)).isTrue();
        assertThat(boxes("SamplerBenchmark.mean", 0.02, 0, 200e-9)).isFalse();
        assertThat(boxes("SortBenchmark.sortWithOrder", 1.97e6, 0, 10e-3)).isTrue();
        assertThat(boxes("SortBenchmark.sort", 1617, 100, 70e-3)).as("the harness's, over a long operation").isFalse();
        assertThat(boxes("KernelBenchmark.mixtureLogits", 32, 32, 60e-9)).as("a small result").isFalse();
        assertThat(boxes("KernelBenchmark.exp", Double.NaN, Double.NaN, 1e-6)).as("not measured").isFalse();
    }

    @Test
    void garbageOfItsOwnIsTheSameInEachIteration() {
        assertThat(boxes("LossBenchmark.gradient", 174_649, 174_649, 80e-6)).as("2 GB a second, all its own").isFalse();
        assertThat(boxes("LossBenchmark.gradient", 14.1e6, 14.07e6, 75e-3)).isFalse();
        assertThat(boxes("TransportBenchmark.mean", 9e6, 4e5, 20e-3)).as("most of it is not there in each").isTrue();
        assertThat(boxes("TransportBenchmark.mean", 90e6, 90e6, 100e-3)).as("more than any compiled one makes").isTrue();
        assertThat(Garbage.isBoxing("TransportBenchmark.mean", 90e6, 90e6, 100e-3, 4)).as("by four threads").isFalse();
    }

    @Test
    void whatHasNoVectorsOrBoxesThemOnPurposeIsLeftAlone() {
        assertThat(boxes("KernelBenchmark.adamScalar", 1e6, 0, 1e-6)).isFalse();
        assertThat(boxes("SortBenchmark.library", 4e6, 0, 8e-3)).isFalse();
        assertThat(boxes("VectorFactsBenchmark.helper", 1e6, 1e6, 1e-6)).isFalse();
    }
}
