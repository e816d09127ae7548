package org.pontoon.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.pontoon.engine.internal.scalar.FloatMath;
import org.pontoon.engine.internal.vector.VectorSupport;

/**
 * The habits of the Vector API that decide how the engine's loops are written, one experiment each; run with {@code -prof gc}, for boxing
 * shows as bytes. Scores are nanoseconds per element (per vector, where the name says so).
 *
 * <p>Every benchmark checks its last answer against a scalar loop. What changes in the bits when C2 takes over is {@link FactsReport}'s.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsPrepend = {ForkFlags.VECTOR, ForkFlags.TIER, ForkFlags.EXPORTS, ForkFlags.UNSAFE}, jvmArgs = {ForkFlags.COLLECTOR,
    ForkFlags.LEAST_HEAP, ForkFlags.MOST_HEAP})
public class VectorFactsBenchmark {

    static final int VALUES = 4096;
    static final int RAGGED = 1000;
    static final int PADDED = 1008;

    private static final VectorSpecies<Float> F = VectorSupport.FLOATS;
    private static final int L = VectorSupport.LANES;
    private static final float MOST = 88f;

    private static final FloatVector LOG2_E = FloatVector.broadcast(F, FloatMath.LOG2_E);
    private static final FloatVector ROUNDING = FloatVector.broadcast(F, FloatMath.ROUNDING);
    private static final FloatVector HIGH = FloatVector.broadcast(F, FloatMath.MINUS_LN2_HIGH);
    private static final FloatVector LOW = FloatVector.broadcast(F, FloatMath.MINUS_LN2_LOW);
    private static final FloatVector E7 = FloatVector.broadcast(F, FloatMath.EXP7);
    private static final FloatVector E6 = FloatVector.broadcast(F, FloatMath.EXP6);
    private static final FloatVector E5 = FloatVector.broadcast(F, FloatMath.EXP5);
    private static final FloatVector E4 = FloatVector.broadcast(F, FloatMath.EXP4);
    private static final FloatVector E3 = FloatVector.broadcast(F, FloatMath.EXP3);
    private static final FloatVector E2 = FloatVector.broadcast(F, FloatMath.EXP2);
    private static final FloatVector ONE = FloatVector.broadcast(F, 1f);
    private static final FloatVector LEAST_ARGUMENT = FloatVector.broadcast(F, FloatMath.EXP_LEAST);
    private static final FloatVector MOST_ARGUMENT = FloatVector.broadcast(F, MOST);

    /** Called by JMH. */
    public VectorFactsBenchmark() {
    }

    /** Sums of exponentials. */
    @State(Scope.Thread)
    public static class Exponentials {

        private final float[] values = new float[VALUES];
        private double expected;
        private float actual;

        /** Called by JMH. */
        public Exponentials() {
        }

        /** Makes the data and the expected sum. */
        @Setup
        public void start() {
            for (int i = 0; i < VALUES; i++) {
                values[i] = -20f * i / VALUES;
                expected += Math.exp(values[i]);
            }
        }

        /** Checks the last answer. */
        @TearDown
        public void check() {
            Checks.near("sum of exponentials", expected, actual, 1e-4);
        }
    }

    /** Sums and maxima of plain values. */
    @State(Scope.Thread)
    public static class Plain {

        private final float[] values = Synthetic.normals(PADDED, 20);
        private double sum;
        private float most = Float.NEGATIVE_INFINITY;
        private float actualSum;
        private float actualMost;
        private boolean summed;

        /** Called by JMH. */
        public Plain() {
        }

        /** Makes the expected answers. */
        @Setup
        public void start() {
            for (int i = 0; i < RAGGED; i++) {
                values[i] = Math.abs(values[i]);
                sum += values[i];
                most = Math.max(most, values[i]);
            }
            for (int i = RAGGED; i < PADDED; i++) {
                values[i] = 0f;
            }
        }

        private float sum(float answer) {
            summed = true;
            actualSum = answer;
            return answer;
        }

        /** Checks the last answer. */
        @TearDown
        public void check() {
            if (summed) {
                Checks.near("sum", sum, actualSum, 1e-5);
            } else {
                Checks.near("maximum", most, actualMost, 0);
            }
        }
    }

    /** Dot products from arrays and from 64-byte aligned memory. */
    @State(Scope.Thread)
    public static class Dot {

        /** Number of values. */
        @Param({"1024", "16384"})
        public int length;

        private float[] a;
        private float[] b;
        private Arena arena;
        private MemorySegment both;
        private MemorySegment first;
        private MemorySegment second;
        private long offset;
        private double expected;
        private float actual;

        /** Called by JMH. */
        public Dot() {
        }

        /** Makes the data. */
        @Setup
        public void start() {
            a = Synthetic.normals(length, 21);
            b = Synthetic.normals(length, 22);
            for (int i = 0; i < length; i++) {
                a[i] = Math.abs(a[i]);
                b[i] = Math.abs(b[i]);
                expected += (double) a[i] * b[i];
            }
            arena = Arena.ofShared();
            both = arena.allocate(8L * length, 64);
            first = both.asSlice(0, 4L * length, 64);
            second = both.asSlice(4L * length, 4L * length, 64);
            offset = 4L * length;
            MemorySegment.copy(a, 0, first, ValueLayout.JAVA_FLOAT, 0, length);
            MemorySegment.copy(b, 0, second, ValueLayout.JAVA_FLOAT, 0, length);
        }

        /** Checks the last answer. */
        @TearDown
        public void check() {
            Checks.near("dot product", expected, actual, 1e-4);
            arena.close();
        }
    }

    /** A vector function behind an interface. */
    private interface VectorFunction {
        FloatVector apply(FloatVector x);
    }

    /** Calls of a vector function through an interface, with so many implementations in turn. */
    @State(Scope.Thread)
    public static class Calls {

        /** Number of implementations that the call sees. */
        @Param({"1", "2", "3"})
        public int implementations;

        private final VectorFunction[] functions = {x -> x.mul(2f), x -> x.add(x), x -> x.fma(1f, 0f).mul(2f)};
        private final float[] values = Synthetic.normals(VALUES, 23);
        private final float[] results = new float[VALUES];
        private int next;

        /** Called by JMH. */
        public Calls() {
        }

        /** Checks the last answer. */
        @TearDown
        public void check() {
            for (int i = 0; i < VALUES; i++) {
                Checks.near("doubled value", 2 * values[i], results[i], 0);
            }
        }
    }

    /** The twenty rounds of Threefry-2x32 (the engine's counter-based generator) over consecutive counters. */
    @State(Scope.Thread)
    public static class Rounds {

        private static final int PARITY = 0x1BD11BDA;
        private static final int[] ROTATIONS = {13, 15, 26, 6, 17, 29, 16, 24};

        private final int[] low = new int[VALUES];
        private final int[] high = new int[VALUES];
        private long key = 0x0123456789abcdefL;

        /** Called by JMH. */
        public Rounds() {
        }

        /** Checks the last answer. */
        @TearDown
        public void check() {
            int[] k = {(int) key, (int) (key >>> 32), PARITY ^ (int) key ^ (int) (key >>> 32)};
            for (int i = 0; i < VALUES; i++) {
                int x = i + k[0];
                int y = k[1];
                for (int r = 0; r < 20; r++) {
                    x += y;
                    y = Integer.rotateLeft(y, ROTATIONS[r % 8]) ^ x;
                    if (r % 4 == 3) {
                        int group = r / 4 + 1;
                        x += k[group % 3];
                        y += k[(group + 1) % 3] + group;
                    }
                }
                if (low[i] != x || high[i] != y) {
                    throw new IllegalStateException("rounds of " + i + ": " + low[i] + " and " + high[i] + ", expected " + x + " and " + y);
                }
            }
        }
    }

    // Helpers, boxing and the size of a loop body.

    /**
     * Four calls of a helper of 150 bytecodes in one loop, its constants static final vectors.
     *
     * @param s data
     * @return the sum
     */
    @Benchmark
    @OperationsPerInvocation(VALUES)
    public float expHelperOfConstants(Exponentials s) {
        float[] values = s.values;
        FloatVector s0 = FloatVector.zero(F);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int i = 0; i < VALUES; i += 4 * L) {
            s0 = s0.add(helperOfConstants(FloatVector.fromArray(F, values, i)));
            s1 = s1.add(helperOfConstants(FloatVector.fromArray(F, values, i + L)));
            s2 = s2.add(helperOfConstants(FloatVector.fromArray(F, values, i + 2 * L)));
            s3 = s3.add(helperOfConstants(FloatVector.fromArray(F, values, i + 3 * L)));
        }
        return s.actual = s0.add(s1).add(s2.add(s3)).reduceLanes(VectorOperators.ADD);
    }

    private static FloatVector helperOfConstants(FloatVector argument) {
        FloatVector x = argument.max(LEAST_ARGUMENT).min(MOST_ARGUMENT);
        FloatVector t = x.fma(LOG2_E, ROUNDING);
        FloatVector n = t.sub(ROUNDING);
        FloatVector r = n.fma(HIGH, x);
        r = n.fma(LOW, r);
        FloatVector p = r.fma(E7, E6);
        p = p.fma(r, E5);
        p = p.fma(r, E4);
        p = p.fma(r, E3);
        p = p.fma(r, E2);
        p = p.fma(r.mul(r), r).add(ONE);
        return p.reinterpretAsInts().add(t.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
    }

    /**
     * Four calls of a helper in one loop, its constants broadcast inside.
     *
     * @param s data
     * @return the sum
     */
    @Benchmark
    @OperationsPerInvocation(VALUES)
    public float expHelperOfBroadcasts(Exponentials s) {
        float[] values = s.values;
        FloatVector s0 = FloatVector.zero(F);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int i = 0; i < VALUES; i += 4 * L) {
            s0 = s0.add(helperOfBroadcasts(FloatVector.fromArray(F, values, i)));
            s1 = s1.add(helperOfBroadcasts(FloatVector.fromArray(F, values, i + L)));
            s2 = s2.add(helperOfBroadcasts(FloatVector.fromArray(F, values, i + 2 * L)));
            s3 = s3.add(helperOfBroadcasts(FloatVector.fromArray(F, values, i + 3 * L)));
        }
        return s.actual = s0.add(s1).add(s2.add(s3)).reduceLanes(VectorOperators.ADD);
    }

    private static FloatVector helperOfBroadcasts(FloatVector argument) {
        FloatVector x = argument.max(FloatVector.broadcast(F, FloatMath.EXP_LEAST)).min(FloatVector.broadcast(F, MOST));
        FloatVector t = x.fma(FloatVector.broadcast(F, FloatMath.LOG2_E), FloatVector.broadcast(F, FloatMath.ROUNDING));
        FloatVector n = t.sub(FloatVector.broadcast(F, FloatMath.ROUNDING));
        FloatVector r = n.fma(FloatVector.broadcast(F, FloatMath.MINUS_LN2_HIGH), x);
        r = n.fma(FloatVector.broadcast(F, FloatMath.MINUS_LN2_LOW), r);
        FloatVector p = r.fma(FloatVector.broadcast(F, FloatMath.EXP7), FloatVector.broadcast(F, FloatMath.EXP6));
        p = p.fma(r, FloatVector.broadcast(F, FloatMath.EXP5));
        p = p.fma(r, FloatVector.broadcast(F, FloatMath.EXP4));
        p = p.fma(r, FloatVector.broadcast(F, FloatMath.EXP3));
        p = p.fma(r, FloatVector.broadcast(F, FloatMath.EXP2));
        p = p.fma(r.mul(r), r).add(FloatVector.broadcast(F, 1f));
        return p.reinterpretAsInts().add(t.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
    }

    /**
     * The same polynomial written out four times, arguments kept in range by max and min.
     *
     * @param s data
     * @return the sum
     */
    @Benchmark
    @OperationsPerInvocation(VALUES)
    public float expWrittenOutMax(Exponentials s) {
        float[] values = s.values;
        FloatVector s0 = FloatVector.zero(F);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int i = 0; i < VALUES; i += 4 * L) {
            FloatVector x0 = FloatVector.fromArray(F, values, i);
            x0 = x0.max(FloatMath.EXP_LEAST).min(MOST);
            FloatVector t0 = x0.fma(FloatMath.LOG2_E, FloatMath.ROUNDING);
            FloatVector n0 = t0.sub(FloatMath.ROUNDING);
            FloatVector q0 = n0.lanewise(VectorOperators.FMA, FloatMath.MINUS_LN2_HIGH, x0);
            q0 = n0.lanewise(VectorOperators.FMA, FloatMath.MINUS_LN2_LOW, q0);
            FloatVector p0 = q0.fma(FloatMath.EXP7, FloatMath.EXP6);
            p0 = p0.fma(q0, FloatVector.broadcast(F, FloatMath.EXP5));
            p0 = p0.fma(q0, FloatVector.broadcast(F, FloatMath.EXP4));
            p0 = p0.fma(q0, FloatVector.broadcast(F, FloatMath.EXP3));
            p0 = p0.fma(q0, FloatVector.broadcast(F, FloatMath.EXP2));
            p0 = p0.fma(q0.mul(q0), q0).add(1f);
            FloatVector e0 = p0.reinterpretAsInts().add(t0.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
            s0 = s0.add(e0);
            FloatVector x1 = FloatVector.fromArray(F, values, i + L);
            x1 = x1.max(FloatMath.EXP_LEAST).min(MOST);
            FloatVector t1 = x1.fma(FloatMath.LOG2_E, FloatMath.ROUNDING);
            FloatVector n1 = t1.sub(FloatMath.ROUNDING);
            FloatVector q1 = n1.lanewise(VectorOperators.FMA, FloatMath.MINUS_LN2_HIGH, x1);
            q1 = n1.lanewise(VectorOperators.FMA, FloatMath.MINUS_LN2_LOW, q1);
            FloatVector p1 = q1.fma(FloatMath.EXP7, FloatMath.EXP6);
            p1 = p1.fma(q1, FloatVector.broadcast(F, FloatMath.EXP5));
            p1 = p1.fma(q1, FloatVector.broadcast(F, FloatMath.EXP4));
            p1 = p1.fma(q1, FloatVector.broadcast(F, FloatMath.EXP3));
            p1 = p1.fma(q1, FloatVector.broadcast(F, FloatMath.EXP2));
            p1 = p1.fma(q1.mul(q1), q1).add(1f);
            FloatVector e1 = p1.reinterpretAsInts().add(t1.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
            s1 = s1.add(e1);
            FloatVector x2 = FloatVector.fromArray(F, values, i + 2 * L);
            x2 = x2.max(FloatMath.EXP_LEAST).min(MOST);
            FloatVector t2 = x2.fma(FloatMath.LOG2_E, FloatMath.ROUNDING);
            FloatVector n2 = t2.sub(FloatMath.ROUNDING);
            FloatVector q2 = n2.lanewise(VectorOperators.FMA, FloatMath.MINUS_LN2_HIGH, x2);
            q2 = n2.lanewise(VectorOperators.FMA, FloatMath.MINUS_LN2_LOW, q2);
            FloatVector p2 = q2.fma(FloatMath.EXP7, FloatMath.EXP6);
            p2 = p2.fma(q2, FloatVector.broadcast(F, FloatMath.EXP5));
            p2 = p2.fma(q2, FloatVector.broadcast(F, FloatMath.EXP4));
            p2 = p2.fma(q2, FloatVector.broadcast(F, FloatMath.EXP3));
            p2 = p2.fma(q2, FloatVector.broadcast(F, FloatMath.EXP2));
            p2 = p2.fma(q2.mul(q2), q2).add(1f);
            FloatVector e2 = p2.reinterpretAsInts().add(t2.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
            s2 = s2.add(e2);
            FloatVector x3 = FloatVector.fromArray(F, values, i + 3 * L);
            x3 = x3.max(FloatMath.EXP_LEAST).min(MOST);
            FloatVector t3 = x3.fma(FloatMath.LOG2_E, FloatMath.ROUNDING);
            FloatVector n3 = t3.sub(FloatMath.ROUNDING);
            FloatVector q3 = n3.lanewise(VectorOperators.FMA, FloatMath.MINUS_LN2_HIGH, x3);
            q3 = n3.lanewise(VectorOperators.FMA, FloatMath.MINUS_LN2_LOW, q3);
            FloatVector p3 = q3.fma(FloatMath.EXP7, FloatMath.EXP6);
            p3 = p3.fma(q3, FloatVector.broadcast(F, FloatMath.EXP5));
            p3 = p3.fma(q3, FloatVector.broadcast(F, FloatMath.EXP4));
            p3 = p3.fma(q3, FloatVector.broadcast(F, FloatMath.EXP3));
            p3 = p3.fma(q3, FloatVector.broadcast(F, FloatMath.EXP2));
            p3 = p3.fma(q3.mul(q3), q3).add(1f);
            FloatVector e3 = p3.reinterpretAsInts().add(t3.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
            s3 = s3.add(e3);
        }
        return s.actual = s0.add(s1).add(s2.add(s3)).reduceLanes(VectorOperators.ADD);
    }

    /**
     * The same polynomial written out four times, arguments kept in range by comparison and blend.
     *
     * @param s data
     * @return the sum
     */
    @Benchmark
    @OperationsPerInvocation(VALUES)
    public float expWrittenOutBlend(Exponentials s) {
        float[] values = s.values;
        FloatVector s0 = FloatVector.zero(F);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int i = 0; i < VALUES; i += 4 * L) {
            FloatVector x0 = FloatVector.fromArray(F, values, i);
            x0 = x0.blend(FloatMath.EXP_LEAST, x0.compare(VectorOperators.LT, FloatMath.EXP_LEAST));
            x0 = x0.blend(MOST, x0.compare(VectorOperators.GT, MOST));
            FloatVector t0 = x0.fma(FloatMath.LOG2_E, FloatMath.ROUNDING);
            FloatVector n0 = t0.sub(FloatMath.ROUNDING);
            FloatVector q0 = n0.lanewise(VectorOperators.FMA, FloatMath.MINUS_LN2_HIGH, x0);
            q0 = n0.lanewise(VectorOperators.FMA, FloatMath.MINUS_LN2_LOW, q0);
            FloatVector p0 = q0.fma(FloatMath.EXP7, FloatMath.EXP6);
            p0 = p0.fma(q0, FloatVector.broadcast(F, FloatMath.EXP5));
            p0 = p0.fma(q0, FloatVector.broadcast(F, FloatMath.EXP4));
            p0 = p0.fma(q0, FloatVector.broadcast(F, FloatMath.EXP3));
            p0 = p0.fma(q0, FloatVector.broadcast(F, FloatMath.EXP2));
            p0 = p0.fma(q0.mul(q0), q0).add(1f);
            FloatVector e0 = p0.reinterpretAsInts().add(t0.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
            s0 = s0.add(e0);
            FloatVector x1 = FloatVector.fromArray(F, values, i + L);
            x1 = x1.blend(FloatMath.EXP_LEAST, x1.compare(VectorOperators.LT, FloatMath.EXP_LEAST));
            x1 = x1.blend(MOST, x1.compare(VectorOperators.GT, MOST));
            FloatVector t1 = x1.fma(FloatMath.LOG2_E, FloatMath.ROUNDING);
            FloatVector n1 = t1.sub(FloatMath.ROUNDING);
            FloatVector q1 = n1.lanewise(VectorOperators.FMA, FloatMath.MINUS_LN2_HIGH, x1);
            q1 = n1.lanewise(VectorOperators.FMA, FloatMath.MINUS_LN2_LOW, q1);
            FloatVector p1 = q1.fma(FloatMath.EXP7, FloatMath.EXP6);
            p1 = p1.fma(q1, FloatVector.broadcast(F, FloatMath.EXP5));
            p1 = p1.fma(q1, FloatVector.broadcast(F, FloatMath.EXP4));
            p1 = p1.fma(q1, FloatVector.broadcast(F, FloatMath.EXP3));
            p1 = p1.fma(q1, FloatVector.broadcast(F, FloatMath.EXP2));
            p1 = p1.fma(q1.mul(q1), q1).add(1f);
            FloatVector e1 = p1.reinterpretAsInts().add(t1.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
            s1 = s1.add(e1);
            FloatVector x2 = FloatVector.fromArray(F, values, i + 2 * L);
            x2 = x2.blend(FloatMath.EXP_LEAST, x2.compare(VectorOperators.LT, FloatMath.EXP_LEAST));
            x2 = x2.blend(MOST, x2.compare(VectorOperators.GT, MOST));
            FloatVector t2 = x2.fma(FloatMath.LOG2_E, FloatMath.ROUNDING);
            FloatVector n2 = t2.sub(FloatMath.ROUNDING);
            FloatVector q2 = n2.lanewise(VectorOperators.FMA, FloatMath.MINUS_LN2_HIGH, x2);
            q2 = n2.lanewise(VectorOperators.FMA, FloatMath.MINUS_LN2_LOW, q2);
            FloatVector p2 = q2.fma(FloatMath.EXP7, FloatMath.EXP6);
            p2 = p2.fma(q2, FloatVector.broadcast(F, FloatMath.EXP5));
            p2 = p2.fma(q2, FloatVector.broadcast(F, FloatMath.EXP4));
            p2 = p2.fma(q2, FloatVector.broadcast(F, FloatMath.EXP3));
            p2 = p2.fma(q2, FloatVector.broadcast(F, FloatMath.EXP2));
            p2 = p2.fma(q2.mul(q2), q2).add(1f);
            FloatVector e2 = p2.reinterpretAsInts().add(t2.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
            s2 = s2.add(e2);
            FloatVector x3 = FloatVector.fromArray(F, values, i + 3 * L);
            x3 = x3.blend(FloatMath.EXP_LEAST, x3.compare(VectorOperators.LT, FloatMath.EXP_LEAST));
            x3 = x3.blend(MOST, x3.compare(VectorOperators.GT, MOST));
            FloatVector t3 = x3.fma(FloatMath.LOG2_E, FloatMath.ROUNDING);
            FloatVector n3 = t3.sub(FloatMath.ROUNDING);
            FloatVector q3 = n3.lanewise(VectorOperators.FMA, FloatMath.MINUS_LN2_HIGH, x3);
            q3 = n3.lanewise(VectorOperators.FMA, FloatMath.MINUS_LN2_LOW, q3);
            FloatVector p3 = q3.fma(FloatMath.EXP7, FloatMath.EXP6);
            p3 = p3.fma(q3, FloatVector.broadcast(F, FloatMath.EXP5));
            p3 = p3.fma(q3, FloatVector.broadcast(F, FloatMath.EXP4));
            p3 = p3.fma(q3, FloatVector.broadcast(F, FloatMath.EXP3));
            p3 = p3.fma(q3, FloatVector.broadcast(F, FloatMath.EXP2));
            p3 = p3.fma(q3.mul(q3), q3).add(1f);
            FloatVector e3 = p3.reinterpretAsInts().add(t3.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
            s3 = s3.add(e3);
        }
        return s.actual = s0.add(s1).add(s2.add(s3)).reduceLanes(VectorOperators.ADD);
    }

    /**
     * The JDK's vector exponential (SVML where C2 has it).
     *
     * @param s data
     * @return the sum
     */
    @Benchmark
    @OperationsPerInvocation(VALUES)
    public float expLibrary(Exponentials s) {
        float[] values = s.values;
        FloatVector s0 = FloatVector.zero(F);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int i = 0; i < VALUES; i += 4 * L) {
            s0 = s0.add(FloatVector.fromArray(F, values, i).lanewise(VectorOperators.EXP));
            s1 = s1.add(FloatVector.fromArray(F, values, i + L).lanewise(VectorOperators.EXP));
            s2 = s2.add(FloatVector.fromArray(F, values, i + 2 * L).lanewise(VectorOperators.EXP));
            s3 = s3.add(FloatVector.fromArray(F, values, i + 3 * L).lanewise(VectorOperators.EXP));
        }
        return s.actual = s0.add(s1).add(s2.add(s3)).reduceLanes(VectorOperators.ADD);
    }

    /**
     * The JDK's scalar exponential.
     *
     * @param s data
     * @return the sum
     */
    @Benchmark
    @OperationsPerInvocation(VALUES)
    public float expScalarJdk(Exponentials s) {
        double sum = 0;
        for (float x : s.values) {
            sum += Math.exp(x);
        }
        return s.actual = (float) sum;
    }

    /**
     * A vector function through an interface, inside the loop.
     *
     * @param s data
     * @return results
     */
    @Benchmark
    @OperationsPerInvocation(VALUES)
    public float[] callThroughInterface(Calls s) {
        VectorFunction f = s.functions[s.next++ % s.implementations];
        for (int i = 0; i < VALUES; i += L) {
            f.apply(FloatVector.fromArray(F, s.values, i)).intoArray(s.results, i);
        }
        return s.results;
    }

    /**
     * All twenty rounds in one loop body.
     *
     * @param s data
     * @return results
     */
    @Benchmark
    @OperationsPerInvocation(VALUES)
    public int[] roundsInOneBody(Rounds s) {
        fillInOneBody(s.key, 0, s.low, s.high, VALUES);
        return s.low;
    }

    private static void fillInOneBody(long key, long firstIndex, int[] low, int[] high, int count) {
        int k0 = (int) key;
        int k1 = (int) (key >>> 32);
        int k2 = Rounds.PARITY ^ k0 ^ k1;
        IntVector lanes = IntVector.zero(VectorSupport.INTS).addIndex(1);
        for (int i = 0; i < count; i += L) {
            long counter = firstIndex + i;
            IntVector x = lanes.add((int) counter + k0);
            IntVector y = IntVector.broadcast(VectorSupport.INTS, (int) (counter >>> 32) + k1);
            x = x.add(y);
            y = y.lanewise(VectorOperators.ROL, 13).lanewise(VectorOperators.XOR, x);
            x = x.add(y);
            y = y.lanewise(VectorOperators.ROL, 15).lanewise(VectorOperators.XOR, x);
            x = x.add(y);
            y = y.lanewise(VectorOperators.ROL, 26).lanewise(VectorOperators.XOR, x);
            x = x.add(y);
            y = y.lanewise(VectorOperators.ROL, 6).lanewise(VectorOperators.XOR, x);
            x = x.add(k1);
            y = y.add(k2 + 1);
            x = x.add(y);
            y = y.lanewise(VectorOperators.ROL, 17).lanewise(VectorOperators.XOR, x);
            x = x.add(y);
            y = y.lanewise(VectorOperators.ROL, 29).lanewise(VectorOperators.XOR, x);
            x = x.add(y);
            y = y.lanewise(VectorOperators.ROL, 16).lanewise(VectorOperators.XOR, x);
            x = x.add(y);
            y = y.lanewise(VectorOperators.ROL, 24).lanewise(VectorOperators.XOR, x);
            x = x.add(k2);
            y = y.add(k0 + 2);
            x = x.add(y);
            y = y.lanewise(VectorOperators.ROL, 13).lanewise(VectorOperators.XOR, x);
            x = x.add(y);
            y = y.lanewise(VectorOperators.ROL, 15).lanewise(VectorOperators.XOR, x);
            x = x.add(y);
            y = y.lanewise(VectorOperators.ROL, 26).lanewise(VectorOperators.XOR, x);
            x = x.add(y);
            y = y.lanewise(VectorOperators.ROL, 6).lanewise(VectorOperators.XOR, x);
            x = x.add(k0);
            y = y.add(k1 + 3);
            x = x.add(y);
            y = y.lanewise(VectorOperators.ROL, 17).lanewise(VectorOperators.XOR, x);
            x = x.add(y);
            y = y.lanewise(VectorOperators.ROL, 29).lanewise(VectorOperators.XOR, x);
            x = x.add(y);
            y = y.lanewise(VectorOperators.ROL, 16).lanewise(VectorOperators.XOR, x);
            x = x.add(y);
            y = y.lanewise(VectorOperators.ROL, 24).lanewise(VectorOperators.XOR, x);
            x = x.add(k1);
            y = y.add(k2 + 4);
            x = x.add(y);
            y = y.lanewise(VectorOperators.ROL, 13).lanewise(VectorOperators.XOR, x);
            x = x.add(y);
            y = y.lanewise(VectorOperators.ROL, 15).lanewise(VectorOperators.XOR, x);
            x = x.add(y);
            y = y.lanewise(VectorOperators.ROL, 26).lanewise(VectorOperators.XOR, x);
            x = x.add(y);
            y = y.lanewise(VectorOperators.ROL, 6).lanewise(VectorOperators.XOR, x);
            x.add(k2).intoArray(low, i);
            y.add(k0 + 5).intoArray(high, i);
        }
    }

    /**
     * The same in five passes of four rounds.
     *
     * @param s data
     * @return results
     */
    @Benchmark
    @OperationsPerInvocation(VALUES)
    public int[] roundsInPasses(Rounds s) {
        int k0 = (int) s.key;
        int k1 = (int) (s.key >>> 32);
        int k2 = Rounds.PARITY ^ k0 ^ k1;
        for (int i = 0; i < VALUES; i++) {
            s.low[i] = i + k0;
            s.high[i] = k1;
        }
        evenRounds(s.low, s.high, k1, k2 + 1);
        oddRounds(s.low, s.high, k2, k0 + 2);
        evenRounds(s.low, s.high, k0, k1 + 3);
        oddRounds(s.low, s.high, k1, k2 + 4);
        evenRounds(s.low, s.high, k2, k0 + 5);
        return s.low;
    }

    private static void evenRounds(int[] low, int[] high, int addLow, int addHigh) {
        for (int i = 0; i < VALUES; i += L) {
            IntVector x = IntVector.fromArray(VectorSupport.INTS, low, i);
            IntVector y = IntVector.fromArray(VectorSupport.INTS, high, i);
            x = x.add(y);
            y = y.lanewise(VectorOperators.ROL, 13).lanewise(VectorOperators.XOR, x);
            x = x.add(y);
            y = y.lanewise(VectorOperators.ROL, 15).lanewise(VectorOperators.XOR, x);
            x = x.add(y);
            y = y.lanewise(VectorOperators.ROL, 26).lanewise(VectorOperators.XOR, x);
            x = x.add(y);
            y = y.lanewise(VectorOperators.ROL, 6).lanewise(VectorOperators.XOR, x);
            x.add(addLow).intoArray(low, i);
            y.add(addHigh).intoArray(high, i);
        }
    }

    private static void oddRounds(int[] low, int[] high, int addLow, int addHigh) {
        for (int i = 0; i < VALUES; i += L) {
            IntVector x = IntVector.fromArray(VectorSupport.INTS, low, i);
            IntVector y = IntVector.fromArray(VectorSupport.INTS, high, i);
            x = x.add(y);
            y = y.lanewise(VectorOperators.ROL, 17).lanewise(VectorOperators.XOR, x);
            x = x.add(y);
            y = y.lanewise(VectorOperators.ROL, 29).lanewise(VectorOperators.XOR, x);
            x = x.add(y);
            y = y.lanewise(VectorOperators.ROL, 16).lanewise(VectorOperators.XOR, x);
            x = x.add(y);
            y = y.lanewise(VectorOperators.ROL, 24).lanewise(VectorOperators.XOR, x);
            x.add(addLow).intoArray(low, i);
            y.add(addHigh).intoArray(high, i);
        }
    }

    // Arrays and segments in a dot product.

    /**
     * Dot product of arrays.
     *
     * @param s data
     * @return the product
     */
    @Benchmark
    public float dotArrays(Dot s) {
        float[] a = s.a;
        float[] b = s.b;
        FloatVector s0 = FloatVector.zero(F);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int i = 0; i < a.length; i += 4 * L) {
            s0 = FloatVector.fromArray(F, a, i).fma(FloatVector.fromArray(F, b, i), s0);
            s1 = FloatVector.fromArray(F, a, i + L).fma(FloatVector.fromArray(F, b, i + L), s1);
            s2 = FloatVector.fromArray(F, a, i + 2 * L).fma(FloatVector.fromArray(F, b, i + 2 * L), s2);
            s3 = FloatVector.fromArray(F, a, i + 3 * L).fma(FloatVector.fromArray(F, b, i + 3 * L), s3);
        }
        return s.actual = s0.add(s1).add(s2.add(s3)).reduceLanes(VectorOperators.ADD);
    }

    /**
     * Dot product of aligned segments, an int index and literal offsets.
     *
     * @param s data
     * @return the product
     */
    @Benchmark
    public float dotSegments(Dot s) {
        MemorySegment a = s.first;
        MemorySegment b = s.second;
        FloatVector s0 = FloatVector.zero(F);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int i = 0; i < s.length; i += 4 * L) {
            s0 = load(a, 4L * i).fma(load(b, 4L * i), s0);
            s1 = load(a, 4L * i + 4L * L).fma(load(b, 4L * i + 4L * L), s1);
            s2 = load(a, 4L * i + 8L * L).fma(load(b, 4L * i + 8L * L), s2);
            s3 = load(a, 4L * i + 12L * L).fma(load(b, 4L * i + 12L * L), s3);
        }
        return s.actual = s0.add(s1).add(s2.add(s3)).reduceLanes(VectorOperators.ADD);
    }

    /**
     * Dot product of two halves of one segment, the second at a long offset plus an int.
     *
     * @param s data
     * @return the product
     */
    @Benchmark
    public float dotSegmentOffsets(Dot s) {
        MemorySegment both = s.both;
        long o = s.offset;
        FloatVector s0 = FloatVector.zero(F);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int i = 0; i < s.length; i += 4 * L) {
            s0 = load(both, 4L * i).fma(load(both, o + 4 * i), s0);
            s1 = load(both, 4L * i + 4L * L).fma(load(both, o + 4 * i + 4 * L), s1);
            s2 = load(both, 4L * i + 8L * L).fma(load(both, o + 4 * i + 8 * L), s2);
            s3 = load(both, 4L * i + 12L * L).fma(load(both, o + 4 * i + 12 * L), s3);
        }
        return s.actual = s0.add(s1).add(s2.add(s3)).reduceLanes(VectorOperators.ADD);
    }

    private static FloatVector load(MemorySegment segment, long offset) {
        return FloatVector.fromMemorySegment(F, segment, offset, ByteOrder.nativeOrder());
    }

    // Tails: sums of 1000 values; scores are nanoseconds for the whole sum.

    /**
     * Whole vectors, then one masked vector.
     *
     * @param s data
     * @return the sum
     */
    @Benchmark
    public float tailMasked(Plain s) {
        float[] values = s.values;
        FloatVector sum = FloatVector.zero(F);
        int i = 0;
        for (; i <= RAGGED - L; i += L) {
            sum = sum.add(FloatVector.fromArray(F, values, i));
        }
        VectorMask<Float> rest = F.indexInRange(i, RAGGED);
        sum = sum.add(FloatVector.fromArray(F, values, i, rest));
        return s.sum(sum.reduceLanes(VectorOperators.ADD));
    }

    /**
     * Whole vectors, then one by one.
     *
     * @param s data
     * @return the sum
     */
    @Benchmark
    public float tailScalar(Plain s) {
        float[] values = s.values;
        FloatVector vectors = FloatVector.zero(F);
        int i = 0;
        for (; i <= RAGGED - L; i += L) {
            vectors = vectors.add(FloatVector.fromArray(F, values, i));
        }
        float sum = vectors.reduceLanes(VectorOperators.ADD);
        for (; i < RAGGED; i++) {
            sum += values[i];
        }
        return s.sum(sum);
    }

    /**
     * A mask in every iteration.
     *
     * @param s data
     * @return the sum
     */
    @Benchmark
    public float tailMaskEverywhere(Plain s) {
        float[] values = s.values;
        FloatVector sum = FloatVector.zero(F);
        for (int i = 0; i < RAGGED; i += L) {
            sum = sum.add(FloatVector.fromArray(F, values, i, F.indexInRange(i, RAGGED)));
        }
        return s.sum(sum.reduceLanes(VectorOperators.ADD));
    }

    /**
     * Padded with zeros to whole vectors: no tail.
     *
     * @param s data
     * @return the sum
     */
    @Benchmark
    public float tailPadded(Plain s) {
        float[] values = s.values;
        FloatVector sum = FloatVector.zero(F);
        for (int i = 0; i < PADDED; i += L) {
            sum = sum.add(FloatVector.fromArray(F, values, i));
        }
        return s.sum(sum.reduceLanes(VectorOperators.ADD));
    }

    // Costly operations. Scores are nanoseconds for the whole pass over 1008 values.

    /**
     * A chain of maxima by {@code max}.
     *
     * @param s data
     * @return the maximum
     */
    @Benchmark
    public float mostByMax(Plain s) {
        float[] values = s.values;
        FloatVector most = FloatVector.fromArray(F, values, 0);
        for (int i = L; i < PADDED; i += L) {
            most = most.max(FloatVector.fromArray(F, values, i));
        }
        return s.actualMost = most.reduceLanes(VectorOperators.MAX);
    }

    /**
     * A chain of maxima by comparison and blend.
     *
     * @param s data
     * @return the maximum
     */
    @Benchmark
    public float mostByBlend(Plain s) {
        float[] values = s.values;
        FloatVector most = FloatVector.fromArray(F, values, 0);
        for (int i = L; i < PADDED; i += L) {
            FloatVector x = FloatVector.fromArray(F, values, i);
            most = most.blend(x, x.compare(VectorOperators.GT, most));
        }
        return s.actualMost = most.reduceLanes(VectorOperators.MAX);
    }

    /**
     * A sum that folds the lanes of every vector.
     *
     * @param s data
     * @return the sum
     */
    @Benchmark
    public float sumFoldedEverywhere(Plain s) {
        float[] values = s.values;
        float sum = 0f;
        for (int i = 0; i < PADDED; i += L) {
            sum += FloatVector.fromArray(F, values, i).reduceLanes(VectorOperators.ADD);
        }
        return s.sum(sum);
    }
}
