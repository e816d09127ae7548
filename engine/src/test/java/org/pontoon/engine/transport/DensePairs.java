package org.pontoon.engine.transport;

import org.pontoon.engine.memory.PointCloud;

/** The sums of {@link PairSums} written down as plainly as can be. */
final class DensePairs {

    private final PointCloud x;
    private final PointCloud y;

    DensePairs(PointCloud x, PointCloud y) {
        this.x = x;
        this.y = y;
    }

    double squaredDistance(int i, int j) {
        double square = 0;
        for (int d = 0; d < x.dimension(); d++) {
            square += difference(i, j, d) * difference(i, j, d);
        }
        return square;
    }

    private double difference(int i, int j, int d) {
        return (double) x.get(i, d) - y.get(j, d);
    }

    double cost(int p, int i, int j) {
        return p == 2 ? squaredDistance(i, j) / 2 : Math.sqrt(squaredDistance(i, j));
    }

    private double costSlope(int p, int i, int j) {
        double square = squaredDistance(i, j);
        return p == 2 ? 1 : square == 0 ? 0 : 1 / Math.sqrt(square);
    }

    void kernelSums(PairKernel kernel, double[] weights, double[] sums, double[] gradient) {
        int dimension = x.dimension();
        for (int i = 0; i < x.size(); i++) {
            for (int j = 0; j < y.size(); j++) {
                double square = squaredDistance(i, j);
                sums[i] += weights[j] * kernel.value(square);
                for (int d = 0; d < dimension; d++) {
                    gradient[i * dimension + d] += weights[j] * kernel.slope(square) * difference(i, j, d);
                }
            }
        }
    }

    void logSumExp(int p, double epsilon, double[] bias, double[] result, double[] gradient) {
        int dimension = x.dimension();
        for (int i = 0; i < x.size(); i++) {
            double max = Double.NEGATIVE_INFINITY;
            for (int j = 0; j < y.size(); j++) {
                max = Math.max(max, bias[j] - cost(p, i, j) / epsilon);
            }
            double sum = 0;
            for (int j = 0; j < y.size(); j++) {
                sum += max == Double.NEGATIVE_INFINITY ? 0 : Math.exp(bias[j] - cost(p, i, j) / epsilon - max);
            }
            result[i] = max + Math.log(sum);
            for (int j = 0; j < y.size() && sum > 0; j++) {
                double share = Math.exp(bias[j] - cost(p, i, j) / epsilon - max) / sum;
                for (int d = 0; d < dimension; d++) {
                    gradient[i * dimension + d] += share * costSlope(p, i, j) * difference(i, j, d);
                }
            }
        }
    }

    void planSums(int p, double epsilon, double[] alpha, double[] beta, double[] values, int valueCount, double[] applied,
            double[] rowSums, double[] gradient) {
        int dimension = x.dimension();
        for (int i = 0; i < x.size(); i++) {
            for (int j = 0; j < y.size(); j++) {
                double plan = Math.exp(alpha[i] + beta[j] - cost(p, i, j) / epsilon);
                rowSums[i] += plan;
                for (int v = 0; v < valueCount; v++) {
                    applied[i * valueCount + v] += plan * values[j * valueCount + v];
                }
                for (int d = 0; d < dimension; d++) {
                    gradient[i * dimension + d] += plan * costSlope(p, i, j) * difference(i, j, d);
                }
            }
        }
    }
}
