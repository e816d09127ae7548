package org.pontoon.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.pontoon.engine.internal.scalar.FloatMath;
import org.pontoon.engine.internal.vector.VectorSupport;

/**
 * Where should the columns of a pair kernel lie? The sum of Gaussian kernels between two clouds of 9984 points in 3 dimensions, on one
 * thread, in the forms between which the engine had to choose. One operation is a nanosecond's share of pairs: scores are Gpairs/s.
 *
 * <p>The same loop everywhere: differences, squared distance, the engine's polynomial exponential written out, a weighted sum. Every answer
 * must be that of the scalar float64 sum within 1e-4.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsPrepend = {ForkFlags.VECTOR, ForkFlags.TIER, ForkFlags.EXPORTS, ForkFlags.UNSAFE}, jvmArgs = {ForkFlags.COLLECTOR,
    ForkFlags.LEAST_HEAP, ForkFlags.MOST_HEAP})
public class PairSumFactsBenchmark {

    private static final VectorSpecies<Float> F = VectorSupport.FLOATS;
    private static final int L = VectorSupport.LANES;
    private static final int POINTS = 9984;
    private static final int TILE = 512;
    private static final int PAIRS = POINTS * POINTS;

    private final float[] x = Synthetic.normals(3 * POINTS, 10);
    private final float[][] y = {Synthetic.normals(POINTS, 11), Synthetic.normals(POINTS, 12), Synthetic.normals(POINTS, 13)};
    private final float[] w = new float[POINTS];
    private final float[] sums = new float[POINTS];
    private final float[][] scratch = new float[4][TILE];
    private final float[] constants = {FloatMath.LOG2_E, FloatMath.ROUNDING, FloatMath.MINUS_LN2_HIGH, FloatMath.MINUS_LN2_LOW,
        FloatMath.EXP7,
        FloatMath.EXP6, FloatMath.EXP5, FloatMath.EXP4, FloatMath.EXP3, FloatMath.EXP2, 1f, FloatMath.EXP_LEAST, -0.5f, 0f};
    private final float[] expected = new float[16];
    private Arena arena;
    private MemorySegment columns;
    private final MemorySegment[] slices = new MemorySegment[4];

    /** Called by JMH. */
    public PairSumFactsBenchmark() {
    }

    /** Makes the data. */
    @Setup
    public void start() {
        arena = Arena.ofShared();
        columns = arena.allocate(16L * POINTS, 64);
        for (int j = 0; j < POINTS; j++) {
            w[j] = 0.5f + j / (2f * POINTS);
        }
        for (int c = 0; c < 4; c++) {
            slices[c] = columns.asSlice(4L * c * POINTS, 4L * POINTS, 64);
            MemorySegment.copy(c < 3 ? y[c] : w, 0, slices[c], ValueLayout.JAVA_FLOAT, 0, POINTS);
        }
        for (int r = 0; r < expected.length; r++) {
            int i = row(r);
            double sum = 0;
            for (int j = 0; j < POINTS; j++) {
                double square = 0;
                for (int d = 0; d < 3; d++) {
                    double u = (double) x[3 * i + d] - y[d][j];
                    square += u * u;
                }
                sum += w[j] * Math.exp(-0.5 * square);
            }
            expected[r] = (float) sum;
        }
    }

    private int row(int r) {
        return r * 617;
    }

    /** Checks the last answer. */
    @TearDown
    public void check() {
        float[] actual = new float[expected.length];
        for (int r = 0; r < actual.length; r++) {
            actual[r] = sums[row(r)];
        }
        Checks.near("sum of Gaussian kernels", expected, actual, 1e-4);
        arena.close();
    }

    /**
     * Columns in arrays, two rows a step.
     *
     * @return sums
     */
    @Benchmark
    @OperationsPerInvocation(PAIRS)
    public float[] arrays() {
        Arrays.fill(sums, 0f);
        for (int i = 0; i < POINTS; i += 2) {
            rowsOfArrays(x, i, y[0], y[1], y[2], w, POINTS, sums);
        }
        return sums;
    }

    /**
     * Columns off-heap, packed tile by tile into arrays, two rows a step.
     *
     * @return sums
     */
    @Benchmark
    @OperationsPerInvocation(PAIRS)
    public float[] packedTiles() {
        Arrays.fill(sums, 0f);
        for (int first = 0; first < POINTS; first += TILE) {
            int count = Math.min(TILE, POINTS - first);
            for (int c = 0; c < 4; c++) {
                MemorySegment.copy(columns, ValueLayout.JAVA_FLOAT, 4L * ((long) c * POINTS + first), scratch[c], 0, count);
            }
            for (int i = 0; i < POINTS; i += 2) {
                rowsOfArrays(x, i, scratch[0], scratch[1], scratch[2], scratch[3], count, sums);
            }
        }
        return sums;
    }

    /**
     * Columns off-heap, read in the innermost loop, a segment for each.
     *
     * @return sums
     */
    @Benchmark
    @OperationsPerInvocation(PAIRS)
    public float[] segmentSlices() {
        Arrays.fill(sums, 0f);
        for (int i = 0; i < POINTS; i += 2) {
            rowsOfSlices(x, i, slices[0], slices[1], slices[2], slices[3], POINTS, sums);
        }
        return sums;
    }

    /**
     * Columns off-heap, read in the innermost loop, at offsets of one segment.
     *
     * @return sums
     */
    @Benchmark
    @OperationsPerInvocation(PAIRS)
    public float[] segmentOffsets() {
        Arrays.fill(sums, 0f);
        for (int i = 0; i < POINTS; i += 2) {
            rowsOfOffsets(x, i, columns, 4L * POINTS, POINTS, sums);
        }
        return sums;
    }

    /**
     * Columns in arrays, four rows a step.
     *
     * @return sums
     */
    @Benchmark
    @OperationsPerInvocation(PAIRS)
    public float[] arraysFourRows() {
        Arrays.fill(sums, 0f);
        for (int i = 0; i < POINTS; i += 4) {
            rowsOfArrays4(x, i, y[0], y[1], y[2], w, POINTS, sums);
        }
        return sums;
    }

    /**
     * Columns in arrays, four rows a step, all constants of the polynomial held in variables from before the loop.
     *
     * @return sums
     */
    @Benchmark
    @OperationsPerInvocation(PAIRS)
    public float[] arraysFourRowsHoisted() {
        Arrays.fill(sums, 0f);
        for (int i = 0; i < POINTS; i += 4) {
            rowsHoisted4(x, i, y[0], y[1], y[2], w, POINTS, constants, sums);
        }
        return sums;
    }

    /**
     * Columns in arrays, two rows a step, the JDK's vector exponential.
     *
     * @return sums
     */
    @Benchmark
    @OperationsPerInvocation(PAIRS)
    public float[] arraysLibraryExp() {
        Arrays.fill(sums, 0f);
        for (int i = 0; i < POINTS; i += 2) {
            rowsWithLibraryExp(x, i, y[0], y[1], y[2], w, POINTS, sums);
        }
        return sums;
    }

    // The loops are written out: a helper that returns a vector may not be inlined (VectorFactsBenchmark shows it).

    /** Two rows against packed columns. */
    private static void rowsOfArrays(float[] x, int i, float[] y0, float[] y1, float[] y2, float[] weights, int count, float[] out) {
        FloatVector x0a = FloatVector.broadcast(F, x[3 * i]);
        FloatVector x0b = FloatVector.broadcast(F, x[3 * i + 1]);
        FloatVector x0c = FloatVector.broadcast(F, x[3 * i + 2]);
        FloatVector x1a = FloatVector.broadcast(F, x[3 * i + 3]);
        FloatVector x1b = FloatVector.broadcast(F, x[3 * i + 4]);
        FloatVector x1c = FloatVector.broadcast(F, x[3 * i + 5]);
        FloatVector sum0 = FloatVector.zero(F);
        FloatVector sum1 = FloatVector.zero(F);
        for (int j = 0; j < count; j += L) {
            FloatVector ya = FloatVector.fromArray(F, y0, j);
            FloatVector yb = FloatVector.fromArray(F, y1, j);
            FloatVector yc = FloatVector.fromArray(F, y2, j);
            FloatVector w = FloatVector.fromArray(F, weights, j);
            FloatVector u0 = ya.sub(x0a);
            FloatVector d0 = u0.mul(u0);
            u0 = yb.sub(x0b);
            d0 = u0.fma(u0, d0);
            u0 = yc.sub(x0c);
            d0 = u0.fma(u0, d0).mul(-0.5f);
            FloatVector t0 = d0.fma(FloatMath.LOG2_E, FloatMath.ROUNDING);
            FloatVector n0 = t0.sub(FloatMath.ROUNDING);
            FloatVector q0 = n0.lanewise(VectorOperators.FMA, FloatMath.MINUS_LN2_HIGH, d0);
            q0 = n0.lanewise(VectorOperators.FMA, FloatMath.MINUS_LN2_LOW, q0);
            FloatVector p0 = q0.fma(FloatMath.EXP7, FloatMath.EXP6);
            p0 = p0.fma(q0, FloatVector.broadcast(F, FloatMath.EXP5));
            p0 = p0.fma(q0, FloatVector.broadcast(F, FloatMath.EXP4));
            p0 = p0.fma(q0, FloatVector.broadcast(F, FloatMath.EXP3));
            p0 = p0.fma(q0, FloatVector.broadcast(F, FloatMath.EXP2));
            p0 = p0.fma(q0.mul(q0), q0).add(1f);
            FloatVector e0 = p0.reinterpretAsInts().add(t0.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
            e0 = e0.blend(0f, d0.compare(VectorOperators.LT, FloatMath.EXP_LEAST));
            sum0 = w.fma(e0, sum0);
            FloatVector u1 = ya.sub(x1a);
            FloatVector d1 = u1.mul(u1);
            u1 = yb.sub(x1b);
            d1 = u1.fma(u1, d1);
            u1 = yc.sub(x1c);
            d1 = u1.fma(u1, d1).mul(-0.5f);
            FloatVector t1 = d1.fma(FloatMath.LOG2_E, FloatMath.ROUNDING);
            FloatVector n1 = t1.sub(FloatMath.ROUNDING);
            FloatVector q1 = n1.lanewise(VectorOperators.FMA, FloatMath.MINUS_LN2_HIGH, d1);
            q1 = n1.lanewise(VectorOperators.FMA, FloatMath.MINUS_LN2_LOW, q1);
            FloatVector p1 = q1.fma(FloatMath.EXP7, FloatMath.EXP6);
            p1 = p1.fma(q1, FloatVector.broadcast(F, FloatMath.EXP5));
            p1 = p1.fma(q1, FloatVector.broadcast(F, FloatMath.EXP4));
            p1 = p1.fma(q1, FloatVector.broadcast(F, FloatMath.EXP3));
            p1 = p1.fma(q1, FloatVector.broadcast(F, FloatMath.EXP2));
            p1 = p1.fma(q1.mul(q1), q1).add(1f);
            FloatVector e1 = p1.reinterpretAsInts().add(t1.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
            e1 = e1.blend(0f, d1.compare(VectorOperators.LT, FloatMath.EXP_LEAST));
            sum1 = w.fma(e1, sum1);
        }
        out[i] += sum0.reduceLanes(VectorOperators.ADD);
        out[i + 1] += sum1.reduceLanes(VectorOperators.ADD);
    }

    /** Four rows against packed columns: more live vectors than registers. */
    private static void rowsOfArrays4(float[] x, int i, float[] y0, float[] y1, float[] y2, float[] weights, int count, float[] out) {
        FloatVector x0a = FloatVector.broadcast(F, x[3 * i]);
        FloatVector x0b = FloatVector.broadcast(F, x[3 * i + 1]);
        FloatVector x0c = FloatVector.broadcast(F, x[3 * i + 2]);
        FloatVector x1a = FloatVector.broadcast(F, x[3 * i + 3]);
        FloatVector x1b = FloatVector.broadcast(F, x[3 * i + 4]);
        FloatVector x1c = FloatVector.broadcast(F, x[3 * i + 5]);
        FloatVector x2a = FloatVector.broadcast(F, x[3 * i + 6]);
        FloatVector x2b = FloatVector.broadcast(F, x[3 * i + 7]);
        FloatVector x2c = FloatVector.broadcast(F, x[3 * i + 8]);
        FloatVector x3a = FloatVector.broadcast(F, x[3 * i + 9]);
        FloatVector x3b = FloatVector.broadcast(F, x[3 * i + 10]);
        FloatVector x3c = FloatVector.broadcast(F, x[3 * i + 11]);
        FloatVector sum0 = FloatVector.zero(F);
        FloatVector sum1 = FloatVector.zero(F);
        FloatVector sum2 = FloatVector.zero(F);
        FloatVector sum3 = FloatVector.zero(F);
        for (int j = 0; j < count; j += L) {
            FloatVector ya = FloatVector.fromArray(F, y0, j);
            FloatVector yb = FloatVector.fromArray(F, y1, j);
            FloatVector yc = FloatVector.fromArray(F, y2, j);
            FloatVector w = FloatVector.fromArray(F, weights, j);
            FloatVector u0 = ya.sub(x0a);
            FloatVector d0 = u0.mul(u0);
            u0 = yb.sub(x0b);
            d0 = u0.fma(u0, d0);
            u0 = yc.sub(x0c);
            d0 = u0.fma(u0, d0).mul(-0.5f);
            FloatVector t0 = d0.fma(FloatMath.LOG2_E, FloatMath.ROUNDING);
            FloatVector n0 = t0.sub(FloatMath.ROUNDING);
            FloatVector q0 = n0.lanewise(VectorOperators.FMA, FloatMath.MINUS_LN2_HIGH, d0);
            q0 = n0.lanewise(VectorOperators.FMA, FloatMath.MINUS_LN2_LOW, q0);
            FloatVector p0 = q0.fma(FloatMath.EXP7, FloatMath.EXP6);
            p0 = p0.fma(q0, FloatVector.broadcast(F, FloatMath.EXP5));
            p0 = p0.fma(q0, FloatVector.broadcast(F, FloatMath.EXP4));
            p0 = p0.fma(q0, FloatVector.broadcast(F, FloatMath.EXP3));
            p0 = p0.fma(q0, FloatVector.broadcast(F, FloatMath.EXP2));
            p0 = p0.fma(q0.mul(q0), q0).add(1f);
            FloatVector e0 = p0.reinterpretAsInts().add(t0.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
            e0 = e0.blend(0f, d0.compare(VectorOperators.LT, FloatMath.EXP_LEAST));
            sum0 = w.fma(e0, sum0);
            FloatVector u1 = ya.sub(x1a);
            FloatVector d1 = u1.mul(u1);
            u1 = yb.sub(x1b);
            d1 = u1.fma(u1, d1);
            u1 = yc.sub(x1c);
            d1 = u1.fma(u1, d1).mul(-0.5f);
            FloatVector t1 = d1.fma(FloatMath.LOG2_E, FloatMath.ROUNDING);
            FloatVector n1 = t1.sub(FloatMath.ROUNDING);
            FloatVector q1 = n1.lanewise(VectorOperators.FMA, FloatMath.MINUS_LN2_HIGH, d1);
            q1 = n1.lanewise(VectorOperators.FMA, FloatMath.MINUS_LN2_LOW, q1);
            FloatVector p1 = q1.fma(FloatMath.EXP7, FloatMath.EXP6);
            p1 = p1.fma(q1, FloatVector.broadcast(F, FloatMath.EXP5));
            p1 = p1.fma(q1, FloatVector.broadcast(F, FloatMath.EXP4));
            p1 = p1.fma(q1, FloatVector.broadcast(F, FloatMath.EXP3));
            p1 = p1.fma(q1, FloatVector.broadcast(F, FloatMath.EXP2));
            p1 = p1.fma(q1.mul(q1), q1).add(1f);
            FloatVector e1 = p1.reinterpretAsInts().add(t1.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
            e1 = e1.blend(0f, d1.compare(VectorOperators.LT, FloatMath.EXP_LEAST));
            sum1 = w.fma(e1, sum1);
            FloatVector u2 = ya.sub(x2a);
            FloatVector d2 = u2.mul(u2);
            u2 = yb.sub(x2b);
            d2 = u2.fma(u2, d2);
            u2 = yc.sub(x2c);
            d2 = u2.fma(u2, d2).mul(-0.5f);
            FloatVector t2 = d2.fma(FloatMath.LOG2_E, FloatMath.ROUNDING);
            FloatVector n2 = t2.sub(FloatMath.ROUNDING);
            FloatVector q2 = n2.lanewise(VectorOperators.FMA, FloatMath.MINUS_LN2_HIGH, d2);
            q2 = n2.lanewise(VectorOperators.FMA, FloatMath.MINUS_LN2_LOW, q2);
            FloatVector p2 = q2.fma(FloatMath.EXP7, FloatMath.EXP6);
            p2 = p2.fma(q2, FloatVector.broadcast(F, FloatMath.EXP5));
            p2 = p2.fma(q2, FloatVector.broadcast(F, FloatMath.EXP4));
            p2 = p2.fma(q2, FloatVector.broadcast(F, FloatMath.EXP3));
            p2 = p2.fma(q2, FloatVector.broadcast(F, FloatMath.EXP2));
            p2 = p2.fma(q2.mul(q2), q2).add(1f);
            FloatVector e2 = p2.reinterpretAsInts().add(t2.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
            e2 = e2.blend(0f, d2.compare(VectorOperators.LT, FloatMath.EXP_LEAST));
            sum2 = w.fma(e2, sum2);
            FloatVector u3 = ya.sub(x3a);
            FloatVector d3 = u3.mul(u3);
            u3 = yb.sub(x3b);
            d3 = u3.fma(u3, d3);
            u3 = yc.sub(x3c);
            d3 = u3.fma(u3, d3).mul(-0.5f);
            FloatVector t3 = d3.fma(FloatMath.LOG2_E, FloatMath.ROUNDING);
            FloatVector n3 = t3.sub(FloatMath.ROUNDING);
            FloatVector q3 = n3.lanewise(VectorOperators.FMA, FloatMath.MINUS_LN2_HIGH, d3);
            q3 = n3.lanewise(VectorOperators.FMA, FloatMath.MINUS_LN2_LOW, q3);
            FloatVector p3 = q3.fma(FloatMath.EXP7, FloatMath.EXP6);
            p3 = p3.fma(q3, FloatVector.broadcast(F, FloatMath.EXP5));
            p3 = p3.fma(q3, FloatVector.broadcast(F, FloatMath.EXP4));
            p3 = p3.fma(q3, FloatVector.broadcast(F, FloatMath.EXP3));
            p3 = p3.fma(q3, FloatVector.broadcast(F, FloatMath.EXP2));
            p3 = p3.fma(q3.mul(q3), q3).add(1f);
            FloatVector e3 = p3.reinterpretAsInts().add(t3.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
            e3 = e3.blend(0f, d3.compare(VectorOperators.LT, FloatMath.EXP_LEAST));
            sum3 = w.fma(e3, sum3);
        }
        out[i] += sum0.reduceLanes(VectorOperators.ADD);
        out[i + 1] += sum1.reduceLanes(VectorOperators.ADD);
        out[i + 2] += sum2.reduceLanes(VectorOperators.ADD);
        out[i + 3] += sum3.reduceLanes(VectorOperators.ADD);
    }

    /** Two rows against columns in memory segments of their own. */
    private static void rowsOfSlices(float[] x, int i, MemorySegment y0, MemorySegment y1, MemorySegment y2, MemorySegment weights,
            int count,
            float[] out) {
        FloatVector x0a = FloatVector.broadcast(F, x[3 * i]);
        FloatVector x0b = FloatVector.broadcast(F, x[3 * i + 1]);
        FloatVector x0c = FloatVector.broadcast(F, x[3 * i + 2]);
        FloatVector x1a = FloatVector.broadcast(F, x[3 * i + 3]);
        FloatVector x1b = FloatVector.broadcast(F, x[3 * i + 4]);
        FloatVector x1c = FloatVector.broadcast(F, x[3 * i + 5]);
        FloatVector sum0 = FloatVector.zero(F);
        FloatVector sum1 = FloatVector.zero(F);
        for (int j = 0; j < count; j += L) {
            FloatVector ya = FloatVector.fromMemorySegment(F, y0, 4L * j, ByteOrder.nativeOrder());
            FloatVector yb = FloatVector.fromMemorySegment(F, y1, 4L * j, ByteOrder.nativeOrder());
            FloatVector yc = FloatVector.fromMemorySegment(F, y2, 4L * j, ByteOrder.nativeOrder());
            FloatVector w = FloatVector.fromMemorySegment(F, weights, 4L * j, ByteOrder.nativeOrder());
            FloatVector u0 = ya.sub(x0a);
            FloatVector d0 = u0.mul(u0);
            u0 = yb.sub(x0b);
            d0 = u0.fma(u0, d0);
            u0 = yc.sub(x0c);
            d0 = u0.fma(u0, d0).mul(-0.5f);
            FloatVector t0 = d0.fma(FloatMath.LOG2_E, FloatMath.ROUNDING);
            FloatVector n0 = t0.sub(FloatMath.ROUNDING);
            FloatVector q0 = n0.lanewise(VectorOperators.FMA, FloatMath.MINUS_LN2_HIGH, d0);
            q0 = n0.lanewise(VectorOperators.FMA, FloatMath.MINUS_LN2_LOW, q0);
            FloatVector p0 = q0.fma(FloatMath.EXP7, FloatMath.EXP6);
            p0 = p0.fma(q0, FloatVector.broadcast(F, FloatMath.EXP5));
            p0 = p0.fma(q0, FloatVector.broadcast(F, FloatMath.EXP4));
            p0 = p0.fma(q0, FloatVector.broadcast(F, FloatMath.EXP3));
            p0 = p0.fma(q0, FloatVector.broadcast(F, FloatMath.EXP2));
            p0 = p0.fma(q0.mul(q0), q0).add(1f);
            FloatVector e0 = p0.reinterpretAsInts().add(t0.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
            e0 = e0.blend(0f, d0.compare(VectorOperators.LT, FloatMath.EXP_LEAST));
            sum0 = w.fma(e0, sum0);
            FloatVector u1 = ya.sub(x1a);
            FloatVector d1 = u1.mul(u1);
            u1 = yb.sub(x1b);
            d1 = u1.fma(u1, d1);
            u1 = yc.sub(x1c);
            d1 = u1.fma(u1, d1).mul(-0.5f);
            FloatVector t1 = d1.fma(FloatMath.LOG2_E, FloatMath.ROUNDING);
            FloatVector n1 = t1.sub(FloatMath.ROUNDING);
            FloatVector q1 = n1.lanewise(VectorOperators.FMA, FloatMath.MINUS_LN2_HIGH, d1);
            q1 = n1.lanewise(VectorOperators.FMA, FloatMath.MINUS_LN2_LOW, q1);
            FloatVector p1 = q1.fma(FloatMath.EXP7, FloatMath.EXP6);
            p1 = p1.fma(q1, FloatVector.broadcast(F, FloatMath.EXP5));
            p1 = p1.fma(q1, FloatVector.broadcast(F, FloatMath.EXP4));
            p1 = p1.fma(q1, FloatVector.broadcast(F, FloatMath.EXP3));
            p1 = p1.fma(q1, FloatVector.broadcast(F, FloatMath.EXP2));
            p1 = p1.fma(q1.mul(q1), q1).add(1f);
            FloatVector e1 = p1.reinterpretAsInts().add(t1.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
            e1 = e1.blend(0f, d1.compare(VectorOperators.LT, FloatMath.EXP_LEAST));
            sum1 = w.fma(e1, sum1);
        }
        out[i] += sum0.reduceLanes(VectorOperators.ADD);
        out[i + 1] += sum1.reduceLanes(VectorOperators.ADD);
    }

    /** Two rows against columns at long offsets of one memory segment. */
    private static void rowsOfOffsets(float[] x, int i, MemorySegment columns, long stride, int count, float[] out) {
        FloatVector x0a = FloatVector.broadcast(F, x[3 * i]);
        FloatVector x0b = FloatVector.broadcast(F, x[3 * i + 1]);
        FloatVector x0c = FloatVector.broadcast(F, x[3 * i + 2]);
        FloatVector x1a = FloatVector.broadcast(F, x[3 * i + 3]);
        FloatVector x1b = FloatVector.broadcast(F, x[3 * i + 4]);
        FloatVector x1c = FloatVector.broadcast(F, x[3 * i + 5]);
        FloatVector sum0 = FloatVector.zero(F);
        FloatVector sum1 = FloatVector.zero(F);
        for (int j = 0; j < count; j += L) {
            FloatVector ya = FloatVector.fromMemorySegment(F, columns, 4L * j, ByteOrder.nativeOrder());
            FloatVector yb = FloatVector.fromMemorySegment(F, columns, stride + 4L * j, ByteOrder.nativeOrder());
            FloatVector yc = FloatVector.fromMemorySegment(F, columns, 2 * stride + 4L * j, ByteOrder.nativeOrder());
            FloatVector w = FloatVector.fromMemorySegment(F, columns, 3 * stride + 4L * j, ByteOrder.nativeOrder());
            FloatVector u0 = ya.sub(x0a);
            FloatVector d0 = u0.mul(u0);
            u0 = yb.sub(x0b);
            d0 = u0.fma(u0, d0);
            u0 = yc.sub(x0c);
            d0 = u0.fma(u0, d0).mul(-0.5f);
            FloatVector t0 = d0.fma(FloatMath.LOG2_E, FloatMath.ROUNDING);
            FloatVector n0 = t0.sub(FloatMath.ROUNDING);
            FloatVector q0 = n0.lanewise(VectorOperators.FMA, FloatMath.MINUS_LN2_HIGH, d0);
            q0 = n0.lanewise(VectorOperators.FMA, FloatMath.MINUS_LN2_LOW, q0);
            FloatVector p0 = q0.fma(FloatMath.EXP7, FloatMath.EXP6);
            p0 = p0.fma(q0, FloatVector.broadcast(F, FloatMath.EXP5));
            p0 = p0.fma(q0, FloatVector.broadcast(F, FloatMath.EXP4));
            p0 = p0.fma(q0, FloatVector.broadcast(F, FloatMath.EXP3));
            p0 = p0.fma(q0, FloatVector.broadcast(F, FloatMath.EXP2));
            p0 = p0.fma(q0.mul(q0), q0).add(1f);
            FloatVector e0 = p0.reinterpretAsInts().add(t0.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
            e0 = e0.blend(0f, d0.compare(VectorOperators.LT, FloatMath.EXP_LEAST));
            sum0 = w.fma(e0, sum0);
            FloatVector u1 = ya.sub(x1a);
            FloatVector d1 = u1.mul(u1);
            u1 = yb.sub(x1b);
            d1 = u1.fma(u1, d1);
            u1 = yc.sub(x1c);
            d1 = u1.fma(u1, d1).mul(-0.5f);
            FloatVector t1 = d1.fma(FloatMath.LOG2_E, FloatMath.ROUNDING);
            FloatVector n1 = t1.sub(FloatMath.ROUNDING);
            FloatVector q1 = n1.lanewise(VectorOperators.FMA, FloatMath.MINUS_LN2_HIGH, d1);
            q1 = n1.lanewise(VectorOperators.FMA, FloatMath.MINUS_LN2_LOW, q1);
            FloatVector p1 = q1.fma(FloatMath.EXP7, FloatMath.EXP6);
            p1 = p1.fma(q1, FloatVector.broadcast(F, FloatMath.EXP5));
            p1 = p1.fma(q1, FloatVector.broadcast(F, FloatMath.EXP4));
            p1 = p1.fma(q1, FloatVector.broadcast(F, FloatMath.EXP3));
            p1 = p1.fma(q1, FloatVector.broadcast(F, FloatMath.EXP2));
            p1 = p1.fma(q1.mul(q1), q1).add(1f);
            FloatVector e1 = p1.reinterpretAsInts().add(t1.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
            e1 = e1.blend(0f, d1.compare(VectorOperators.LT, FloatMath.EXP_LEAST));
            sum1 = w.fma(e1, sum1);
        }
        out[i] += sum0.reduceLanes(VectorOperators.ADD);
        out[i + 1] += sum1.reduceLanes(VectorOperators.ADD);
    }

    /** Two rows against packed columns, with the JDK's vector exponential. */
    private static void rowsWithLibraryExp(float[] x, int i, float[] y0, float[] y1, float[] y2, float[] weights, int count, float[] out) {
        FloatVector x0a = FloatVector.broadcast(F, x[3 * i]);
        FloatVector x0b = FloatVector.broadcast(F, x[3 * i + 1]);
        FloatVector x0c = FloatVector.broadcast(F, x[3 * i + 2]);
        FloatVector x1a = FloatVector.broadcast(F, x[3 * i + 3]);
        FloatVector x1b = FloatVector.broadcast(F, x[3 * i + 4]);
        FloatVector x1c = FloatVector.broadcast(F, x[3 * i + 5]);
        FloatVector sum0 = FloatVector.zero(F);
        FloatVector sum1 = FloatVector.zero(F);
        for (int j = 0; j < count; j += L) {
            FloatVector ya = FloatVector.fromArray(F, y0, j);
            FloatVector yb = FloatVector.fromArray(F, y1, j);
            FloatVector yc = FloatVector.fromArray(F, y2, j);
            FloatVector w = FloatVector.fromArray(F, weights, j);
            FloatVector u0 = ya.sub(x0a);
            FloatVector d0 = u0.mul(u0);
            u0 = yb.sub(x0b);
            d0 = u0.fma(u0, d0);
            u0 = yc.sub(x0c);
            d0 = u0.fma(u0, d0).mul(-0.5f);
            FloatVector e0 = d0.lanewise(VectorOperators.EXP);
            sum0 = w.fma(e0, sum0);
            FloatVector u1 = ya.sub(x1a);
            FloatVector d1 = u1.mul(u1);
            u1 = yb.sub(x1b);
            d1 = u1.fma(u1, d1);
            u1 = yc.sub(x1c);
            d1 = u1.fma(u1, d1).mul(-0.5f);
            FloatVector e1 = d1.lanewise(VectorOperators.EXP);
            sum1 = w.fma(e1, sum1);
        }
        out[i] += sum0.reduceLanes(VectorOperators.ADD);
        out[i + 1] += sum1.reduceLanes(VectorOperators.ADD);
    }

    /** Four rows against packed columns, every constant in a local that C2 cannot know. */
    private static void rowsHoisted4(float[] x, int i, float[] y0, float[] y1, float[] y2, float[] weights, int count, float[] constants,
            float[] out) {
        FloatVector x0a = FloatVector.broadcast(F, x[3 * i]);
        FloatVector x0b = FloatVector.broadcast(F, x[3 * i + 1]);
        FloatVector x0c = FloatVector.broadcast(F, x[3 * i + 2]);
        FloatVector x1a = FloatVector.broadcast(F, x[3 * i + 3]);
        FloatVector x1b = FloatVector.broadcast(F, x[3 * i + 4]);
        FloatVector x1c = FloatVector.broadcast(F, x[3 * i + 5]);
        FloatVector x2a = FloatVector.broadcast(F, x[3 * i + 6]);
        FloatVector x2b = FloatVector.broadcast(F, x[3 * i + 7]);
        FloatVector x2c = FloatVector.broadcast(F, x[3 * i + 8]);
        FloatVector x3a = FloatVector.broadcast(F, x[3 * i + 9]);
        FloatVector x3b = FloatVector.broadcast(F, x[3 * i + 10]);
        FloatVector x3c = FloatVector.broadcast(F, x[3 * i + 11]);
        FloatVector log2e = FloatVector.broadcast(F, constants[0]);
        FloatVector rounding = FloatVector.broadcast(F, constants[1]);
        FloatVector high = FloatVector.broadcast(F, constants[2]);
        FloatVector low = FloatVector.broadcast(F, constants[3]);
        FloatVector c7 = FloatVector.broadcast(F, constants[4]);
        FloatVector c6 = FloatVector.broadcast(F, constants[5]);
        FloatVector c5 = FloatVector.broadcast(F, constants[6]);
        FloatVector c4 = FloatVector.broadcast(F, constants[7]);
        FloatVector c3 = FloatVector.broadcast(F, constants[8]);
        FloatVector c2 = FloatVector.broadcast(F, constants[9]);
        FloatVector one = FloatVector.broadcast(F, constants[10]);
        FloatVector least = FloatVector.broadcast(F, constants[11]);
        FloatVector minusHalf = FloatVector.broadcast(F, constants[12]);
        FloatVector zero = FloatVector.broadcast(F, constants[13]);
        FloatVector sum0 = FloatVector.zero(F);
        FloatVector sum1 = FloatVector.zero(F);
        FloatVector sum2 = FloatVector.zero(F);
        FloatVector sum3 = FloatVector.zero(F);
        for (int j = 0; j < count; j += L) {
            FloatVector ya = FloatVector.fromArray(F, y0, j);
            FloatVector yb = FloatVector.fromArray(F, y1, j);
            FloatVector yc = FloatVector.fromArray(F, y2, j);
            FloatVector w = FloatVector.fromArray(F, weights, j);
            FloatVector u0 = ya.sub(x0a);
            FloatVector d0 = u0.mul(u0);
            u0 = yb.sub(x0b);
            d0 = u0.fma(u0, d0);
            u0 = yc.sub(x0c);
            d0 = u0.fma(u0, d0).mul(minusHalf);
            FloatVector t0 = d0.fma(log2e, rounding);
            FloatVector n0 = t0.sub(rounding);
            FloatVector q0 = n0.fma(high, d0);
            q0 = n0.fma(low, q0);
            FloatVector p0 = q0.fma(c7, c6);
            p0 = p0.fma(q0, c5);
            p0 = p0.fma(q0, c4);
            p0 = p0.fma(q0, c3);
            p0 = p0.fma(q0, c2);
            p0 = p0.fma(q0.mul(q0), q0).add(one);
            FloatVector e0 = p0.reinterpretAsInts().add(t0.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
            e0 = e0.blend(zero, d0.lt(least));
            sum0 = w.fma(e0, sum0);
            FloatVector u1 = ya.sub(x1a);
            FloatVector d1 = u1.mul(u1);
            u1 = yb.sub(x1b);
            d1 = u1.fma(u1, d1);
            u1 = yc.sub(x1c);
            d1 = u1.fma(u1, d1).mul(minusHalf);
            FloatVector t1 = d1.fma(log2e, rounding);
            FloatVector n1 = t1.sub(rounding);
            FloatVector q1 = n1.fma(high, d1);
            q1 = n1.fma(low, q1);
            FloatVector p1 = q1.fma(c7, c6);
            p1 = p1.fma(q1, c5);
            p1 = p1.fma(q1, c4);
            p1 = p1.fma(q1, c3);
            p1 = p1.fma(q1, c2);
            p1 = p1.fma(q1.mul(q1), q1).add(one);
            FloatVector e1 = p1.reinterpretAsInts().add(t1.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
            e1 = e1.blend(zero, d1.lt(least));
            sum1 = w.fma(e1, sum1);
            FloatVector u2 = ya.sub(x2a);
            FloatVector d2 = u2.mul(u2);
            u2 = yb.sub(x2b);
            d2 = u2.fma(u2, d2);
            u2 = yc.sub(x2c);
            d2 = u2.fma(u2, d2).mul(minusHalf);
            FloatVector t2 = d2.fma(log2e, rounding);
            FloatVector n2 = t2.sub(rounding);
            FloatVector q2 = n2.fma(high, d2);
            q2 = n2.fma(low, q2);
            FloatVector p2 = q2.fma(c7, c6);
            p2 = p2.fma(q2, c5);
            p2 = p2.fma(q2, c4);
            p2 = p2.fma(q2, c3);
            p2 = p2.fma(q2, c2);
            p2 = p2.fma(q2.mul(q2), q2).add(one);
            FloatVector e2 = p2.reinterpretAsInts().add(t2.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
            e2 = e2.blend(zero, d2.lt(least));
            sum2 = w.fma(e2, sum2);
            FloatVector u3 = ya.sub(x3a);
            FloatVector d3 = u3.mul(u3);
            u3 = yb.sub(x3b);
            d3 = u3.fma(u3, d3);
            u3 = yc.sub(x3c);
            d3 = u3.fma(u3, d3).mul(minusHalf);
            FloatVector t3 = d3.fma(log2e, rounding);
            FloatVector n3 = t3.sub(rounding);
            FloatVector q3 = n3.fma(high, d3);
            q3 = n3.fma(low, q3);
            FloatVector p3 = q3.fma(c7, c6);
            p3 = p3.fma(q3, c5);
            p3 = p3.fma(q3, c4);
            p3 = p3.fma(q3, c3);
            p3 = p3.fma(q3, c2);
            p3 = p3.fma(q3.mul(q3), q3).add(one);
            FloatVector e3 = p3.reinterpretAsInts().add(t3.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
            e3 = e3.blend(zero, d3.lt(least));
            sum3 = w.fma(e3, sum3);
        }
        out[i] += sum0.reduceLanes(VectorOperators.ADD);
        out[i + 1] += sum1.reduceLanes(VectorOperators.ADD);
        out[i + 2] += sum2.reduceLanes(VectorOperators.ADD);
        out[i + 3] += sum3.reduceLanes(VectorOperators.ADD);
    }
}
