package org.pontoon.engine.bridge;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.time.Duration;

import com.sun.management.ThreadMXBean;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.pontoon.engine.internal.buffer.AgronaBuffers;
import org.pontoon.engine.internal.kernel.MixtureRow;
import org.pontoon.engine.internal.kernel.Tier;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.random.CounterRandom;

/**
 * Translates single points with a fitted bridge: the latency path. Once compiled no method allocates ({@link #warmUp(Duration)} sees to
 * it), and none synchronises.
 *
 * <p>Points come from and go to float arrays, memory segments or Agrona buffers of the caller's, on or off the heap, D floats in native
 * byte order from any offset, aligned or not; the answers are the same bytes. Agrona's buffers do not know whether the memory below them is
 * still alive: that is the caller's to see to.
 *
 * <p>A draw is a function of (seed, index) and the point, whoever computes it: {@link BridgeTransport} gives row n of a cloud, draw j of J,
 * the same bytes as this class does for index {@code n * J + j}. Arithmetic is float32 in coordinates centred on the bridge's means; against
 * the float64 answers of {@link LightBridge} a conditional mean is off by about 1e-6 of the size of the data, and plan weights by about
 * 1e-7 times the size of their logits.
 *
 * <p>A point so far away that its squares overflow float32, or any point of a bridge whose epsilon lies beyond 1e-30 to 1e30, is answered in
 * float64, more slowly. Points must be finite and their answers within float32: this class does not look, {@link #isAnswerFinite()} does. An instance belongs to one thread; make one per thread from the same bridge. Where
 * the bridge is replaced while it is in use, take samplers from a {@link LiveBridge}.
 */
public final class BridgeSampler {

    private static final long COMPONENT_STREAM = 11;
    private static final long POINT_STREAM = 12;
    private static final long TIME_STREAM = 13;
    private static final long PATH_STREAM = 14;
    private static final long WARM_STREAM = 15;

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final int WARM_WINDOW = 2000;
    private static final int WARM_CALLS = 3;

    private final LightBridge bridge;
    private final PackedMixture plan;
    private final float[] spread;
    private final int dimension;
    private final int stride;
    private final int block;
    /** The centred point, then its squares or products and 1; what follows the point meets slopes that are 0. */
    private final float[] features;
    private final float[] weights;
    private final int[] active;
    private int activeCount;
    private final float[] normals;
    private final float[] result;
    private final float[] point;
    /** The centred point in float64, and scratch: for what float32 cannot hold. */
    private final double[] centred;
    private final double[] logits;
    private final double[] component;
    private final double[] sum;
    private boolean inDouble;
    private final CounterRandom random = new CounterRandom();
    private long seed;
    private long componentKey;
    private long pointKey;
    private long timeKey;
    private long pathKey;

    /**
     * Makes a sampler.
     *
     * @param bridge the fitted bridge
     */
    public BridgeSampler(LightBridge bridge) {
        this(bridge, PackedMixture.plan(bridge), spread(bridge));
    }

    BridgeSampler(LightBridge bridge, PackedMixture plan, float[] spread) {
        this.bridge = bridge;
        this.plan = plan;
        this.spread = spread;
        this.dimension = plan.dimension;
        this.stride = plan.stride;
        this.block = dimension + CounterRandom.NORMAL_BLOCK - 1 & -CounterRandom.NORMAL_BLOCK;
        this.features = new float[Math.max(plan.features.count(), stride)];
        this.weights = new float[plan.componentStride];
        this.active = new int[plan.components];
        this.normals = new float[block];
        this.result = new float[stride];
        this.point = new float[dimension];
        this.centred = new double[dimension];
        this.logits = new double[plan.components];
        this.component = new double[dimension];
        this.sum = new double[dimension];
        setSeed(0);
    }

    /** Standard deviations sqrt(epsilon S) per component, or for full covariance a transposed square root of epsilon S. */
    static float[] spread(LightBridge bridge) {
        int dimension = bridge.dimension();
        int stride = PointCloud.paddedSize(dimension);
        boolean full = bridge.covariance() == Covariance.FULL;
        float[] spread = new float[bridge.components() * stride * (full ? dimension : 1)];
        double[] roots = new double[dimension];
        for (int k = 0; k < bridge.components(); k++) {
            for (int d = 0; d < dimension; d++) {
                roots[d] = Math.sqrt(bridge.epsilon() * bridge.eigenvalue(k, d));
            }
            for (int i = 0; i < dimension; i++) {
                if (!full) {
                    spread[k * stride + i] = (float) roots[i];
                    continue;
                }
                // the symmetric root, so that transposed or not is the same
                for (int j = 0; j < dimension; j++) {
                    spread[(k * dimension + j) * stride + i] = (float) bridge.spectral(k, i, j, roots);
                }
            }
        }
        return spread;
    }

