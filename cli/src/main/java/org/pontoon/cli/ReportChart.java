package org.pontoon.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Function;

import org.pontoon.bench.Chart;
import org.pontoon.cli.report.Picture;
import org.pontoon.cli.report.Plot;

/** Draws the charts of a performance report in the project's one style. */
final class ReportChart {

    private static final int PANEL_WIDTH = 520;
    private static final int SMALL_PANEL_WIDTH = 440;
    private static final int PANEL_HEIGHT = 340;
    /** Of a panel whose vertical positions have names, and of its axis. */
    private static final int ROW_HEIGHT = 24;
    private static final int AXIS_HEIGHT = 70;
    private static final int NAMED_WIDTH = 760;
    private static final double MARK = 8;
    private static final double MARGIN = 1.06;

    private static final Plot.Ink[] INKS = {Plot.Ink.BLUE, Plot.Ink.VERMILION, Plot.Ink.GREEN, Plot.Ink.PURPLE, Plot.Ink.ORANGE,
        Plot.Ink.SKY};

    private ReportChart() {
    }

    /**
     * Writes a chart.
     *
     * @param chart what to draw
     * @param file where to, .svg or .png
     * @throws IOException if it cannot be written
     */
    static void paint(Chart chart, Path file) throws IOException {
        Chart.Panel first = chart.panels().getFirst();
        int width = !first.rows().isEmpty() ? NAMED_WIDTH : chart.panels().size() > 1 ? SMALL_PANEL_WIDTH : PANEL_WIDTH;
        int height = first.rows().isEmpty() ? PANEL_HEIGHT : AXIS_HEIGHT + ROW_HEIGHT * first.rows().size();
        Picture picture = new Picture(chart.title(), width, height).columns(2);
        for (Chart.Panel panel : chart.panels()) {
            picture.add(plot(panel, chart));
        }
        picture.write(file);
    }

    private static Plot plot(Chart.Panel panel, Chart chart) {
        Plot plot = new Plot(panel.title()).axes(panel.x(), panel.y()).logarithmic(panel.logarithmicX(), panel.logarithmicY());
        if (!panel.rows().isEmpty()) {
            plot.rows(panel.rows());
        }
        fromZero(plot, panel);
        for (Chart.Series series : panel.series()) {
            Plot.Ink ink = ink(series, chart);
            switch (series.style()) {
                case LINE -> plot.line(series.label(), series.x(), series.y(), ink);
                case CURVE -> plot.curve(series.label(), series.x(), series.y(), ink);
                case REFERENCE -> plot.reference(series.label(), series.x(), series.y(), Plot.Ink.GREY);
                // what is alone needs no legend
                case MARKS -> plot.marks(panel.series().size() == 1 ? null : series.label(), series.x(), series.y(), ink, MARK);
            }
        }
        return plot;
    }

    /** An axis of quantities that is not logarithmic begins at zero. */
    private static void fromZero(Plot plot, Chart.Panel panel) {
        if (!panel.rows().isEmpty() && !panel.logarithmicX()) {
            plot.range(0, MARGIN * most(panel, Chart.Series::x), -0.5, panel.rows().size() - 0.5);
        } else if (panel.rows().isEmpty() && !panel.logarithmicY()) {
            double most = most(panel, Chart.Series::x);
            double least = panel.series().stream().flatMapToDouble(s -> Arrays.stream(s.x())).min().orElse(1);
            double pad = panel.logarithmicX() ? Math.pow(most / least, MARGIN - 1) : 1;
            plot.range(panel.logarithmicX() ? least / pad : 0, panel.logarithmicX() ? most * pad : MARGIN * most, 0,
                MARGIN * most(panel, Chart.Series::y));
        }
    }

    private static double most(Chart.Panel panel, Function<Chart.Series, double[]> values) {
        return panel.series().stream().flatMapToDouble(s -> Arrays.stream(values.apply(s))).max().orElse(1);
    }

    /** The same label has the same colour in all panels. */
    private static Plot.Ink ink(Chart.Series series, Chart chart) {
        int number = (int) chart.panels().stream().flatMap(p -> p.series().stream()).filter(s -> s.style() != Chart.Style.REFERENCE)
            .map(Chart.Series::label).distinct().takeWhile(label -> !label.equals(series.label())).count();
        return INKS[number % INKS.length];
    }
}
