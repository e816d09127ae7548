package org.pontoon.engine.bridge;

/**
 * How one side's points lie, coordinate by coordinate, in the caller's units.
 *
 * @param mean what they are centred on
 * @param absolute mean absolute deviation from it, times sqrt(pi / 2): the standard deviation where they are normal
 * @param standard standard deviation
 */
record Spread(double[] mean, double[] absolute, double[] standard) {

    private static final double NORMAL = Math.sqrt(Math.PI / 2);

    static Spread of(TrainingPoints points) {
        double[] mean = points.mean();
        double[] absolute = new double[mean.length];
        double[] standard = new double[mean.length];
        float[] point = new float[mean.length];
        double total = 0;
        for (int n = 0; n < points.startSize(); n++) {
            points.start(n, point);
            double weight = points.weight(n);
            total += weight;
            for (int d = 0; d < point.length; d++) {
                double u = point[d] - mean[d];
                absolute[d] += weight * Math.abs(u);
                standard[d] += weight * u * u;
            }
        }
        for (int d = 0; d < mean.length; d++) {
            absolute[d] *= NORMAL / total;
            standard[d] = Math.sqrt(standard[d] / total);
        }
        return new Spread(mean, absolute, standard);
    }

    /** Mean over the coordinates of the absolute deviations. */
    double typical() {
        double sum = 0;
        for (double a : absolute) {
            sum += a;
        }
        return sum / absolute.length;
    }

    /** The largest standard deviation of a coordinate. */
    double largest() {
        double most = 0;
        for (double s : standard) {
            most = Math.max(most, s);
        }
        return most;
    }
}
