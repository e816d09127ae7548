package org.pontoon.engine.flow;

import org.pontoon.engine.memory.PointCloud;

/** Some particles in float64 columns, and the way from a cloud and back. */
final class ParticleTile {

    /** Particles of a tile, and the stride of its columns. */
    static final int POINTS = 256;

    final double[] columns;
    /** Number of the first particle, and how many there are: fewer than a full tile's in the last one. */
    final int first;
    final int count;

    private ParticleTile(int dimension, int first, int count) {
        this.columns = new double[Math.multiplyExact(dimension, POINTS)];
        this.first = first;
        this.count = count;
    }

    /** Copies a cloud. */
    static ParticleTile[] of(PointCloud cloud) {
        ParticleTile[] tiles = new ParticleTile[tiles(cloud.size())];
        float[] column = new float[POINTS];
        for (int t = 0; t < tiles.length; t++) {
            int first = t * POINTS;
            tiles[t] = new ParticleTile(cloud.dimension(), first, Math.min(POINTS, cloud.size() - first));
            for (int d = 0; d < cloud.dimension(); d++) {
                cloud.copyColumn(d, first, column, 0, tiles[t].count);
                for (int n = 0; n < tiles[t].count; n++) {
                    tiles[t].columns[d * POINTS + n] = column[n];
                }
            }
        }
        return tiles;
    }

    static int tiles(int particles) {
        return (particles + POINTS - 1) / POINTS;
    }

    /** Copies all particles into rows, rounded. */
    static float[] rows(ParticleTile[] tiles) {
        int dimension = tiles[0].columns.length / POINTS;
        ParticleTile last = tiles[tiles.length - 1];
        float[] rows = new float[(last.first + last.count) * dimension];
        for (ParticleTile tile : tiles) {
            for (int d = 0; d < dimension; d++) {
                for (int n = 0; n < tile.count; n++) {
                    rows[(tile.first + n) * dimension + d] = (float) tile.columns[d * POINTS + n];
                }
            }
        }
        return rows;
    }

    /** Refuses coordinates that float32 does not hold. */
    void requireFinite() {
        for (int at = 0; at < columns.length; at += POINTS) {
            for (int n = at; n < at + count; n++) {
                if (!(Math.abs(columns[n]) <= Float.MAX_VALUE)) {
                    throw new IllegalStateException("the particles diverge: coordinate " + at / POINTS + " of particle " + (first + n - at)
                        + " is " + columns[n] + "; a shorter step may help");
                }
            }
        }
    }
}