    /**
     * Returns the bridge that this sampler draws from.
     *
     * @return the bridge
     */
    public LightBridge bridge() {
        return bridge;
    }

    /**
     * Draws y from the conditional plan pi(y | x): {@link #condition} and one {@link #draw}.
     *
     * @param drawSeed chooses the random numbers, together with the index
     * @param index number of the draw, not negative
     * @param x holds the source point
     * @param xOffset where it starts, D values
     * @param y receives the target point; may be x
     * @param yOffset where to start, D values
     */
    public void sample(long drawSeed, long index, float[] x, int xOffset, float[] y, int yOffset) {
        condition(x, xOffset);
        draw(drawSeed, index, y, yOffset);
    }

    /**
     * Sets the source point of the {@link #draw draws} and the {@link #mean(float[], int)} that follow: the components' responsibilities are
     * computed once for all of them.
     *
     * @param x holds the source point
     * @param xOffset where it starts, D values
     */
    public void condition(float[] x, int xOffset) {
        condition(plan, x, xOffset);
    }

    /**
     * Draws y from the plan of the point last given to {@link #condition}.
     *
     * @param drawSeed chooses the random numbers, together with the index
     * @param index number of the draw, not negative
     * @param y receives the target point
     * @param yOffset where to start, D values
     */
    public void draw(long drawSeed, long index, float[] y, int yOffset) {
        setSeed(drawSeed);
        draw(index);
        System.arraycopy(result, 0, y, yOffset, dimension);
    }

    /**
     * Writes the mean of the plan of the point last given to {@link #condition}.
     *
     * @param y receives the mean
     * @param yOffset where to start, D values
     */
    public void mean(float[] y, int yOffset) {
        mean(plan);
        System.arraycopy(result, 0, y, yOffset, dimension);
    }

    /**
     * Maps x to the mean of its conditional plan, the barycentric map E[y | x].
     *
     * @param x holds the source point
     * @param xOffset where it starts, D values
     * @param y receives the mean; may be x
     * @param yOffset where to start, D values
     */
    public void mean(float[] x, int xOffset, float[] y, int yOffset) {
        condition(x, xOffset);
        mean(y, yOffset);
    }

    /**
     * Draws the position of the bridge at time t, given that it starts in x: exact, without time steps. At t = 0 it is x, at t = 1 the draw
     * of {@link #sample}, and between them it lies on the Brownian bridge that joins the two.
     *
     * @param t time in [0, 1]
     * @param drawSeed chooses the random numbers, together with the index
     * @param index number of the draw, not negative
     * @param x holds the source point
     * @param xOffset where it starts, D values
     * @param y receives the position; may be x
     * @param yOffset where to start, D values
     * @throws IllegalArgumentException if t lies outside [0, 1]
     */
    public void sampleAt(double t, long drawSeed, long index, float[] x, int xOffset, float[] y, int yOffset) {
        if (!(t >= 0 && t <= 1)) {
            throw new IllegalArgumentException("time is " + t + ", expected within [0, 1]");
        }
        setSeed(drawSeed);
        condition(x, xOffset);
        draw(index);
        random.fillNormals(timeKey, index * block, normals, 0, block);
        float late = (float) t;
        float early = (float) (1 - t);
        float deviation = (float) Math.sqrt(bridge.epsilon() * t * (1 - t));
        for (int d = 0; d < dimension; d++) {
            y[yOffset + d] = Math.fma(deviation, normals[d], Math.fma(late, result[d], early * x[xOffset + d]));
        }
    }

