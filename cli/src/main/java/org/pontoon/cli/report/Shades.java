package org.pontoon.cli.report;

import java.util.Arrays;

/** Colours for the weights of particles. */
public final class Shades {

    private static final int[] PALE = {0xDD, 0xE6, 0xEE};
    private static final int[] MIDDLE = {0x4A, 0x98, 0xCC};
    private static final int[] DARK = {0x00, 0x1A, 0x40};

    private Shades() {
    }

    /**
     * Adds points that are the darker the heavier they are; the heaviest are drawn last.
     *
     * @param panel where to
     * @param x horizontal coordinates
     * @param y vertical coordinates
     * @param weights a weight for each, not negative
     * @return the panel
     */
    public static Plot byWeight(Plot panel, double[] x, double[] y, double[] weights) {
        double mean = Arrays.stream(weights).sum() / weights.length;
        Integer[] order = new Integer[weights.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Double.compare(weights[a], weights[b]));
        double[] sortedX = new double[weights.length];
        double[] sortedY = new double[weights.length];
        int[] rgb = new int[weights.length];
        for (int k = 0; k < rgb.length; k++) {
            double weight = weights[order[k]];
            sortedX[k] = x[order[k]];
            sortedY[k] = y[order[k]];
            rgb[k] = shade(weight + mean > 0 ? weight / (weight + mean) : 0);
        }
        return panel.colors(sortedX, sortedY, rgb);
    }

    private static int shade(double share) {
        int[] from = share < 0.5 ? PALE : MIDDLE;
        int[] to = share < 0.5 ? MIDDLE : DARK;
        double t = share < 0.5 ? 2 * share : 2 * share - 1;
        int rgb = 0;
        for (int c = 0; c < 3; c++) {
            rgb = rgb << 8 | (int) Math.round(from[c] + t * (to[c] - from[c]));
        }
        return rgb;
    }
}
