package org.pontoon.engine.transport;

/**
 * The coordinates a problem is solved in. Between hard marginals and at p = 2, each cloud is seen from its own mean: the cost
 * {@code |x - y|^2 / 2} splits into the one between centred clouds, functions of x alone and of y alone, and half the squared shift of the
 * means. The plan is the same, and the part of the cost that rounding and annealing suffer from is gone. Otherwise both clouds are seen
 * from one origin.
 *
 * @param xOrigin subtracted from the first cloud
 * @param yOrigin subtracted from the second
 * @param shift xOrigin - yOrigin
 */
record Frame(double[] xOrigin, double[] yOrigin, double[] shift) {

    static Frame of(Measure x, Measure y, boolean separateMeans) {
        double[] xMean = x.mean();
        double[] yMean = y.mean();
        double[] shift = new double[xMean.length];
        for (int d = 0; d < shift.length; d++) {
            if (separateMeans) {
                shift[d] = xMean[d] - yMean[d];
            } else {
                xMean[d] = (xMean[d] + yMean[d]) / 2;
                yMean[d] = xMean[d];
            }
        }
        return new Frame(xMean, yMean, shift);
    }

    /** Half the squared shift. */
    double shiftCost() {
        double square = 0;
        for (double s : shift) {
            square += s * s;
        }
        return square / 2;
    }

    /**
     * Adds, for sign +1, what a potential at points has beyond that of the frame; removes it for -1.
     *
     * @param potential changed in place
     * @param rows the points, less their origin
     * @param side +1 for the first cloud's side, -1 for the second's
     */
    void translate(double[] potential, double[] rows, int side, double sign) {
        for (int i = 0; i < potential.length; i++) {
            double dot = 0;
            for (int d = 0; d < shift.length; d++) {
                dot += rows[i * shift.length + d] * shift[d];
            }
            potential[i] += sign * (side * dot + shiftCost() / 2);
        }
    }
}
