package org.pontoon.engine.internal.particle;

import java.util.Arrays;

import org.pontoon.engine.memory.PointCloud;

/** Some particles in float64 columns, and the way from a cloud and back. */
public final class ParticleTile {

    /** Particles of a tile, and the stride of its columns. */
    public static final int POINTS = 256;

    /** Coordinate d of particle n of the tile at {@code d POINTS + n}. */
    public final double[] columns;
    /** Number of the first particle. */
    public final int first;
    /** Particles there are: fewer than a full tile's in the last one. */
    public final int count;

    private ParticleTile(int dimension, int first, int count) {
        this.columns = new double[Math.multiplyExact(dimension, POINTS)];
        this.first = first;
        this.count = count;
    }

    /**
     * Copies a cloud.
     *
     * @param cloud N x D
     * @return its tiles
     */
    public static ParticleTile[] of(PointCloud cloud) {
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

    /**
     * Counts tiles.
     *
     * @param particles how many particles
     * @return how many tiles they fill
     */
    public static int tiles(int particles) {
        return (particles + POINTS - 1) / POINTS;
    }

    /**
     * Copies all particles into rows, rounded.
     *
     * @param tiles of a cloud
     * @return N x D, row-major
     * @throws IllegalStateException if float32 does not hold a coordinate, naming the particle
     */
    public static float[] rows(ParticleTile[] tiles) {
        double[][] columns = new double[tiles.length][];
        Arrays.setAll(columns, t -> tiles[t].columns);
        return rows(tiles, columns);
    }

    /**
     * Copies what belongs to the particles into rows, rounded.
     *
     * @param tiles of a cloud
     * @param columns laid out as the particles of each tile
     * @return N x D, row-major
     * @throws IllegalStateException if float32 does not hold one, naming the particle
     */
    public static float[] rows(ParticleTile[] tiles, double[][] columns) {
        int dimension = tiles[0].columns.length / POINTS;
        ParticleTile last = tiles[tiles.length - 1];
        float[] rows = new float[(last.first + last.count) * dimension];
        for (int t = 0; t < tiles.length; t++) {
            for (int d = 0; d < dimension; d++) {
                for (int n = 0; n < tiles[t].count; n++) {
                    float value = (float) columns[t][d * POINTS + n];
                    if (!Float.isFinite(value)) {
                        throw new IllegalStateException("the particles diverge: coordinate " + d + " of particle " + (tiles[t].first + n)
                            + " is " + value + "; a shorter step may help");
                    }
                    rows[(tiles[t].first + n) * dimension + d] = value;
                }
            }
        }
        return rows;
    }
}
