package org.pontoon.engine.flow;

import org.pontoon.engine.memory.PointCloud;

/** Some particles in float64 columns, and the way from a cloud and back. */
final class ParticleTile {

    /** Particles of a tile, and the stride of its columns. */
    static final int POINTS = 256;

    final double[] columns;
    /** Particles there are: fewer than a full tile's in the last one. */
    int count;
    private final float[] column = new float[POINTS];

    ParticleTile(int dimension) {
        columns = new double[Math.multiplyExact(dimension, POINTS)];
    }

    static int tiles(int particles) {
        return (particles + POINTS - 1) / POINTS;
    }

    void load(PointCloud cloud, int tile) {
        int first = tile * POINTS;
        count = Math.min(POINTS, cloud.size() - first);
        for (int d = 0; d < cloud.dimension(); d++) {
            cloud.copyColumn(d, first, column, 0, count);
            for (int n = 0; n < count; n++) {
                columns[d * POINTS + n] = column[n];
            }
        }
    }

    /** Writes the particles back, rounded. */
    void store(PointCloud cloud, int tile) {
        int first = tile * POINTS;
        for (int d = 0; d < cloud.dimension(); d++) {
            for (int n = 0; n < count; n++) {
                column[n] = (float) columns[d * POINTS + n];
                if (!Float.isFinite(column[n])) {
                    throw new IllegalStateException("the particles diverge: coordinate " + d + " of particle " + (first + n) + " is "
                        + column[n] + "; a shorter step may help");
                }
            }
            cloud.setColumn(d, first, column, 0, count);
        }
    }
}
