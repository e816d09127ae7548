package org.pontoon.engine.bridge;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

import org.pontoon.engine.internal.kernel.PointTile;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.random.CounterRandom;

/**
 * One side's minibatches: rows of a cloud drawn without replacement, or batches of an endless stream; centred, in the trainer's unit of
 * length, with weights that sum to 1 over a batch of mean weight.
 */
abstract sealed class TrainingPoints implements AutoCloseable {

    /** Points that a stream is asked for to find its centre and the first locations. */
    static final int STREAM_START = 4096;

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

    private final int batch;
    private final int dimension;
    private final float[] mean;
    private final Arena arena = Arena.ofShared();
    /**
     * Centred points, row-major; a 1 follows the coordinates where the padding has room for it, so that sums of w x hold the sum of w as
     * well. The last row is zero and stands for the points that a tile lacks.
     */
    private final MemorySegment points;
    private final int stride;
    private final int size;
    /** Rows of the drawn batch, up to a whole number of tiles. */
    private final int[] indices;
    private double unit = 1;

    private TrainingPoints(int batch, int dimension, float[] mean, int size) {
        this.batch = batch;
        this.dimension = dimension;
        this.mean = mean;
        this.size = size;
        this.stride = PointCloud.paddedSize(dimension);
        this.points = arena.allocate((size + 1L) * stride * Float.BYTES, 64);
        this.indices = new int[(batch + PointTile.SIZE - 1) / PointTile.SIZE * PointTile.SIZE];
        Arrays.fill(indices, batch, indices.length, size);
        if (dimension < stride) {
            for (long n = 0; n < size; n++) {
                points.setAtIndex(FLOAT, n * stride + dimension, 1f);
            }
        }
    }

    static TrainingPoints of(PointCloud cloud, int batch, long key) {
        return new Cloud(cloud, Math.min(batch, cloud.size()), key);
    }

    static TrainingPoints of(BatchSource stream, int dimension, int batch, String name) {
        return new Stream(stream, dimension, batch, name);
    }

    /** Number of points in a batch. */
    final int batch() {
        return batch;
    }

    final double[] mean() {
        double[] result = new double[dimension];
        for (int d = 0; d < dimension; d++) {
            result[d] = mean[d];
        }
        return result;
    }

    /** Sets the length that counts as 1 in what is packed; the next draw must come first. */
    void setUnit(double value) {
        unit = value;
    }

    /** Centres and scales in float64: what is packed is rounded once, whatever the units. */
    final float centred(float value, int coordinate) {
        return (float) (((double) value - mean[coordinate]) / unit);
    }

    /** Draws the batch of a step. */
    abstract void draw(int step);

    /** Sample weight of a row, in units of their mean. */
    abstract float weight(int row);

    /** Packs a tile of the drawn batch, centred, with the points' shares of the batch mean; missing points weigh 0. */
    final void pack(int first, float[] rows, int rowStride, float[] columns, float[] shares) {
        PointTile.gather(points, stride, indices, first, rows, rowStride);
        PointTile.transpose(rows, rowStride, dimension, columns);
        float share = 1f / batch;
        for (int b = 0; b < shares.length; b++) {
            shares[b] = first + b < batch ? share * weight(indices[first + b]) : 0f;
        }
    }

    /** Number of points to start from. */
    abstract int startSize();

    /** Writes a point to start from, in the caller's coordinates. */
    abstract void start(int index, float[] point);

    @Override
    public void close() {
        arena.close();
    }

    /** Minibatches of a cloud. */
    private static final class Cloud extends TrainingPoints {

        private static final int BLOCK = 256;

        private final PointCloud cloud;
        private final float[] weights;
        private final int[] candidates;
        private final int[] drawnAt;
        private final long key;
        private final CounterRandom random = new CounterRandom();

        Cloud(PointCloud cloud, int batch, long key) {
            super(batch, cloud.dimension(), mean(cloud), cloud.size());
            this.cloud = cloud;
            this.key = key;
            fill();
            this.weights = weights(cloud);
            this.candidates = new int[PointCloud.paddedSize(batch)];
            // sparse draws reject repeats by this stamp; dense ones shuffle all rows
            this.drawnAt = new int[cloud.size()];
            Arrays.fill(drawnAt, -1);
        }

        /** By blocks on the heap: single floats in a segment are slow until C2 has compiled every layer of their access. */
        private void fill() {
            int size = cloud.size();
            int stride = super.stride;
            float[] column = new float[Math.min(size, BLOCK)];
            float[] rows = new float[column.length * stride];
            for (int n = 0; n < column.length && cloud.dimension() < stride; n++) {
                rows[n * stride + cloud.dimension()] = 1f;
            }
            for (int first = 0; first < size; first += column.length) {
                int count = Math.min(column.length, size - first);
                for (int d = 0; d < cloud.dimension(); d++) {
                    cloud.copyColumn(d, first, column, 0, count);
                    centre(column, count, d, rows);
                }
                MemorySegment.copy(rows, 0, super.points, FLOAT, 4L * first * stride, count * stride);
            }
        }

