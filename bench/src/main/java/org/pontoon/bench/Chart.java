package org.pontoon.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A chart of a report as data: what it shows, not how it looks. Who runs the report draws it.
 *
 * @param name name of its file, without an ending
 * @param suite the suite that it belongs to
 * @param title what stands above it
 * @param panels its panels, from the left
 */
public record Chart(String name, BenchReport.Suite suite, String title, List<Panel> panels) {

    /**
     * One panel.
     *
     * @param title what stands above it, may be empty
     * @param x name of the horizontal axis, with its unit
     * @param y name of the vertical axis, with its unit
     * @param logarithmicX whether the horizontal axis is logarithmic
     * @param logarithmicY whether the vertical axis is logarithmic
     * @param rows names of the vertical positions 0, 1, 2 and so on; empty where the vertical axis is one of numbers
     * @param series what it shows
     */
    public record Panel(String title, String x, String y, boolean logarithmicX, boolean logarithmicY, List<String> rows,
            List<Series> series) {
    }

    /**
     * Points of a panel.
     *
     * @param label name in the legend
     * @param style how they are shown
     * @param x horizontal positions
     * @param y vertical positions, as many
     */
    public record Series(String label, Style style, double[] x, double[] y) {
    }

    /** How points are shown. */
    public enum Style {
        /** Measurements, joined by a line. */
        LINE,
        /** A smooth curve. */
        CURVE,
        /** A dashed line of what could be at best, or of what is compared with. */
        REFERENCE,
        /** Measurements on their own. */
        MARKS
    }

    /** Draws charts. */
    public interface Painter {

        /**
         * Draws one.
         *
         * @param chart what to draw
         * @param file where to, an SVG
         * @throws IOException if it cannot be written
         */
        void paint(Chart chart, Path file) throws IOException;
    }
}
