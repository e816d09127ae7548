package org.pontoon.service;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.HdrHistogram.Histogram;
import org.pontoon.engine.file.WholeFile;

/** Writes distributions of latencies to a folder: one {@code .hgrm} of HdrHistogram's each, in microseconds, and one picture of all. */
public final class LatencyFiles {

    /** Glob of the names that the files have. */
    public static final String NAMES = "{*.hgrm,latency.svg}";

    private static final String[] COLOURS = {"#0b6e99", "#d9730d", "#8a8a8a", "#2f7d4f", "#7a4fa3", "#b03a5b"};
    private static final int LEFT = 80;
    private static final int TOP = 40;
    private static final int WIDTH = 760;
    private static final int HEIGHT = 400;
    private static final double LEAST_NANOS = 10;
    private static final int STEPS = 400;

    private LatencyFiles() {
    }

    /**
     * Writes the files.
     *
     * @param folder where to; made if it is missing
     * @param title title of the picture
     * @param nanos histograms in nanoseconds by name; the name becomes a file's
     * @return the files
     * @throws IOException if a file cannot be written
     */
    public static List<Path> write(Path folder, String title, Map<String, Histogram> nanos) throws IOException {
        Files.createDirectories(folder);
        List<Path> files = new ArrayList<>();
        for (Map.Entry<String, Histogram> entry : nanos.entrySet()) {
            files.add(folder.resolve(entry.getKey().replaceAll("[^A-Za-z0-9.-]+", "-") + ".hgrm"));
            try (WholeFile file = WholeFile.create(files.getLast())) {
                PrintStream out = new PrintStream(file.stream(), false, StandardCharsets.UTF_8);
                entry.getValue().outputPercentileDistribution(out, 1000.0);
                out.flush();
                file.commit();
            }
        }
        files.add(folder.resolve("latency.svg"));
        try (WholeFile file = WholeFile.create(files.getLast())) {
            file.stream().write(picture(title, nanos).getBytes(StandardCharsets.UTF_8));
            file.commit();
        }
        return files;
    }

    /** Latency by percentile: across, each step is ten times fewer requests; up, each is ten times longer. */
    static String picture(String title, Map<String, Histogram> nanos) {
        long count = nanos.values().stream().mapToLong(Histogram::getTotalCount).max().orElse(1);
        double nines = Math.max(2, Math.ceil(Math.log10(Math.max(10, count))));
        double most = nanos.values().stream().mapToDouble(Histogram::getMaxValue).max().orElse(1000);
        double decades = Math.max(2, Math.ceil(Math.log10(most / LEAST_NANOS)));
        StringBuilder svg = new StringBuilder(16_384);
        line(svg,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\" fill=\"#333\">",
            LEFT + WIDTH + 30, TOP + HEIGHT + 60);
        line(svg, "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>");
        line(svg, "<text x=\"%d\" y=\"22\" font-size=\"15\">%s</text>", LEFT, escape(title));
        for (int i = 0; i <= nines; i++) {
            double x = LEFT + WIDTH * i / nines;
            line(svg, "<path d=\"M%.1f %d v%d\" stroke=\"#ddd\"/>", x, TOP, HEIGHT);
            line(svg, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>", x, TOP + HEIGHT + 18, percentile(i));
        }
        for (int i = 0; i <= decades; i++) {
            double y = TOP + HEIGHT - HEIGHT * i / decades;
            line(svg, "<path d=\"M%d %.1f h%d\" stroke=\"#ddd\"/>", LEFT, y, WIDTH);
            line(svg, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>", LEFT - 6, y + 4, duration(LEAST_NANOS * Math.pow(10, i)));
        }
        line(svg, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">percentile of requests</text>", LEFT + WIDTH / 2, TOP + HEIGHT + 42);
        int number = 0;
        for (Map.Entry<String, Histogram> entry : nanos.entrySet()) {
            String colour = COLOURS[number % COLOURS.length];
            line(svg, "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>", curve(entry.getValue(), nines, decades), colour);
            line(svg, "<text x=\"%d\" y=\"%d\" fill=\"%s\">%s</text>", LEFT + 12, TOP + 18 + 16 * number++, colour, escape(entry.getKey()));
        }
        return svg.append("</svg>\n").toString();
    }

    private static String curve(Histogram histogram, double nines, double decades) {
        StringBuilder path = new StringBuilder();
        double last = Math.min(nines, Math.log10(Math.max(1, histogram.getTotalCount())));
        for (int i = 0; i <= STEPS; i++) {
            double n = last * i / STEPS;
            double value = Math.max(LEAST_NANOS, histogram.getValueAtPercentile(100 - 100 * Math.pow(10, -n)));
            path.append(String.format(Locale.ROOT, "%s%.1f %.1f", i == 0 ? "M" : "L", LEFT + WIDTH * n / nines,
                TOP + HEIGHT - HEIGHT * Math.log10(value / LEAST_NANOS) / decades));
        }
        return path.toString();
    }

    private static String percentile(int nines) {
        return nines == 0 ? "0%" : nines == 1 ? "90%" : nines == 2 ? "99%" : "99." + "9".repeat(nines - 2) + "%";
    }

    private static String duration(double nanos) {
        return nanos < 999 ? Math.round(nanos) + " ns" : nanos < 999_999 ? Math.round(nanos / 1e3) + " µs"
            : nanos < 999_999_999 ? Math.round(nanos / 1e6) + " ms" : Math.round(nanos / 1e9) + " s";
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }

    private static void line(StringBuilder svg, String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
