package org.pontoon.engine.bridge;

import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;

/**
 * The training objective of a bridge on two clouds, and what follows from it.
 *
 * @param value L = mean log c(x) - mean log v(y); lower is better, and KL(plan* || plan) = L - L* (paper, proposition 3.2)
 * @param meanLogNormalizer mean log c(x) over the source
 * @param meanLogPotential mean log v(y) over the target
 * @param dualBound lower bound on the entropic transport cost in its weak form, min E |x - y|^2 / 2 - epsilon E H(pi(.|x)), of the two
 *     clouds' distributions: E|x|^2 / 2 + E|y|^2 / 2 - epsilon L; tight where the bridge is optimal
 * @param standardError standard error of value, treating both clouds as independent samples
 */
public record BridgeObjective(double value, double meanLogNormalizer, double meanLogPotential, double dualBound, double standardError) {

    private static final int TILE = 256;

    static BridgeObjective of(LightBridge bridge, PointCloud source, PointCloud target, TileScheduler scheduler) {
        source.requireDimension(bridge.dimension(), "source").requireFinite("source");
        target.requireDimension(bridge.dimension(), "target").requireFinite("target");
        Sums x = sums(bridge, source, true, scheduler);
        Sums y = sums(bridge, target, false, scheduler);
        double value = x.mean() - y.mean();
        double dual = 0.5 * x.meanSquaredNorm() + 0.5 * y.meanSquaredNorm() - bridge.epsilon() * value;
        return new BridgeObjective(value, x.mean(), y.mean(), dual, Math.sqrt(x.squaredError() + y.squaredError()));
    }

    private static Sums sums(LightBridge bridge, PointCloud cloud, boolean normalizer, TileScheduler scheduler) {
        int tiles = (cloud.size() + TILE - 1) / TILE;
        Sums[] parts = new Sums[tiles];
        scheduler.run(tiles, (tile, worker) -> {
            Sums part = new Sums();
            double[] point = new double[bridge.dimension()];
            int first = tile * TILE;
            int count = Math.min(TILE, cloud.size() - first);
            float[] columns = new float[point.length * count];
            for (int d = 0; d < point.length; d++) {
                cloud.copyColumn(d, first, columns, d * count, count);
            }
            for (int n = 0; n < count; n++) {
                double norm = 0;
                for (int d = 0; d < point.length; d++) {
                    point[d] = columns[d * count + n];
                    norm += point[d] * point[d];
                }
                part.add(cloud.weight(first + n), normalizer ? bridge.logNormalizer(point) : bridge.logPotential(point), norm);
            }
            parts[tile] = part;
        });
        Sums total = new Sums();
        for (Sums part : parts) {
            total.add(part);
        }
        return total;
    }

    private static final class Sums {

        private double weight;
        private double squaredWeight;
        private double sum;
        private double squares;
        private double norms;

        void add(double w, double value, double norm) {
            weight += w;
            squaredWeight += w * w;
            sum += w * value;
            squares += w * value * value;
            norms += w * norm;
        }

        void add(Sums other) {
            weight += other.weight;
            squaredWeight += other.squaredWeight;
            sum += other.sum;
            squares += other.squares;
            norms += other.norms;
        }

        double mean() {
            return sum / weight;
        }

        double meanSquaredNorm() {
            return norms / weight;
        }

        double squaredError() {
            double variance = Math.max(0, squares / weight - mean() * mean());
            return variance * squaredWeight / (weight * weight);
        }
    }
}
