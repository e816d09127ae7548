package org.pontoon.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.pontoon.engine.internal.kernel.Adam;
import org.pontoon.engine.internal.kernel.DiagonalForms;
import org.pontoon.engine.internal.kernel.DiagonalMixture;
import org.pontoon.engine.internal.kernel.FloatMath;
import org.pontoon.engine.internal.kernel.MatrixProduct;
import org.pontoon.engine.internal.kernel.MixtureRow;
import org.pontoon.engine.internal.kernel.PointTile;
import org.pontoon.engine.internal.kernel.QuadraticFeatures;
import org.pontoon.engine.internal.kernel.Responsibilities;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.random.CounterRandom;

/**
 * Every kernel beside its scalar twin, at the shapes that the engine calls it in with 10 components: one operation is one call on a tile of
 * 64 points, or on all parameters. A name ending in {@code Scalar} is the twin.
 *
 * <p>Before the first iteration (cold) and after the last (hot) both run on equal inputs and must give the same bits.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsPrepend = {ForkFlags.VECTOR, ForkFlags.TIER, ForkFlags.EXPORTS, ForkFlags.UNSAFE}, jvmArgs = {ForkFlags.COLLECTOR,
    ForkFlags.LEAST_HEAP, ForkFlags.MOST_HEAP})
public class KernelBenchmark {

    static final int COMPONENTS = 10;
    static final int TILE = PointTile.SIZE;
    static final int VALUES = 1024;

    private static final float EPSILON = 0.1f;

    /** Called by JMH. */
    public KernelBenchmark() {
    }

    /** A tile of points and the parameters of a mixture with diagonal S, in the layouts of a training step. */
    @State(Scope.Thread)
    public static class Step {

        /** Number of coordinates D. */
        @Param({"50", "1000"})
        public int dimension;

        private int stride;
        private Arena arena;
        private MemorySegment points;
        private int[] indices;
        private float[] rows;
        private float[] columns;
        private float[] location;
        private float[] logScale;
        private float[] slope;
        private float[] curve;
        private float[] targetSlope;
        private float[] targetCurve;
        private float[] inverse;
        private float[] terms;
        private float[] logits;
        private float[] weights;
        private float[] first;
        private float[] second;
        private float[] componentSums;
        private float[] byLocation;
        private float[] byScale;
        private float[] parameters;
        private float[] gradient;
        private float[] firstMoment;
        private float[] secondMoment;
        private float[] features;
        private float[] coefficients;
        private MemorySegment byFeature;
        private float[] lanes;
        private long count;

        /** Called by JMH. */
        public Step() {
        }

        /** Makes the data, and compares cold kernels with their twins. */
        @Setup
        public void start() {
            stride = PointCloud.paddedSize(dimension);
            arena = Arena.ofShared();
            points = arena.allocate(4L * Synthetic.POINTS * stride, 64);
            try (PointCloud cloud = Synthetic.source(Synthetic.POINTS, dimension)) {
                for (int n = 0; n < cloud.size(); n++) {
                    for (int d = 0; d < dimension; d++) {
                        points.setAtIndex(ValueLayout.JAVA_FLOAT, (long) n * stride + d, cloud.get(n, d));
                    }
                }
            }
            indices = new int[TILE];
            for (int b = 0; b < TILE; b++) {
                indices[b] = b * 7919 % Synthetic.POINTS;
            }
            rows = new float[TILE * stride];
            columns = new float[TILE * dimension];
            int length = COMPONENTS * stride;
            location = Synthetic.normals(length, 1);
            logScale = new float[length];
            Arrays.fill(logScale, -2f);
            slope = new float[length];
            curve = new float[length];
            targetSlope = new float[length];
            targetCurve = new float[length];
            inverse = new float[length];
            terms = new float[length];
            logits = new float[COMPONENTS * TILE];
            weights = new float[TILE];
            Arrays.fill(weights, 1f / TILE);
            first = new float[length];
            second = new float[length];
            componentSums = new float[COMPONENTS];
            byLocation = new float[length];
            byScale = new float[length];
            parameters = Synthetic.normals(PointCloud.PADDING + 2 * length, 2);
            gradient = Synthetic.normals(parameters.length, 3);
            firstMoment = new float[parameters.length];
            secondMoment = new float[parameters.length];
            features = Synthetic.normals(2 * dimension + 1, 4);
            coefficients = Synthetic.normals(features.length * PointCloud.PADDING, 5);
            byFeature = arena.allocate(4L * coefficients.length, 64);
            MemorySegment.copy(coefficients, 0, byFeature, ValueLayout.JAVA_FLOAT, 0, coefficients.length);
            lanes = new float[PointCloud.PADDING];
            PointTile.gather(points, stride, indices, 0, rows, stride);
            PointTile.transpose(rows, stride, dimension, columns);
            coefficients();
            check();
        }

        private void coefficients() {
            for (int k = 0; k < COMPONENTS; k++) {
                DiagonalMixture.coefficients(location, logScale, k * stride, stride, EPSILON, slope, curve, targetSlope, targetCurve,
                    inverse,
                    terms);
            }
        }

        private void scalarCoefficients() {
            for (int k = 0; k < COMPONENTS; k++) {
                org.pontoon.engine.internal.scalar.DiagonalMixture.coefficients(location, logScale, k * stride, stride, EPSILON, slope,
                    curve, targetSlope, targetCurve,
                    inverse, terms);
            }
        }

        private void gradients() {
            for (int k = 0; k < COMPONENTS; k++) {
                DiagonalMixture.gradients(first, second, second, first, 0.1f, location, inverse, k * stride, dimension, EPSILON, byLocation,
                    byScale);
            }
        }

        private void scalarGradients() {
            for (int k = 0; k < COMPONENTS; k++) {
                org.pontoon.engine.internal.scalar.DiagonalMixture.gradients(first, second, second, first, 0.1f, location, inverse,
                    k * stride, dimension, EPSILON,
                    byLocation, byScale);
            }
        }

        private void check() {
            float[] a = new float[rows.length];
            float[] b = new float[rows.length];
            PointTile.gather(points, stride, indices, 0, a, stride);
            org.pontoon.engine.internal.scalar.PointTile.gather(points, stride, indices, 0, b, stride);
            Checks.sameBits("gather", b, a);
            float[] ca = new float[columns.length];
            float[] cb = new float[columns.length];
            PointTile.transpose(a, stride, dimension, ca);
            org.pontoon.engine.internal.scalar.PointTile.transpose(a, stride, 0, dimension, cb);
            Checks.sameBits("transpose", cb, ca);

            scalarCoefficients();
            float[][] expected = {slope.clone(), curve.clone(), targetSlope.clone(), targetCurve.clone(), inverse.clone(), terms.clone()};
            coefficients();
            float[][] actual = {slope, curve, targetSlope, targetCurve, inverse, terms};
            for (int i = 0; i < actual.length; i++) {
                Checks.sameBits("coefficients, array " + i, expected[i], actual[i]);
            }

            a = new float[logits.length];
            b = new float[logits.length];
            DiagonalForms.forward(targetSlope, targetCurve, stride, COMPONENTS, dimension, ca, a);
            org.pontoon.engine.internal.scalar.DiagonalForms.forward(targetSlope, targetCurve, stride, COMPONENTS, dimension, ca, b);
            Checks.sameBits("forward forms", b, a);
            Responsibilities.softmax(a, COMPONENTS, TILE, weights);
            org.pontoon.engine.internal.scalar.Responsibilities.softmax(b, COMPONENTS, TILE, weights);
            Checks.sameBits("softmax", b, a);
            float[] sa = new float[COMPONENTS];
            float[] sb = new float[COMPONENTS];
            Responsibilities.addSums(a, COMPONENTS, TILE, sa, lanes);
            org.pontoon.engine.internal.scalar.Responsibilities.addSums(a, COMPONENTS, TILE, sb, lanes);
            Checks.sameBits("sums of responsibilities", sb, sa);
            float[] first2 = new float[first.length];
            float[] second2 = new float[second.length];
            Arrays.fill(first, 0f);
            Arrays.fill(second, 0f);
            DiagonalForms.backward(a, COMPONENTS, TILE, rows, stride, stride, first, second);
            org.pontoon.engine.internal.scalar.DiagonalForms.backward(a, COMPONENTS, TILE, rows, stride, stride, first2, second2);
            Checks.sameBits("backward forms, first sums", first2, first);
            Checks.sameBits("backward forms, second sums", second2, second);
            gradients();
            first2 = byLocation.clone();
            second2 = byScale.clone();
            scalarGradients();
            Checks.sameBits("gradient by location", byLocation, first2);
            Checks.sameBits("gradient by scale", byScale, second2);

            float[] pa = parameters.clone();
            float[] pb = parameters.clone();
            Adam.step(pa, gradient, new float[pa.length], new float[pa.length], 0.01, 1);
            org.pontoon.engine.internal.scalar.Adam.step(pb, gradient, new float[pa.length], new float[pa.length], 0.01, 1);
            Checks.sameBits("Adam", pb, pa);

            a = new float[PointCloud.PADDING];
            b = new float[PointCloud.PADDING];
            MixtureRow.logits(coefficients, byFeature, PointCloud.PADDING, features, features.length, a);
            org.pontoon.engine.internal.scalar.MixtureRow.logits(coefficients, byFeature, PointCloud.PADDING, features, features.length, b);
            Checks.sameBits("mixture logits", b, a);
        }

        /** Compares hot kernels with their twins. */
        @TearDown
        public void stop() {
            check();
            arena.close();
        }
    }

    /** Operands of the matrix products of a training step with full S. */
    @State(Scope.Thread)
    public static class Full {

        /** Number of coordinates D; of another name, because the work grows with its square. */
        @Param("50")
        public int fullDimension;

        private int count;
        private int stride;
        private float[] coefficients;
        private float[] rows;
        private float[] columns;
        private float[] weights;
        private float[] logits;
        private float[] sums;

        /** Called by JMH. */
        public Full() {
        }

        /** Makes the data, and compares cold kernels with their twins. */
        @Setup
        public void start() {
            count = fullDimension + new QuadraticFeatures(fullDimension, true).quadratics();
            stride = PointCloud.paddedSize(count);
            coefficients = Synthetic.normals(COMPONENTS * stride, 7);
            rows = Synthetic.normals(TILE * stride, 8);
            columns = Synthetic.normals(TILE * count, 9);
            weights = Synthetic.normals(COMPONENTS * TILE, 10);
            logits = new float[COMPONENTS * TILE];
            sums = new float[COMPONENTS * stride];
            check();
        }

        /** Compares hot kernels with their twins. */
        @TearDown
        public void check() {
            float[] a = new float[logits.length];
            float[] b = new float[logits.length];
            MatrixProduct.accumulate(coefficients, 0, stride, 1, columns, 0, TILE, COMPONENTS, TILE, count, a, 0, TILE);
            org.pontoon.engine.internal.scalar.MatrixProduct.accumulate(coefficients, 0, stride, 1, columns, 0, TILE, COMPONENTS, TILE,
                count, b, 0, TILE);
            Checks.sameBits("forward product", b, a);
            a = new float[sums.length];
            b = new float[sums.length];
            MatrixProduct.accumulate(weights, 0, TILE, 1, rows, 0, stride, COMPONENTS, stride, TILE, a, 0, stride);
            org.pontoon.engine.internal.scalar.MatrixProduct.accumulate(weights, 0, TILE, 1, rows, 0, stride, COMPONENTS, stride, TILE, b,
                0, stride);
            Checks.sameBits("backward product", b, a);
        }
    }

    /** Arrays that the first-level cache holds. */
    @State(Scope.Thread)
    public static class Values {

        private final float[] arguments = new float[VALUES];
        private final float[] values = new float[VALUES];
        private final CounterRandom random = new CounterRandom();
        private final long key = CounterRandom.key(1, 2);
        private long next;

        /** Called by JMH. */
        public Values() {
        }

        /** Makes the data, and compares cold kernels with their twins. */
        @Setup
        public void start() {
            for (int i = 0; i < VALUES; i++) {
                arguments[i] = -100f * i / VALUES + 5f;
            }
            check();
        }

        /** Compares hot kernels with their twins. */
        @TearDown
        public void check() {
            float[] a = arguments.clone();
            float[] b = new float[VALUES];
            FloatMath.exp(a, 0, VALUES);
            for (int i = 0; i < VALUES; i++) {
                b[i] = FloatMath.exp(arguments[i]);
            }
            Checks.sameBits("exp", b, a);
            random.fillNormals(key, 64, a, 0, VALUES);
            for (int i = 0; i < VALUES; i++) {
                b[i] = CounterRandom.normal(key, 64 + i);
            }
            Checks.sameBits("normals", b, a);
        }
    }

    /**
     * Logits of a tile, diagonal S.
     *
     * @param s data
     * @return logits
     */
    @Benchmark
    public float[] forwardForms(Step s) {
        Arrays.fill(s.logits, 0f);
        DiagonalForms.forward(s.slope, s.curve, s.stride, COMPONENTS, s.dimension, s.columns, s.logits);
        return s.logits;
    }

    /**
     * The scalar twin.
     *
     * @param s data
     * @return logits
     */
    @Benchmark
    public float[] forwardFormsScalar(Step s) {
        Arrays.fill(s.logits, 0f);
        org.pontoon.engine.internal.scalar.DiagonalForms.forward(s.slope, s.curve, s.stride, COMPONENTS, s.dimension, s.columns, s.logits);
        return s.logits;
    }

    /**
     * Weighted sums of a tile's points and their squares, diagonal S.
     *
     * @param s data
     * @return sums
     */
    @Benchmark
    public float[] backwardForms(Step s) {
        Arrays.fill(s.first, 0f);
        Arrays.fill(s.second, 0f);
        DiagonalForms.backward(s.logits, COMPONENTS, TILE, s.rows, s.stride, s.stride, s.first, s.second);
        return s.first;
    }

    /**
     * The scalar twin.
     *
     * @param s data
     * @return sums
     */
    @Benchmark
    public float[] backwardFormsScalar(Step s) {
        Arrays.fill(s.first, 0f);
        Arrays.fill(s.second, 0f);
        org.pontoon.engine.internal.scalar.DiagonalForms.backward(s.logits, COMPONENTS, TILE, s.rows, s.stride, s.stride, s.first,
            s.second);
        return s.first;
    }

    /**
     * Softmax over components, in place again and again: its arguments tend to a constant, its time does not depend on them.
     *
     * @param s data
     * @return responsibilities
     */
    @Benchmark
    public float[] softmax(Step s) {
        Responsibilities.softmax(s.logits, COMPONENTS, TILE, s.weights);
        return s.logits;
    }

    /**
     * The scalar twin.
     *
     * @param s data
     * @return responsibilities
     */
    @Benchmark
    public float[] softmaxScalar(Step s) {
        org.pontoon.engine.internal.scalar.Responsibilities.softmax(s.logits, COMPONENTS, TILE, s.weights);
        return s.logits;
    }

    /**
     * Sums of responsibilities over a tile.
     *
     * @param s data
     * @return sums
     */
    @Benchmark
    public float[] addSums(Step s) {
        Responsibilities.addSums(s.logits, COMPONENTS, TILE, s.componentSums, s.lanes);
        return s.componentSums;
    }

    /**
     * The scalar twin.
     *
     * @param s data
     * @return sums
     */
    @Benchmark
    public float[] addSumsScalar(Step s) {
        org.pontoon.engine.internal.scalar.Responsibilities.addSums(s.logits, COMPONENTS, TILE, s.componentSums, s.lanes);
        return s.componentSums;
    }

    /**
     * Copies a tile's points out of a cloud at rest in memory.
     *
     * @param s data
     * @return the tile
     */
    @Benchmark
    public float[] gather(Step s) {
        PointTile.gather(s.points, s.stride, s.indices, 0, s.rows, s.stride);
        return s.rows;
    }

    /**
     * The scalar twin.
     *
     * @param s data
     * @return the tile
     */
    @Benchmark
    public float[] gatherScalar(Step s) {
        org.pontoon.engine.internal.scalar.PointTile.gather(s.points, s.stride, s.indices, 0, s.rows, s.stride);
        return s.rows;
    }

    /**
     * Writes the feature-major twin of a tile.
     *
     * @param s data
     * @return the tile
     */
    @Benchmark
    public float[] transpose(Step s) {
        PointTile.transpose(s.rows, s.stride, s.dimension, s.columns);
        return s.columns;
    }

    /**
     * The scalar twin.
     *
     * @param s data
     * @return the tile
     */
    @Benchmark
    public float[] transposeScalar(Step s) {
        org.pontoon.engine.internal.scalar.PointTile.transpose(s.rows, s.stride, 0, s.dimension, s.columns);
        return s.columns;
    }

    /**
     * Logit coefficients of all components from their parameters.
     *
     * @param s data
     * @return coefficients
     */
    @Benchmark
    public float[] coefficients(Step s) {
        s.coefficients();
        return s.targetCurve;
    }

    /**
     * The scalar twin.
     *
     * @param s data
     * @return coefficients
     */
    @Benchmark
    public float[] coefficientsScalar(Step s) {
        s.scalarCoefficients();
        return s.targetCurve;
    }

    /**
     * Gradients of all components from their sums.
     *
     * @param s data
     * @return gradient by location
     */
    @Benchmark
    public float[] gradients(Step s) {
        s.gradients();
        return s.byLocation;
    }

    /**
     * The scalar twin.
     *
     * @param s data
     * @return gradient by location
     */
    @Benchmark
    public float[] gradientsScalar(Step s) {
        s.scalarGradients();
        return s.byLocation;
    }

    /**
     * Adam on all parameters.
     *
     * @param s data
     * @return parameters
     */
    @Benchmark
    public float[] adam(Step s) {
        Adam.step(s.parameters, s.gradient, s.firstMoment, s.secondMoment, 1e-6, ++s.count);
        return s.parameters;
    }

    /**
     * The scalar twin.
     *
     * @param s data
     * @return parameters
     */
    @Benchmark
    public float[] adamScalar(Step s) {
        org.pontoon.engine.internal.scalar.Adam.step(s.parameters, s.gradient, s.firstMoment, s.secondMoment, 1e-6, ++s.count);
        return s.parameters;
    }

    /**
     * Mixture logits of one point.
     *
     * @param s data
     * @return logits
     */
    @Benchmark
    public float[] mixtureLogits(Step s) {
        MixtureRow.logits(s.coefficients, s.byFeature, PointCloud.PADDING, s.features, s.features.length, s.lanes);
        return s.lanes;
    }

    /**
     * The scalar twin.
     *
     * @param s data
     * @return logits
     */
    @Benchmark
    public float[] mixtureLogitsScalar(Step s) {
        org.pontoon.engine.internal.scalar.MixtureRow.logits(s.coefficients, s.byFeature, PointCloud.PADDING, s.features, s.features.length,
            s.lanes);
        return s.lanes;
    }

    /**
     * Logits of a tile, full S: (K x F) times (F x 64), with F = D + D (D + 1) / 2 features.
     *
     * @param s data
     * @return logits
     */
    @Benchmark
    public float[] forwardProduct(Full s) {
        Arrays.fill(s.logits, 0f);
        MatrixProduct.accumulate(s.coefficients, 0, s.stride, 1, s.columns, 0, TILE, COMPONENTS, TILE, s.count, s.logits, 0, TILE);
        return s.logits;
    }

    /**
     * The scalar twin.
     *
     * @param s data
     * @return logits
     */
    @Benchmark
    public float[] forwardProductScalar(Full s) {
        Arrays.fill(s.logits, 0f);
        org.pontoon.engine.internal.scalar.MatrixProduct.accumulate(s.coefficients, 0, s.stride, 1, s.columns, 0, TILE, COMPONENTS, TILE,
            s.count, s.logits, 0, TILE);
        return s.logits;
    }

    /**
     * Weighted sums of a tile's features, full S: (K x 64) times (64 x F).
     *
     * @param s data
     * @return sums
     */
    @Benchmark
    public float[] backwardProduct(Full s) {
        Arrays.fill(s.sums, 0f);
        MatrixProduct.accumulate(s.weights, 0, TILE, 1, s.rows, 0, s.stride, COMPONENTS, s.stride, TILE, s.sums, 0, s.stride);
        return s.sums;
    }

    /**
     * The scalar twin.
     *
     * @param s data
     * @return sums
     */
    @Benchmark
    public float[] backwardProductScalar(Full s) {
        Arrays.fill(s.sums, 0f);
        org.pontoon.engine.internal.scalar.MatrixProduct.accumulate(s.weights, 0, TILE, 1, s.rows, 0, s.stride, COMPONENTS, s.stride, TILE,
            s.sums, 0, s.stride);
        return s.sums;
    }

    /**
     * 1024 exponentials; copying the arguments counts.
     *
     * @param v data
     * @return values
     */
    @Benchmark
    public float[] exp(Values v) {
        System.arraycopy(v.arguments, 0, v.values, 0, VALUES);
        FloatMath.exp(v.values, 0, VALUES);
        return v.values;
    }

    /**
     * The scalar twin.
     *
     * @param v data
     * @return values
     */
    @Benchmark
    public float[] expScalar(Values v) {
        for (int i = 0; i < VALUES; i++) {
            v.values[i] = FloatMath.exp(v.arguments[i]);
        }
        return v.values;
    }

    /**
     * The JDK's scalar exponential in float64, for comparison.
     *
     * @param v data
     * @return values
     */
    @Benchmark
    public float[] expJdk(Values v) {
        for (int i = 0; i < VALUES; i++) {
            v.values[i] = (float) Math.exp(v.arguments[i]);
        }
        return v.values;
    }

    /**
     * 1024 standard normals.
     *
     * @param v data
     * @return values
     */
    @Benchmark
    public float[] fillNormals(Values v) {
        v.random.fillNormals(v.key, v.next, v.values, 0, VALUES);
        v.next += VALUES;
        return v.values;
    }

    /**
     * The scalar twin.
     *
     * @param v data
     * @return values
     */
    @Benchmark
    public float[] fillNormalsScalar(Values v) {
        for (int i = 0; i < VALUES; i++) {
            v.values[i] = CounterRandom.normal(v.key, v.next + i);
        }
        v.next += VALUES;
        return v.values;
    }
}
