package org.pontoon.engine.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.pontoon.engine.simd.VectorSupport;

/**
 * Sums of Euclidean distances from single points to a packed tile of others, by direct differences.
 */
public final class PairDistance {

    private static final VectorSpecies<Float> F = VectorSupport.FLOATS;
    private static final int L = VectorSupport.LANES;

    private PairDistance() {
    }

    /**
     * Adds, lane by lane, {@code weights[n] * |x - y_n|} over a tile of points y: 16 virtual lanes, each a chain in point order.
     *
     * @param x one point, D values
     * @param offset where it starts
     * @param tile coordinate-major tile of points: coordinate d of point n lies at {@code d * points + n}
     * @param points padded number of points, a multiple of 16
     * @param dimension D
     * @param weights weight of each point, 0 for padding
     * @param lanes 16 running sums, changed in place
     */
    public static void add(float[] x, int offset, float[] tile, int points, int dimension, float[] weights, float[] lanes) {
        for (int lane = 0; lane < VectorSupport.VIRTUAL_LANES; lane += L) {
            FloatVector sum = FloatVector.fromArray(F, lanes, lane);
            for (int n = lane; n < points; n += VectorSupport.VIRTUAL_LANES) {
                FloatVector a = FloatVector.zero(F);
                FloatVector b = FloatVector.zero(F);
                int d = 0;
                int at = n;
                for (; d < dimension - 1; d += 2) {
                    FloatVector u = FloatVector.fromArray(F, tile, at).sub(x[offset + d]);
                    FloatVector v = FloatVector.fromArray(F, tile, at + points).sub(x[offset + d + 1]);
                    a = u.fma(u, a);
                    b = v.fma(v, b);
                    at += 2 * points;
                }
                if (d < dimension) {
                    FloatVector u = FloatVector.fromArray(F, tile, at).sub(x[offset + d]);
                    a = u.fma(u, a);
                }
                sum = a.add(b).lanewise(VectorOperators.SQRT).fma(FloatVector.fromArray(F, weights, n), sum);
            }
            sum.intoArray(lanes, lane);
        }
    }

    /**
     * The scalar twin of {@link #add}: same arguments, same bits.
     *
     * @param x one point
     * @param offset where it starts
     * @param tile coordinate-major tile of points
     * @param points padded number of points
     * @param dimension D
     * @param weights weight of each point
     * @param lanes 16 running sums
     */
    public static void scalarAdd(float[] x, int offset, float[] tile, int points, int dimension, float[] weights, float[] lanes) {
        int paired = dimension & -2;
        for (int n = 0; n < points; n++) {
            float a = 0f;
            float b = 0f;
            for (int d = 0; d < dimension; d++) {
                float u = tile[d * points + n] - x[offset + d];
                if (d < paired && (d & 1) == 1) {
                    b = Math.fma(u, u, b);
                } else {
                    a = Math.fma(u, u, a);
                }
            }
            int lane = n & VectorSupport.VIRTUAL_LANES - 1;
            lanes[lane] = Math.fma((float) Math.sqrt(a + b), weights[n], lanes[lane]);
        }
    }
}
