package org.pontoon.engine.random;

/** Uniform densities of simple shapes, in the middle of the unit square or along the unit interval. */
public enum Shape implements Density {

    /** A disk. */
    DISK(2) {
        @Override
        boolean contains(double x, double y) {
            return x * x + y * y < 0.9 * 0.9;
        }
    },
    /** A disk with a hole. */
    RING(2) {
        @Override
        boolean contains(double x, double y) {
            double square = x * x + y * y;
            return square > 0.6 * 0.6 && square < 0.9 * 0.9;
        }
    },
    /** A square. */
    SQUARE(2) {
        @Override
        boolean contains(double x, double y) {
            return Math.max(Math.abs(x), Math.abs(y)) < 0.8;
        }
    },
    /** A plus sign. */
    CROSS(2) {
        @Override
        boolean contains(double x, double y) {
            return Math.min(Math.abs(x), Math.abs(y)) < 0.28 && Math.max(Math.abs(x), Math.abs(y)) < 0.9;
        }
    },
    /** One crescent, open to the right. */
    CRESCENT(2) {
        @Override
        boolean contains(double x, double y) {
            return x * x + y * y < 0.9 * 0.9 && (x - 0.45) * (x - 0.45) + y * y > 0.72 * 0.72;
        }
    },
    /** Two interleaved half rings. */
    MOONS(2) {
        @Override
        boolean contains(double x, double y) {
            return halfRing(x + 0.3, y + 0.15) || halfRing(0.3 - x, 0.15 - y);
        }

        private static boolean halfRing(double x, double y) {
            double square = x * x + y * y;
            return y > 0 && square > 0.46 * 0.46 && square < 0.64 * 0.64;
        }
    },
    /** A heart, {@code (x^2 + y^2 - 1)^3 < x^2 y^3}. */
    HEART(2) {
        @Override
        boolean contains(double x, double y) {
            double u = 1.35 * x;
            double v = 1.35 * y + 0.12;
            double disk = u * u + v * v - 1;
            return disk * disk * disk < u * u * v * v * v;
        }
    },
    /** Four disks. */
    DISKS(2) {
        @Override
        boolean contains(double x, double y) {
            double u = Math.abs(x) - 0.5;
            double v = Math.abs(y) - 0.5;
            return u * u + v * v < 0.3 * 0.3;
        }
    },
    /** The interval [0, 0.2]. */
    LEFT(1) {
        @Override
        boolean contains(double x, double y) {
            return x < -0.6;
        }
    },
    /** The interval [0.6, 1]. */
    RIGHT(1) {
        @Override
        boolean contains(double x, double y) {
            return x >= 0.2;
        }
    },
    /** The intervals [0, 0.25] and [0.75, 1]. */
    GAP(1) {
        @Override
        boolean contains(double x, double y) {
            return Math.abs(x) > 0.5;
        }
    };

    private final int dimension;

    Shape(int dimension) {
        this.dimension = dimension;
    }

    /** Tells whether a point belongs to the shape; coordinates run from -1 to 1 here, y is 0 on the line. */
    abstract boolean contains(double x, double y);

    /**
     * Returns the dimension of the shape.
     *
     * @return 1 or 2
     */
    public int dimension() {
        return dimension;
    }

    @Override
    public double at(double[] point) {
        if (point.length != dimension) {
            throw new IllegalArgumentException("point has " + point.length + " coordinates, expected the " + dimension + " of " + this);
        }
        return contains(2 * point[0] - 1, dimension == 1 ? 0 : 2 * point[1] - 1) ? 1 : 0;
    }
}