        private void centre(float[] column, int count, int d, float[] rows) {
            for (int n = 0; n < count; n++) {
                rows[n * super.stride + d] = centred(column[n], d);
            }
        }

        @Override
        void setUnit(double value) {
            super.setUnit(value);
            fill();
        }

        private static float[] mean(PointCloud cloud) {
            float[] mean = new float[cloud.dimension()];
            float[] column = new float[cloud.size()];
            for (int d = 0; d < mean.length; d++) {
                cloud.copyColumn(d, 0, column, 0, column.length);
                double sum = 0;
                double total = 0;
                for (int n = 0; n < column.length; n++) {
                    double w = cloud.weight(n);
                    sum += w * column[n];
                    total += w;
                }
                mean[d] = (float) (sum / total);
            }
            return mean;
        }

        private static float[] weights(PointCloud cloud) {
            if (!cloud.hasWeights()) {
                return null;
            }
            double total = 0;
            for (int n = 0; n < cloud.size(); n++) {
                total += cloud.weight(n);
            }
            float[] weights = new float[cloud.size()];
            for (int n = 0; n < weights.length; n++) {
                weights[n] = (float) (cloud.weight(n) * cloud.size() / total);
            }
            return weights;
        }

        @Override
        void draw(int step) {
            int size = drawnAt.length;
            int[] indices = super.indices;
            long counter = (long) step << 32;
            if (batch() > size / 2) {
                for (int n = 0; n < size; n++) {
                    drawnAt[n] = n;
                }
                for (int i = 0; i < batch(); i++) {
                    int other = i + CounterRandom.uniformInt(key, counter + i, size - i);
                    indices[i] = drawnAt[other];
                    drawnAt[other] = drawnAt[i];
                }
                return;
            }
            int found = 0;
            while (found < batch()) {
                int wanted = PointCloud.paddedSize(batch() - found);
                random.fillUniformInts(key, counter, candidates, wanted, size);
                counter += wanted;
                for (int c = 0; c < wanted && found < batch(); c++) {
                    int n = candidates[c];
                    if (drawnAt[n] != step) {
                        drawnAt[n] = step;
                        indices[found++] = n;
                    }
                }
            }
        }

        @Override
        float weight(int row) {
            return weights == null ? 1f : weights[row];
        }

        @Override
        int startSize() {
            return cloud.size();
        }

        @Override
        void start(int index, float[] point) {
            cloud.copyPoint(index, point, 0);
        }
    }

    /** Batches of a stream. */
    private static final class Stream extends TrainingPoints {

        private final BatchSource stream;
        private final float[] first;
        private final float[] rows;
        private final String name;

        Stream(BatchSource stream, int dimension, int batch, String name) {
            this(stream, dimension, batch, firstBatch(stream, dimension, name), name);
        }

        private Stream(BatchSource stream, int dimension, int batch, float[] first, String name) {
            super(batch, dimension, mean(first, dimension), batch);
            this.stream = stream;
            this.first = first;
            this.rows = new float[Math.multiplyExact(batch, dimension)];
            this.name = name;
            for (int n = 0; n < batch; n++) {
                super.indices[n] = n;
            }
        }

        private static float[] firstBatch(BatchSource stream, int dimension, String name) {
            float[] rows = new float[Math.multiplyExact(STREAM_START, dimension)];
            stream.fill(-1, STREAM_START, rows);
            checkFinite(rows, dimension, -1, name);
            return rows;
        }

        private static void checkFinite(float[] rows, int dimension, int step, String name) {
            for (int i = 0; i < rows.length; i++) {
                if (!Float.isFinite(rows[i])) {
                    throw new IllegalArgumentException(name + " stream gave " + rows[i] + " in the batch of step " + step + " at row " + i
                        / dimension + ", column " + i % dimension + ", expected finite values");
                }
            }
        }

        private static float[] mean(float[] rows, int dimension) {
            double[] sums = new double[dimension];
            for (int i = 0; i < rows.length; i++) {
                sums[i % dimension] += rows[i];
            }
            float[] mean = new float[dimension];
            for (int d = 0; d < dimension; d++) {
                mean[d] = (float) (sums[d] * dimension / rows.length);
            }
            return mean;
        }

        @Override
        void draw(int step) {
            stream.fill(step, batch(), rows);
            checkFinite(rows, super.dimension, step, name);
            for (int n = 0; n < batch(); n++) {
                for (int d = 0; d < super.dimension; d++) {
                    super.points.setAtIndex(FLOAT, (long) n * super.stride + d, centred(rows[n * super.dimension + d], d));
                }
            }
        }

        @Override
        float weight(int row) {
            return 1f;
        }

        @Override
        int startSize() {
            return STREAM_START;
        }

        @Override
        void start(int index, float[] point) {
            System.arraycopy(first, index * point.length, point, 0, point.length);
        }
    }
}
