package org.pontoon.engine.bridge;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What in the data and epsilon stands in the way of a fit, told before anybody wonders at the result. */
final class TrainingRemarks {

    /** Epsilon over the largest variance of a coordinate below which the forms of float32 blur what lies within a cluster. */
    private static final double LEAST_EPSILON = 1e-7;
    /** Spread of a coordinate over the typical one below which the steps of the fit are too coarse for it. */
    private static final double LEAST_SPREAD = 3e-4;
    /** Steps of float32 that a coordinate's standard deviation should have. */
    private static final double LEAST_STEPS = 64;

    private TrainingRemarks() {
    }

    static List<String> of(TrainingOptions options, Spread source, Spread target) {
        List<String> remarks = new ArrayList<>();
        Spread wider = source.largest() >= target.largest() ? source : target;
        double largest = wider.largest();
        if (options.epsilon() < LEAST_EPSILON * largest * largest) {
            remarks.add(String.format(Locale.ROOT,
                "epsilon %.4g is %.2g of the square of the spread, %.4g in column %d of the %s: float32 arithmetic keeps the "
                    + "shares of clusters that far apart, but not their shapes, below %.0e of it; raise epsilon to %.3g, or look for far points",
                options.epsilon(), options.epsilon() / largest / largest, largest, column(wider.standard(), largest), wider == source
                    ? "source" : "target",
                LEAST_EPSILON, LEAST_EPSILON * largest * largest));
        }
        double typical = 0.5 * (source.typical() + target.typical());
        of("source", source, typical, remarks);
        of("target", target, typical, remarks);
        return List.copyOf(remarks);
    }

    private static void of(String name, Spread spread, double typical, List<String> remarks) {
        if (spread.largest() == 0) {
            remarks.add("all points of the " + name + " are equal");
        }
        int coarse = -1;
        int narrow = -1;
        for (int d = spread.mean().length - 1; d >= 0; d--) {
            double deviation = spread.standard()[d];
            if (deviation > 0 && deviation < LEAST_STEPS * Math.ulp((float) spread.mean()[d])) {
                coarse = d;
            } else if (deviation > 0 && deviation < LEAST_SPREAD * typical) {
                narrow = d;
            }
        }
        if (coarse >= 0) {
            double mean = spread.mean()[coarse];
            remarks.add(String.format(Locale.ROOT,
                "column %d of the %s varies by %.3g about %.7g, where float32 has steps of %.3g: subtract an offset from "
                    + "both clouds",
                coarse, name, spread.standard()[coarse], mean, (double) Math.ulp((float) mean)));
        }
        if (narrow >= 0) {
            remarks.add(String.format(Locale.ROOT,
                "column %d of the %s spreads by %.3g, %.2g of what columns do in the mean: the fit hardly sees it; scale the "
                    + "columns alike",
                narrow, name, spread.standard()[narrow], spread.standard()[narrow] / typical));
        }
    }

    private static int column(double[] values, double value) {
        int column = 0;
        while (values[column] != value) {
            column++;
        }
        return column;
    }
}
