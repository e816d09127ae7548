package org.pontoon.engine.internal.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.pontoon.engine.memory.AllocatedBytes;
import org.pontoon.engine.memory.Floats;

/** Every kernel allocates nothing when hot, and its bits are then those of its first call, which the interpreter did. */
@Tag("allocation")
class KernelAllocationTest {

    private static final int COMPONENTS = 12;
    private static final int DIMENSION = 33;
    private static final int STRIDE = 48;
    private static final int SIZE = PointTile.SIZE;

    private record Kernel(String name, float[] result, Runnable call) {

        @Override
        public String toString() {
            return name;
        }
    }

    /** Kernels in the making: each call starts from the same values in its result. */
    private static final class Kernels {

        private final List<Kernel> list = new ArrayList<>();

        private void add(String name, float[] result, Runnable call) {
            float[] start = values(9, result.length);
            list.add(new Kernel(name, result, () -> {
                System.arraycopy(start, 0, result, 0, result.length);
                call.run();
            }));
        }
    }

    private static float[] values(long seed, int length) {
        return Floats.random(seed, length, 2f);
    }

    static List<Kernel> kernels() {
        Kernels kernels = new Kernels();
        addProducts(kernels);
        addTiles(kernels);
        addMixtures(kernels);
        addRest(kernels);
        return kernels.list;
    }

    private static void addProducts(Kernels kernels) {
        int rows = 11;
        int columns = 112;
        int steps = 37;
        float[] p = values(1, rows * steps);
        float[] q = values(2, steps * columns);
        float[] out = new float[rows * columns];
        kernels.add("product", out,
            () -> org.pontoon.engine.internal.vector.MatrixProduct.accumulate(p, 0, steps, 1, q, 0, columns, rows, columns, steps, out, 0,
                columns));
        kernels.add("product, left operand transposed", out,
            () -> org.pontoon.engine.internal.vector.MatrixProduct.accumulate(p, 0, 1, rows, q, 0, columns, rows, columns, steps, out, 0,
                columns));
        kernels.add("product, scalars", out,
            () -> org.pontoon.engine.internal.scalar.MatrixProduct.accumulate(p, 0, steps, 1, q, 0, columns, rows, columns, steps, out, 0,
                columns));
    }

    private static void addTiles(Kernels kernels) {
        int[] indices = IntStream.range(0, SIZE).map(i -> i * 7 % 90).toArray();
        MemorySegment points = Arena.ofAuto().allocate(4L * 90 * STRIDE);
        MemorySegment.copy(values(1, 90 * STRIDE), 0, points, ValueLayout.JAVA_FLOAT, 0, 90 * STRIDE);
        float[] rows = new float[SIZE * STRIDE];
        kernels.add("gather", rows, () -> org.pontoon.engine.internal.vector.PointTile.gather(points, STRIDE, indices, 0, rows, STRIDE));
        kernels.add("gather, scalars", rows,
            () -> org.pontoon.engine.internal.scalar.PointTile.gather(points, STRIDE, indices, 0, rows, STRIDE));
        float[] tile = values(2, SIZE * STRIDE);
        float[] columns = new float[SIZE * DIMENSION];
        kernels.add("transpose", columns, () -> org.pontoon.engine.internal.vector.PointTile.transpose(tile, STRIDE, DIMENSION, columns));
        float[] fullRows = new float[SIZE * 112];
        float[] fullColumns = values(3, SIZE * 104);
        kernels.add("products of coordinates", fullRows, () -> PointTile.products(13, fullRows, 112, fullColumns));
        QuadraticFeatures features = new QuadraticFeatures(13, true);
        float[] of = new float[features.count()];
        kernels.add("features of a point", of, () -> features.ofPoint(tile, 5, columns, of));
        QuadraticFeatures squares = new QuadraticFeatures(DIMENSION, false);
        float[] ofSquares = new float[squares.count()];
        kernels.add("diagonal features of a point", ofSquares, () -> squares.ofPoint(tile, 5, columns, ofSquares));
        kernels.add("diagonal features, scalars", ofSquares,
            () -> org.pontoon.engine.internal.scalar.QuadraticFeatures.centre(tile, 5, columns, DIMENSION, ofSquares));
        kernels.add("finite", ofSquares,
            () -> ofSquares[0] = org.pontoon.engine.internal.vector.MixtureRow.isFinite(tile, STRIDE) ? 1f : 0f);
    }