    /**
     * Draws y from the conditional plan pi(y | x), as {@link #sample(long, long, float[], int, float[], int)} does.
     *
     * @param drawSeed chooses the random numbers, together with the index
     * @param index number of the draw, not negative
     * @param x holds the source point
     * @param xOffset where it starts, in bytes
     * @param y receives the target point; may overlap x
     * @param yOffset where to start, in bytes
     * @throws IndexOutOfBoundsException if D floats do not fit
     * @throws IllegalStateException if a segment is closed
     */
    public void sample(long drawSeed, long index, MemorySegment x, long xOffset, MemorySegment y, long yOffset) {
        MemorySegment.copy(x, FLOAT, xOffset, point, 0, dimension);
        condition(point, 0);
        setSeed(drawSeed);
        draw(index);
        MemorySegment.copy(result, 0, y, FLOAT, yOffset, dimension);
    }

    /**
     * Maps x to the mean of its conditional plan, as {@link #mean(float[], int, float[], int)} does.
     *
     * @param x holds the source point
     * @param xOffset where it starts, in bytes
     * @param y receives the mean; may overlap x
     * @param yOffset where to start, in bytes
     * @throws IndexOutOfBoundsException if D floats do not fit
     * @throws IllegalStateException if a segment is closed
     */
    public void mean(MemorySegment x, long xOffset, MemorySegment y, long yOffset) {
        MemorySegment.copy(x, FLOAT, xOffset, point, 0, dimension);
        mean(point, 0, point, 0);
        MemorySegment.copy(point, 0, y, FLOAT, yOffset, dimension);
    }

    /**
     * Draws the position of the bridge at time t, as {@link #sampleAt(double, long, long, float[], int, float[], int)} does.
     *
     * @param t time in [0, 1]
     * @param drawSeed chooses the random numbers, together with the index
     * @param index number of the draw, not negative
     * @param x holds the source point
     * @param xOffset where it starts, in bytes
     * @param y receives the position; may overlap x
     * @param yOffset where to start, in bytes
     * @throws IllegalArgumentException if t lies outside [0, 1]
     * @throws IndexOutOfBoundsException if D floats do not fit
     * @throws IllegalStateException if a segment is closed
     */
    public void sampleAt(double t, long drawSeed, long index, MemorySegment x, long xOffset, MemorySegment y, long yOffset) {
        MemorySegment.copy(x, FLOAT, xOffset, point, 0, dimension);
        sampleAt(t, drawSeed, index, point, 0, point, 0);
        MemorySegment.copy(point, 0, y, FLOAT, yOffset, dimension);
    }

    /**
     * Draws y from the conditional plan pi(y | x), as {@link #sample(long, long, float[], int, float[], int)} does.
     *
     * @param drawSeed chooses the random numbers, together with the index
     * @param index number of the draw, not negative
     * @param x holds the source point
     * @param xOffset where it starts, in bytes
     * @param y receives the target point; may overlap x
     * @param yOffset where to start, in bytes
     * @throws IndexOutOfBoundsException if D floats do not fit
     * @throws IllegalStateException if the JVM was started without the option that Agrona's buffers need, which is named
     */
    public void sample(long drawSeed, long index, DirectBuffer x, int xOffset, MutableDirectBuffer y, int yOffset) {
        AgronaBuffers.copy(x, xOffset, point, dimension);
        condition(point, 0);
        setSeed(drawSeed);
        draw(index);
        AgronaBuffers.copy(result, dimension, y, yOffset);
    }

    /**
     * Maps x to the mean of its conditional plan, as {@link #mean(float[], int, float[], int)} does.
     *
     * @param x holds the source point
     * @param xOffset where it starts, in bytes
     * @param y receives the mean; may overlap x
     * @param yOffset where to start, in bytes
     * @throws IndexOutOfBoundsException if D floats do not fit
     * @throws IllegalStateException if the JVM was started without the option that Agrona's buffers need, which is named
     */
    public void mean(DirectBuffer x, int xOffset, MutableDirectBuffer y, int yOffset) {
        AgronaBuffers.copy(x, xOffset, point, dimension);
        mean(point, 0, point, 0);
        AgronaBuffers.copy(point, dimension, y, yOffset);
    }

    /**
     * Draws the position of the bridge at time t, as {@link #sampleAt(double, long, long, float[], int, float[], int)} does.
     *
     * @param t time in [0, 1]
     * @param drawSeed chooses the random numbers, together with the index
     * @param index number of the draw, not negative
     * @param x holds the source point
     * @param xOffset where it starts, in bytes
     * @param y receives the position; may overlap x
     * @param yOffset where to start, in bytes
     * @throws IllegalArgumentException if t lies outside [0, 1]
     * @throws IndexOutOfBoundsException if D floats do not fit
     * @throws IllegalStateException if the JVM was started without the option that Agrona's buffers need, which is named
     */
    public void sampleAt(double t, long drawSeed, long index, DirectBuffer x, int xOffset, MutableDirectBuffer y, int yOffset) {
        AgronaBuffers.copy(x, xOffset, point, dimension);
        sampleAt(t, drawSeed, index, point, 0, point, 0);
        AgronaBuffers.copy(point, dimension, y, yOffset);
    }

