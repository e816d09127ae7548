package org.pontoon.engine.internal.scalar;

/** The scalar twins of the loops of the same names. */
public final class SquaredDifferences {

    public static final int CHAINS = 8;

    private SquaredDifferences() {
    }

    public static double sum(float[] xs, int xAt, float[] ys, int yAt, int count) {
        double[] chains = new double[CHAINS];
        int whole = count & -Lanes.VIRTUAL;
        for (int i = 0; i < whole; i++) {
            double difference = (double) xs[xAt + i] - ys[yAt + i];
            chains[i % CHAINS] += difference * difference;
        }
        double sum = chains[0] + chains[1] + (chains[2] + chains[3]) + (chains[4] + chains[5] + (chains[6] + chains[7]));
        for (int i = whole; i < count; i++) {
            double difference = (double) xs[xAt + i] - ys[yAt + i];
            sum += difference * difference;
        }
        return sum;
    }

    public static void slopes(float[] xs, int xAt, float[] ys, int yAt, int count, float factor) {
        for (int i = 0; i < count; i++) {
            xs[xAt + i] = (xs[xAt + i] - ys[yAt + i]) * factor;
        }
    }
}