    private static void addMixtures(Kernels kernels) {
        float[] slope = values(1, COMPONENTS * STRIDE);
        float[] curve = values(2, COMPONENTS * STRIDE);
        float[] rows = values(3, SIZE * STRIDE);
        float[] columns = values(4, SIZE * DIMENSION);
        float[] weights = values(5, COMPONENTS * SIZE);
        float[] logits = new float[COMPONENTS * SIZE];
        float[] first = new float[COMPONENTS * STRIDE];
        float[] second = new float[COMPONENTS * STRIDE];
        float[] sums = new float[COMPONENTS];
        float[] lanes = new float[16];
        kernels.add("forms, forward", logits,
            () -> org.pontoon.engine.internal.vector.DiagonalForms.forward(slope, curve, STRIDE, COMPONENTS, DIMENSION, columns, logits));
        kernels.add("forms, forward, scalars", logits,
            () -> org.pontoon.engine.internal.scalar.DiagonalForms.forward(slope, curve, STRIDE, COMPONENTS, DIMENSION, columns, logits));
        kernels.add("forms, backward", first, () -> {
            Arrays.fill(second, 0f);
            org.pontoon.engine.internal.vector.DiagonalForms.backward(weights, COMPONENTS, 61, rows, STRIDE, STRIDE, first, second);
        });
        kernels.add("forms, backward, scalars", second, () -> {
            Arrays.fill(first, 0f);
            org.pontoon.engine.internal.scalar.DiagonalForms.backward(weights, COMPONENTS, 61, rows, STRIDE, STRIDE, first, second);
        });
        kernels.add("softmax", logits,
            () -> org.pontoon.engine.internal.vector.Responsibilities.softmax(logits, COMPONENTS, SIZE, weights));
        kernels.add("softmax, scalars", logits,
            () -> org.pontoon.engine.internal.scalar.Responsibilities.softmax(logits, COMPONENTS, SIZE, weights));
        kernels.add("sums", sums,
            () -> org.pontoon.engine.internal.vector.Responsibilities.addSums(weights, COMPONENTS, SIZE, sums, lanes));
        kernels.add("sums, scalars", sums,
            () -> org.pontoon.engine.internal.scalar.Responsibilities.addSums(weights, COMPONENTS, SIZE, sums, lanes));
        float[][] out = new float[5][STRIDE];
        float[] inverse = new float[STRIDE];
        kernels.add("coefficients", inverse,
            () -> org.pontoon.engine.internal.vector.DiagonalMixture.coefficients(slope, curve, 0, STRIDE, 0.3f, out[0], out[1], out[2],
                out[3], inverse, out[4]));
        kernels.add("coefficients, scalars", inverse,
            () -> org.pontoon.engine.internal.scalar.DiagonalMixture.coefficients(slope, curve, 0, STRIDE, 0.3f, out[0], out[1], out[2],
                out[3], inverse, out[4]));
        kernels.add("gradients", out[0],
            () -> org.pontoon.engine.internal.vector.DiagonalMixture.gradients(slope, curve, rows, weights, 0.7f, curve, columns, 0,
                DIMENSION, 0.3f, out[0], out[1]));
        kernels.add("gradients, scalars", out[0],
            () -> org.pontoon.engine.internal.scalar.DiagonalMixture.gradients(slope, curve, rows, weights, 0.7f, curve, columns, 0,
                DIMENSION, 0.3f, out[0], out[1]));
    }

    private static void addRest(Kernels kernels) {
        float[] a = values(1, 64 * STRIDE);
        float[] b = values(2, 64 * STRIDE);
        float[] x = values(3, 64);
        float[] out = new float[STRIDE];
        MemorySegment coefficients = Arena.ofAuto().allocate(64 * STRIDE * Float.BYTES, 64);
        kernels.add("logits", out, () -> org.pontoon.engine.internal.vector.MixtureRow.logits(null, coefficients, STRIDE, x, 63, out));
        int[] active = new int[50];
        kernels.add("softmax", out, () -> org.pontoon.engine.internal.vector.MixtureRow.softmax(out, 40, STRIDE, active));
        kernels.add("softmax, scalars", out, () -> org.pontoon.engine.internal.scalar.MixtureRow.softmax(out, 40, STRIDE, active));
        kernels.add("affine map", out, () -> org.pontoon.engine.internal.vector.MixtureRow.affine(x, active, 50, a, b, STRIDE, x, x, out));
        kernels.add("affine map, scalars", out,
            () -> org.pontoon.engine.internal.scalar.MixtureRow.affine(x, active, 50, a, b, STRIDE, x, x, out));
        kernels.add("draw", out, () -> org.pontoon.engine.internal.vector.MixtureRow.addDraw(a, b, a, STRIDE, STRIDE, x, x, out));
        kernels.add("draw, scalars", out, () -> org.pontoon.engine.internal.scalar.MixtureRow.addDraw(a, b, a, STRIDE, STRIDE, x, x, out));
        kernels.add("matrix times vector", out,
            () -> org.pontoon.engine.internal.vector.MixtureRow.addProduct(a, 0, STRIDE, STRIDE, 0.1f, x, out));
        kernels.add("matrix times vector, scalars", out,
            () -> org.pontoon.engine.internal.scalar.MixtureRow.addProduct(a, 0, STRIDE, STRIDE, 0.1f, x, out));
        float[] parameters = new float[128];
        float[] first = new float[128];
        float[] second = new float[128];
        kernels.add("Adam", parameters, () -> {
            Arrays.fill(first, 0.1f);
            Arrays.fill(second, 0.1f);
            org.pontoon.engine.internal.vector.Adam.step(parameters, a, first, second, 1e-2, 3);
        });
        kernels.add("Adam, scalars", parameters, () -> {
            Arrays.fill(first, 0.1f);
            Arrays.fill(second, 0.1f);
            org.pontoon.engine.internal.scalar.Adam.step(parameters, a, first, second, 1e-2, 3);
        });
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void aHotKernelAllocatesNothing(Kernel kernel) {
        kernel.call.run();
        float[] cold = kernel.result.clone();
        AllocatedBytes.assertNoneWhenHot(kernel.name, 2_000, kernel.call);
        Floats.assertSameBits(kernel.name, kernel.result, cold);
    }

    @Test
    void allKernelsInTurnAllocateNothing() {
        List<Kernel> all = kernels();
        Runnable[] calls = all.stream().map(Kernel::call).toArray(Runnable[]::new);
        for (Runnable call : calls) {
            call.run();
        }
        List<float[]> cold = all.stream().map(kernel -> kernel.result.clone()).toList();
        AllocatedBytes.assertNoneWhenHot("all kernels in turn", 500, () -> {
            for (Runnable call : calls) {
                call.run();
            }
        });
        for (int i = 0; i < calls.length; i++) {
            Floats.assertSameBits(all.get(i).name, all.get(i).result, cold.get(i));
        }
    }
}