    /**
     * Tells whether the last answer can be used: for callers who cannot trust their points. It cannot where the point was NaN or infinite,
     * or so far away that its answer overflows float32.
     *
     * @return true if the components' responsibilities and all coordinates are finite
     */
    public boolean isAnswerFinite() {
        // of a point that is not finite all responsibilities are NaN, though the draw of a component may still be finite
        return Float.isFinite(weights[0]) && MixtureRow.isFinite(result, stride);
    }

    /**
     * Makes the first real point as fast as the next million: waits until the loops on lanes are compiled, and then translates made-up
     * points, samples, means and times in between, with this bridge's shapes.
     *
     * <p>What is compiled is told by what it allocates: vectors live in registers only in C2's code, so two whole windows of calls that
     * allocate nothing have run compiled kernels and nothing else. A JVM without C2 or without the Vector API never gets there, which does
     * not take until the limit: plain Java is warmed up then.
     *
     * @param limit when to give up; a second is plenty on an idle machine
     * @return whether it is compiled, and what it took
     */
    public WarmUp warmUp(Duration limit) {
        long began = System.nanoTime();
        long end = began + limit.toNanos();
        float[] x = new float[dimension];
        float[] y = new float[dimension];
        long key = CounterRandom.key(WARM_STREAM, WARM_STREAM);
        ThreadMXBean threads = ManagementFactory.getThreadMXBean() instanceof ThreadMXBean bean && bean.isThreadAllocatedMemorySupported()
            && bean.isThreadAllocatedMemoryEnabled() ? bean : null;
        int clean = 0;
        long calls = 0;
        boolean vectors = false;
        if (limit.isPositive()) {
            vectors = Tier.prime(() -> warm(key, 0, x, y), end - System.nanoTime()).compiled();
            calls += WARM_CALLS;
        }
        while (clean < 2 && System.nanoTime() < end) {
            long before = threads == null ? 0 : threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < WARM_WINDOW && System.nanoTime() < end; i++) {
                warm(key, calls, x, y);
                calls += WARM_CALLS;
            }
            boolean whole = System.nanoTime() < end;
            clean = threads != null && whole && threads.getCurrentThreadAllocatedBytes() == before ? clean + 1 : 0;
        }
        return new WarmUp(vectors && clean == 2, calls, (System.nanoTime() - began) * 1e-9);
    }

    private void warm(long key, long index, float[] x, float[] y) {
        for (int d = 0; d < dimension; d++) {
            x[d] = (float) bridge.sourceMean(d) + CounterRandom.normal(key, index + d);
        }
        sample(index, index, x, 0, y, 0);
        mean(x, 0, y, 0);
        sampleAt(0.5, index, index, x, 0, y, 0);
        isAnswerFinite();
    }

    /** Draws a whole Brownian-bridge path on the grid i / steps: y once, then step by step between where it is and y. */
    void bridgePath(int steps, long drawSeed, long index, float[] x, int xOffset, float[] path, int pathOffset) {
        setSeed(drawSeed);
        condition(x, xOffset);
        draw(index);
        System.arraycopy(x, xOffset, path, pathOffset, dimension);
        for (int i = 1; i < steps; i++) {
            random.fillNormals(pathKey, (index * steps + i) * block, normals, 0, block);
            // from s = (i - 1) / steps to u = i / steps, towards y at 1
            double share = 1.0 / (steps - i + 1);
            float deviation = (float) Math.sqrt(bridge.epsilon() * (1 - share) / steps);
            int from = pathOffset + (i - 1) * dimension;
            for (int d = 0; d < dimension; d++) {
                float at = path[from + d];
                path[from + dimension + d] = Math.fma(deviation, normals[d], Math.fma((float) share, result[d] - at, at));
            }
        }
        System.arraycopy(result, 0, path, pathOffset + steps * dimension, dimension);
    }

    /** Integrates dX = g dt + sqrt(epsilon) dW by Euler and Maruyama on the grid i / steps; drifts[i] is the drift at i / steps. */
    void eulerPath(int steps, PackedMixture[] drifts, long drawSeed, long index, float[] x, int xOffset, float[] path, int pathOffset) {
        setSeed(drawSeed);
        System.arraycopy(x, xOffset, path, pathOffset, dimension);
        float dt = (float) (1.0 / steps);
        float deviation = (float) Math.sqrt(bridge.epsilon() / steps);
        for (int i = 0; i < steps; i++) {
            int at = pathOffset + i * dimension;
            driftInto(drifts[i], path, at);
            random.fillNormals(pathKey, (index * steps + i) * block, normals, 0, block);
            for (int d = 0; d < dimension; d++) {
                path[at + dimension + d] = Math.fma(deviation, normals[d], Math.fma(dt, result[d], path[at + d]));
            }
        }
    }

    /** Evaluates the drift. */
    void drift(PackedMixture drift, float[] x, int xOffset, float[] g, int gOffset) {
        driftInto(drift, x, xOffset);
        System.arraycopy(result, 0, g, gOffset, dimension);
    }

    private void driftInto(PackedMixture drift, float[] x, int xOffset) {
        condition(drift, x, xOffset);
        mean(drift);
    }

    private void setSeed(long value) {
        if (value == seed && componentKey != 0) {
            return;
        }
        seed = value;
        componentKey = CounterRandom.key(value, COMPONENT_STREAM);
        pointKey = CounterRandom.key(value, POINT_STREAM);
        timeKey = CounterRandom.key(value, TIME_STREAM);
        pathKey = CounterRandom.key(value, PATH_STREAM);
    }

    /** Sets the features of a point and the weights of the components there; these sum to 1 up to rounding. */
    private void condition(PackedMixture mixture, float[] x, int xOffset) {
        mixture.features.ofPoint(x, xOffset, mixture.origin, features);
        MixtureRow.logits(mixture.coefficients, mixture.aligned, mixture.componentStride, features, mixture.features.count(), weights);
        activeCount = MixtureRow.softmax(weights, mixture.components, mixture.componentStride, active);
        // where a square overflows, all weights are NaN
        inDouble = mixture.beyondFloat || weights[0] != weights[0];
        if (inDouble) {
            for (int d = 0; d < dimension; d++) {
                centred[d] = (double) x[xOffset + d] - mixture.origin[d];
            }
            activeCount = mixture.weightsInDouble(centred, logits, component, weights, active);
        }
    }

    private void mean(PackedMixture mixture) {
        if (inDouble) {
            mixture.meanInDouble(weights, active, activeCount, centred, component, sum, result);
        } else {
            mixture.mean(weights, active, activeCount, features, result);
        }
    }

    /** Adds a draw from N(0, epsilon S_k) to the result. */
    private void addSpread(int k) {
        if (plan.full) {
            MixtureRow.addProduct(spread, k * dimension * stride, stride, dimension, 1f, normals, result);
            return;
        }
        for (int d = 0; d < dimension; d++) {
            result[d] = Math.fma(spread[k * stride + d], normals[d], result[d]);
        }
    }

    /** Draws a component by inverse transform, and then the point, into result. */
    private void draw(long index) {
        int last = plan.components - 1;
        float u = (float) CounterRandom.uniform(componentKey, index);
        int k = 0;
        float cumulative = weights[0];
        while (k < last && u >= cumulative) {
            cumulative += weights[++k];
        }
        // rounding may leave u beyond the sum of all weights: never choose a component of weight zero for it
        while (weights[k] == 0f && k > 0) {
            k--;
        }
        random.fillNormals(pointKey, index * block, normals, 0, block);
        if (inDouble) {
            bridge.componentMean(k, centred, component);
            for (int d = 0; d < dimension; d++) {
                result[d] = (float) (plan.offset[d] + component[d]);
            }
            addSpread(k);
            return;
        }
        System.arraycopy(plan.offset, 0, result, 0, stride);
        if (plan.full) {
            for (int d = 0; d < dimension; d++) {
                result[d] += plan.shift[k * stride + d];
            }
            plan.addSlope(k, 1f, features, result);
            addSpread(k);
        } else {
            MixtureRow.addDraw(plan.shift, plan.slope, spread, k * stride, stride, features, normals, result);
        }
    }
}
