package org.pontoon.cli.report;

import java.util.Arrays;

/** Blues for the mass of particles, one by one or per area. */
public final class Shades {

    private static final int PALE = 0xDDE6EE;
    private static final int MIDDLE = 0x4A98CC;
    private static final int DARK = 0x001A40;
    /** Up to this share of the darkest density an image fades to white. */
    private static final double FADED = 0.1;

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

    /**
     * Paints how much mass lies where: white without any, dark at a given density and above. Unlike dots it shows weights and crowds alike.
     *
     * @param points n x 2, row-major
     * @param weights a weight for each, not negative, of any sum
     * @param low lower end of both axes
     * @param high upper end of both axes
     * @param blur standard deviation of the smoothing, in the unit of the points
     * @param darkest share of the whole mass per unit of area that is darkest
     * @param side width and height of the image in pixels
     * @return the image
     */
    public static Pixels density(float[] points, double[] weights, double low, double high, double blur, double darkest, int side) {
        double[] mass = new double[side * side];
        double perUnit = side / (high - low);
        double total = Arrays.stream(weights).sum();
        for (int i = 0; i < weights.length; i++) {
            int column = (int) Math.floor((points[2 * i] - low) * perUnit);
            int row = side - 1 - (int) Math.floor((points[2 * i + 1] - low) * perUnit);
            if (column >= 0 && column < side && row >= 0 && row < side) {
                mass[row * side + column] += weights[i] / total * perUnit * perUnit;
            }
        }
        double[] smooth = blurred(blurred(mass, side, blur * perUnit), side, blur * perUnit);
        int[] rgb = new int[mass.length];
        for (int k = 0; k < rgb.length; k++) {
            double share = Math.min(1, smooth[k] / darkest);
            rgb[k] = mix(0xFFFFFF, shade(share), Math.min(1, share / FADED));
        }
        return new Pixels(side, side, rgb);
    }

    /** Smooths along the rows and transposes. */
    private static double[] blurred(double[] image, int side, double deviation) {
        int reach = (int) Math.ceil(3 * deviation);
        double[] bell = new double[2 * reach + 1];
        Arrays.setAll(bell, k -> Math.exp(-0.5 * (k - reach) * (k - reach) / (deviation * deviation)));
        double sum = Arrays.stream(bell).sum();
        double[] result = new double[image.length];
        for (int row = 0; row < side; row++) {
            for (int column = 0; column < side; column++) {
                double value = image[row * side + column] / sum;
                for (int k = 0; value > 0 && k < bell.length; k++) {
                    int to = column + k - reach;
                    if (to >= 0 && to < side) {
                        result[to * side + row] += bell[k] * value;
                    }
                }
            }
        }
        return result;
    }

    private static int shade(double share) {
        int from = share < 0.5 ? PALE : MIDDLE;
        int to = share < 0.5 ? MIDDLE : DARK;
        return mix(from, to, share < 0.5 ? 2 * share : 2 * share - 1);
    }

    private static int mix(int from, int to, double share) {
        int rgb = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            int start = from >> shift & 0xFF;
            rgb = rgb << 8 | (int) Math.round(start + share * ((to >> shift & 0xFF) - start));
        }
        return rgb;
    }
}
