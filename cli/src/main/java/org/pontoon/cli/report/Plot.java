package org.pontoon.cli.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;

import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * One panel of a {@link Picture}: axes with layers of points and lines, drawn in the order in which they were added.
 *
 * <p>XChart lays the axes out and draws the frame in the project's one theme; the layers are drawn here, because a scatter of 10,000
 * half-transparent points and a bundle of 1,000 trajectories want one shape per layer and, in an SVG, one image per cloud.
 */
public final class Plot {

    /** The palette: Okabe and Ito's colours, told apart by colour-blind readers too, from the most to the least often needed. */
    public enum Ink {
        /** For what was computed. */
        BLUE(0x0072B2),
        /** For what it is compared with. */
        VERMILION(0xD55E00),
        /** Third. */
        GREEN(0x009E73),
        /** Fourth. */
        PURPLE(0xB0578D),
        /** Fifth. */
        ORANGE(0xE69F00),
        /** Sixth. */
        SKY(0x56B4E9),
        /** For what is given, and for reference lines. */
        GREY(0x8C8C8C),
        /** For the few things that must be seen first. */
        BLACK(0x1A1A1A);

        private final Color color;

        Ink(int rgb) {
            this.color = new Color(rgb);
        }

        Color alpha(double alpha) {
            return new Color(color.getRed(), color.getGreen(), color.getBlue(), (int) Math.round(255 * alpha));
        }
    }

    static {
        // Without a screen AWT draws into memory all the same; it must only be told before it looks for one.
        if (System.getProperty("java.awt.headless") == null) {
            System.setProperty("java.awt.headless", "true");
        }
    }

    static final Color TEXT = new Color(0x333333);
    private static final Color GRID = new Color(0xE9E9E9);
    private static final Color FRAME = new Color(0xB8B8B8);
    static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 12);

    private static final Font ROW_FONT = FONT.deriveFont(11f);
    private static final int ROW_GAP = 6;

    /** A cloud of more points than this is one image inside an SVG. */
    private static final int VECTOR_POINTS = 500;
    private static final int RASTER_SCALE = 2;
    private static final int TITLE_HEIGHT = 22;
    private static final int BARE_MARGIN = 5;
    /** Room that a label of a logarithmic axis takes. */
    private static final double X_LABEL = 45;
    private static final double Y_LABEL = 22;

    private final String title;
    private final List<Layer> layers = new ArrayList<>();
    private String xTitle = "";
    private String yTitle = "";
    private double[] range;
    private boolean equalAspect;
    private boolean bare;
    private Pixels image;
    private boolean logarithmicX;
    private boolean logarithmicY;
    private List<String> rows = List.of();

    private enum Kind {
        CLOUD, COLORS, MARKS, PATHS, LINE, ARROWS
    }

    /** Points in x and y; in PATHS and LINE a NaN ends a path; ARROWS are pairs of tail and tip; COLORS has one of its own for each. */
    record Layer(Kind kind, String label, double[] x, double[] y, Ink ink, double size, double alpha, boolean dashed, int[] rgb) {

        Layer(Kind kind, String label, double[] x, double[] y, Ink ink, double size, double alpha, boolean dashed) {
            this(kind, label, x, y, ink, size, alpha, dashed, null);
        }
    }

    /**
     * Starts a panel.
     *
     * @param title what stands above it, may be empty
     */
    public Plot(String title) {
        this.title = title;
    }

    /**
     * Names the axes.
     *
     * @param x name of the horizontal axis
     * @param y name of the vertical axis
     * @return this panel
     */
    public Plot axes(String x, String y) {
        xTitle = x;
        yTitle = y;
        return this;
    }

    /**
     * Gives both axes the same scale, as a picture of points in a plane needs.
     *
     * @return this panel
     */
    public Plot equalAspect() {
        equalAspect = true;
        return this;
    }

    /**
     * Leaves out the axes: only the frame stays, for small panels of a gallery. Their scales are linear.
     *
     * @return this panel
     */
    public Plot bare() {
        bare = true;
        return this;
    }

    /**
     * Sets the ranges of the axes (default: what the layers need), so that panels can be compared.
     *
     * @param xMin left end
     * @param xMax right end
     * @param yMin lower end
     * @param yMax upper end
     * @return this panel
     */
    public Plot range(double xMin, double xMax, double yMin, double yMax) {
        range = new double[] {xMin, xMax, yMin, yMax};
        return this;
    }

    /**
     * Makes axes logarithmic. Their values must be positive.
     *
     * @param x true for the horizontal axis
     * @param y true for the vertical axis
     * @return this panel
     */
    public Plot logarithmic(boolean x, boolean y) {
        logarithmicX = x;
        logarithmicY = y;
        return this;
    }

    /**
     * Gives names to the vertical positions 0, 1, 2 and so on, in place of numbers.
     *
     * @param names the names, from below
     * @return this panel
     */
    public Plot rows(List<String> names) {
        rows = List.copyOf(names);
        return this;
    }

    /**
     * Adds a cloud of small half-transparent points.
     *
     * @param label its name in the legend; null leaves it out
     * @param x horizontal coordinates
     * @param y vertical coordinates
     * @param ink colour
     * @return this panel
     */
    public Plot cloud(String label, double[] x, double[] y, Ink ink) {
        double alpha = Math.clamp(900.0 / Math.max(1, x.length), 0.16, 0.6);
        return add(new Layer(Kind.CLOUD, label, x, y, ink, 3.2, alpha, false));
    }

    /**
     * Adds points that have a colour of their own.
     *
     * @param x horizontal coordinates
     * @param y vertical coordinates
     * @param rgb their colours as 0xRRGGBB
     * @return this panel
     */
    public Plot colors(double[] x, double[] y, int[] rgb) {
        return add(new Layer(Kind.COLORS, null, x, y, Ink.BLACK, 4, 1, false, rgb));
    }

    /**
     * Puts an image behind everything else, over the whole panel. The panel's ranges are the image's width and height in pixels.
     *
     * @param pixels the image
     * @return this panel
     */
    public Plot image(Pixels pixels) {
        image = pixels;
        return bare().equalAspect().range(0, pixels.width(), 0, pixels.height());
    }

    /**
     * Adds a few points that must be seen one by one: discs with a white rim.
     *
     * @param label their name in the legend; null leaves them out
     * @param x horizontal coordinates
     * @param y vertical coordinates
     * @param ink colour
     * @param diameter in units of 1/72 inch at the picture's natural size
     * @return this panel
     */
    public Plot marks(String label, double[] x, double[] y, Ink ink, double diameter) {
        return add(new Layer(Kind.MARKS, label, x, y, ink, diameter, 1, false));
    }

    /**
     * Adds a bundle of thin trajectories.
     *
     * @param label its name in the legend; null leaves it out
     * @param x horizontal coordinates, a NaN between one trajectory and the next
     * @param y vertical coordinates, NaN where x is
     * @param ink colour
     * @return this panel
     */
    public Plot paths(String label, double[] x, double[] y, Ink ink) {
        return add(new Layer(Kind.PATHS, label, x, y, ink, 0.7, 0.55, false));
    }

    /**
     * Adds a curve through points with small discs on them.
     *
     * @param label its name in the legend; null leaves it out
     * @param x horizontal coordinates
     * @param y vertical coordinates
     * @param ink colour
     * @return this panel
     */
    public Plot line(String label, double[] x, double[] y, Ink ink) {
        return add(new Layer(Kind.LINE, label, x, y, ink, 1.6, 1, false));
    }

    /**
     * Adds a curve without discs.
     *
     * @param label its name in the legend; null leaves it out
     * @param x horizontal coordinates
     * @param y vertical coordinates
     * @param ink colour
     * @return this panel
     */
    public Plot curve(String label, double[] x, double[] y, Ink ink) {
        return add(new Layer(Kind.PATHS, label, x, y, ink, 1.4, 1, false));
    }

    /**
     * Adds a dashed reference curve without discs.
     *
     * @param label its name in the legend; null leaves it out
     * @param x horizontal coordinates
     * @param y vertical coordinates
     * @param ink colour
     * @return this panel
     */
    public Plot reference(String label, double[] x, double[] y, Ink ink) {
        return add(new Layer(Kind.LINE, label, x, y, ink, 1.2, 1, true));
    }

    /**
     * Adds an arrow for each of some points.
     *
     * @param label their name in the legend; null leaves them out
     * @param x horizontal coordinates of the tails
     * @param y vertical coordinates of the tails
     * @param dx horizontal extents
     * @param dy vertical extents
     * @param ink colour
     * @return this panel
     */
    public Plot arrows(String label, double[] x, double[] y, double[] dx, double[] dy, Ink ink) {
        double[] endsX = new double[2 * x.length];
        double[] endsY = new double[2 * x.length];
        for (int i = 0; i < x.length; i++) {
            endsX[2 * i] = x[i];
            endsY[2 * i] = y[i];
            endsX[2 * i + 1] = x[i] + dx[i];
            endsY[2 * i + 1] = y[i] + dy[i];
        }
        return add(new Layer(Kind.ARROWS, label, endsX, endsY, ink, 0.7, 0.65, false));
    }

    private Plot add(Layer layer) {
        if (layer.x.length != layer.y.length) {
            throw new IllegalArgumentException("layer has " + layer.x.length + " and " + layer.y.length + " coordinates");
        }
        layers.add(layer);
        return this;
    }

    List<Layer> layers() {
        return layers;
    }

    void paint(Graphics2D g, int fullWidth, int fullHeight, boolean vector) {
        // The title is drawn here: XChart gives it as much room as its letters are high, so panels side by side would not line up.
        int top = title.isEmpty() ? 0 : TITLE_HEIGHT;
        int height = fullHeight - top;
        g.setColor(Color.WHITE);
        g.fill(new Rectangle2D.Double(0, 0, fullWidth, fullHeight));
        int left = rows.stream().mapToInt(row -> (int) Math.ceil(Picture.textWidth(g, ROW_FONT, row)) + ROW_GAP).max().orElse(0);
        int width = fullWidth - left;
        g.translate(left, top);
        double[] bounds = bounds();
        Frame frame = bare ? bareFrame(g, width, height, bounds) : chartFrame(g, width, height, bounds);
        Rectangle2D area = frame.area;
        if (top > 0) {
            Font font = FONT.deriveFont(13f);
            Picture.paintText(g, font, title, area.getCenterX() - Picture.textWidth(g, font, title) / 2, 0);
        }
        paintRows(g, frame);
        Shape clip = g.getClip();
        g.clip(area);
        if (image != null) {
            paintImage(g, frame);
        }
        for (Layer layer : layers) {
            double[] x = new double[layer.x.length];
            double[] y = new double[x.length];
            for (int i = 0; i < x.length; i++) {
                x[i] = Double.isNaN(layer.x[i]) ? Double.NaN : frame.toX.applyAsDouble(layer.x[i]);
                y[i] = Double.isNaN(layer.y[i]) ? Double.NaN : frame.toY.applyAsDouble(layer.y[i]);
            }
            if (vector && (layer.kind == Kind.CLOUD || layer.kind == Kind.COLORS) && x.length > VECTOR_POINTS) {
                paintAsImage(g, layer, x, y, area);
            } else if (vector && layer.kind == Kind.CLOUD) {
                paintDots(g, layer, x, y);
            } else {
                paintLayer(g, layer, x, y);
            }
        }
        g.setClip(clip);
    }

    /** XChart names numbers only: names of rows, and a line through each, are drawn here. */
    private void paintRows(Graphics2D g, Frame frame) {
        for (int row = 0; row < rows.size(); row++) {
            double y = frame.toY.applyAsDouble(row);
            g.setColor(GRID);
            g.setStroke(new BasicStroke(0.8f));
            g.draw(new Line2D.Double(frame.area.getMinX() + 1, y, frame.area.getMaxX() - 1, y));
            Picture.paintText(g, ROW_FONT, rows.get(row), frame.area.getMinX() - ROW_GAP - Picture.textWidth(g, ROW_FONT, rows.get(row)), y
                + 4);
        }
    }

    /** Where a panel's layers go, and how values become positions there. */
    private record Frame(Rectangle2D area, DoubleUnaryOperator toX, DoubleUnaryOperator toY) {
    }

    private Frame chartFrame(Graphics2D g, int width, int height, double[] bounds) {
        XYChart chart = frame(width, height, bounds);
        for (int pass = 0; equalAspect && pass < 2; pass++) {
            // only to learn how large its labels are: what falls beside the one pixel takes no time
            paintFrame(chart, new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB).createGraphics(), width, height);
            double perX = Math.abs(chart.getScreenXFromChart(bounds[1]) - chart.getScreenXFromChart(bounds[0])) / (bounds[1] - bounds[0]);
            double perY = Math.abs(chart.getScreenYFromChart(bounds[3]) - chart.getScreenYFromChart(bounds[2])) / (bounds[3] - bounds[2]);
            widen(bounds, perX > perY ? 0 : 2, Math.max(perX, perY) / Math.min(perX, perY));
            chart = frame(width, height, bounds);
        }
        paintFrame(chart, g, width, height);
        Rectangle2D area = new Rectangle2D.Double();
        area.setFrameFromDiagonal(chart.getScreenXFromChart(bounds[0]), chart.getScreenYFromChart(bounds[3]),
            chart.getScreenXFromChart(bounds[1]), chart.getScreenYFromChart(bounds[2]));
        return new Frame(area, chart::getScreenXFromChart, chart::getScreenYFromChart);
    }

    private Frame bareFrame(Graphics2D g, int width, int height, double[] bounds) {
        Rectangle2D area = new Rectangle2D.Double(BARE_MARGIN, BARE_MARGIN, width - 2 * BARE_MARGIN, height - 2 * BARE_MARGIN);
        double perX = area.getWidth() / (bounds[1] - bounds[0]);
        double perY = area.getHeight() / (bounds[3] - bounds[2]);
        if (equalAspect) {
            widen(bounds, perX > perY ? 0 : 2, Math.max(perX, perY) / Math.min(perX, perY));
        }
        double scaleX = area.getWidth() / (bounds[1] - bounds[0]);
        double scaleY = area.getHeight() / (bounds[3] - bounds[2]);
        g.setColor(FRAME);
        g.setStroke(new BasicStroke(0.8f));
        g.draw(area);
        return new Frame(area, x -> area.getMinX() + scaleX * (x - bounds[0]), y -> area.getMaxY() - scaleY * (y - bounds[2]));
    }

    private static void paintFrame(XYChart chart, Graphics2D g, int width, int height) {
        g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        chart.paint(g, width, height);
    }

    /** A chart with nothing in it but its axes, grid and titles. */
    private XYChart frame(int width, int height, double[] bounds) {
        XYChart chart = new XYChart(width, height);
        chart.setXAxisTitle(xTitle);
        chart.setYAxisTitle(yTitle);
        XYStyler style = chart.getStyler();
        style.setBaseFont(FONT).setChartFontColor(TEXT).setChartBackgroundColor(Color.WHITE).setPlotBackgroundColor(Color.WHITE)
            .setPlotBorderColor(FRAME).setPlotBorderVisible(true).setLegendVisible(false).setChartPadding(8)
            .setChartTitleVisible(false).setPlotContentSize(1);
        style.setAxisTickLabelsFont(FONT.deriveFont(11f)).setAxisTickLabelsColor(TEXT).setAxisTitleFont(FONT).setAxisTickMarksColor(FRAME)
            .setAxisTicksLineVisible(false).setAxisTickMarkLength(4).setAxisTickPadding(4).setAxisTitlePadding(6).setPlotMargin(0)
            .setPlotGridLinesColor(GRID).setPlotGridLinesStroke(new BasicStroke(0.8f)).setXAxisTickMarkSpacingHint(64)
            .setYAxisTickMarkSpacingHint(48).setPlotTicksMarksVisible(false)
            .setXAxisDecimalPattern("0.######").setYAxisDecimalPattern("0.######").setXAxisLogarithmic(logarithmicX)
            .setYAxisLogarithmic(logarithmicY)
            .setXAxisTitleVisible(!xTitle.isEmpty()).setYAxisTitleVisible(!yTitle.isEmpty())
            .setXAxisMin(bounds[0]).setXAxisMax(bounds[1]).setYAxisMin(bounds[2]).setYAxisMax(bounds[3]);
        style.setXAxisTitleColor(TEXT).setYAxisTitleColor(TEXT);
        if (logarithmicX) {
            style.setXAxisLogarithmicDecadeOnly(false)
                .setXAxisTickLabelsFormattingFunction(decadeLabels(bounds[0], bounds[1], (width - 60) / X_LABEL));
        }
        if (logarithmicY) {
            style.setYAxisLogarithmicDecadeOnly(false)
                .setYAxisTickLabelsFormattingFunction(decadeLabels(bounds[2], bounds[3], (height - 60) / Y_LABEL));
        }
        if (!rows.isEmpty()) {
            style.setYAxisTicksVisible(false).setPlotGridHorizontalLinesVisible(false);
        }
        // Three values that are not equally spaced: XChart would put its ticks at the values themselves if they were.
        chart.addSeries("frame", uneven(bounds[0], bounds[1]), uneven(bounds[2], bounds[3]))
            .setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter).setMarker(SeriesMarkers.NONE);
        return chart;
    }

    /** Labels 1, 2 and 5 of every decade where there is room for them, else 1 and 3, else 1 alone. */
    private static Function<Double, String> decadeLabels(double low, double high, double room) {
        double labels = room / Math.log10(high / low);
        double[] leading = labels >= 3 ? new double[] {1, 2, 5} : labels >= 2 ? new double[] {1, 3} : new double[] {1};
        return value -> {
            double digit = value / Math.pow(10, Math.floor(Math.log10(value) + 1e-9));
            boolean labelled = Arrays.stream(leading).anyMatch(l -> Math.abs(digit - l) < 1e-6);
            return labelled ? Text.number(Double.parseDouble(String.format(Locale.ROOT, "%.1e", value))) : " ";
        };
    }

    private static double[] uneven(double low, double high) {
        return new double[] {low, low + 0.37 * (high - low), high};
    }

    private double[] bounds() {
        if (range != null) {
            return range.clone();
        }
        double[] bounds = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
        for (Layer layer : layers) {
            extend(bounds, 0, layer.x);
            extend(bounds, 2, layer.y);
        }
        pad(bounds, 0, logarithmicX);
        if (rows.isEmpty()) {
            pad(bounds, 2, logarithmicY);
        } else {
            bounds[2] = -0.5;
            bounds[3] = rows.size() - 0.5;
        }
        return bounds;
    }

    private static void extend(double[] bounds, int at, double[] values) {
        for (double v : values) {
            if (v < bounds[at]) {
                bounds[at] = v;
            }
            if (v > bounds[at + 1]) {
                bounds[at + 1] = v;
            }
        }
    }

    private static void pad(double[] bounds, int at, boolean logarithmic) {
        if (bounds[at] > bounds[at + 1]) {
            bounds[at] = logarithmic ? 1 : 0;
            bounds[at + 1] = logarithmic ? 10 : 1;
        } else if (logarithmic) {
            double factor = bounds[at + 1] > bounds[at] ? Math.pow(bounds[at + 1] / bounds[at], 0.06) : 2;
            bounds[at] /= factor;
            bounds[at + 1] *= factor;
        } else {
            double margin = bounds[at + 1] > bounds[at] ? 0.05 * (bounds[at + 1] - bounds[at]) : 0.5;
            bounds[at] -= margin;
            bounds[at + 1] += margin;
        }
    }

    private static void widen(double[] bounds, int at, double factor) {
        double middle = (bounds[at] + bounds[at + 1]) / 2;
        double half = (bounds[at + 1] - bounds[at]) / 2 * factor;
        bounds[at] = middle - half;
        bounds[at + 1] = middle + half;
    }

    private void paintImage(Graphics2D g, Frame frame) {
        double left = frame.toX.applyAsDouble(0);
        double top = frame.toY.applyAsDouble(image.height());
        AffineTransform place = AffineTransform.getTranslateInstance(left, top);
        place.scale((frame.toX.applyAsDouble(image.width()) - left) / image.width(),
            (frame.toY.applyAsDouble(0) - top) / image.height());
        g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        g.drawImage(image.image(), place, null);
    }

    /** Discs as the round ends of lines of no length: one short path for all of a cloud, where an SVG would list ellipses. */
    private static void paintDots(Graphics2D g, Layer layer, double[] x, double[] y) {
        Path2D dots = new Path2D.Double();
        for (int i = 0; i < x.length; i++) {
            dots.moveTo(x[i], y[i]);
            dots.lineTo(x[i], y[i]);
        }
        g.setColor(layer.ink.alpha(layer.alpha));
        g.setStroke(new BasicStroke((float) layer.size, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        g.draw(dots);
    }

    private static void paintAsImage(Graphics2D g, Layer layer, double[] x, double[] y, Rectangle2D area) {
        BufferedImage image = new BufferedImage((int) Math.ceil(area.getWidth() * RASTER_SCALE),
            (int) Math.ceil(area.getHeight() * RASTER_SCALE), BufferedImage.TYPE_INT_ARGB);
        Graphics2D pixels = image.createGraphics();
        Picture.smooth(pixels);
        pixels.scale(RASTER_SCALE, RASTER_SCALE);
        pixels.translate(-area.getX(), -area.getY());
        paintLayer(pixels, layer, x, y);
        pixels.dispose();
        AffineTransform place = AffineTransform.getTranslateInstance(area.getX(), area.getY());
        place.scale(1.0 / RASTER_SCALE, 1.0 / RASTER_SCALE);
        g.drawImage(image, place, null);
    }

    private static void paintLayer(Graphics2D g, Layer layer, double[] x, double[] y) {
        switch (layer.kind) {
            case COLORS -> {
                for (int i = 0; i < x.length; i++) {
                    g.setColor(new Color(layer.rgb[i]));
                    g.fill(disc(x[i], y[i], layer.size));
                }
            }
            case CLOUD, MARKS -> {
                for (int i = 0; i < x.length; i++) {
                    paintDisc(g, layer, x[i], y[i]);
                }
            }
            case PATHS -> {
                g.setColor(layer.ink.alpha(layer.alpha));
                g.setStroke(new BasicStroke((float) layer.size, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND));
                for (int start = 0; start < x.length;) {
                    Path2D path = new Path2D.Double();
                    int end = start;
                    for (; end < x.length && !Double.isNaN(x[end]); end++) {
                        if (end == start) {
                            path.moveTo(x[end], y[end]);
                        } else {
                            path.lineTo(x[end], y[end]);
                        }
                    }
                    g.draw(path);
                    start = end + 1;
                }
            }
            case ARROWS -> paintArrows(g, layer, x, y);
            case LINE -> {
                g.setColor(layer.ink.alpha(1));
                g.setStroke(lineStroke(layer));
                Path2D path = new Path2D.Double();
                boolean pen = false;
                for (int i = 0; i < x.length; i++) {
                    if (Double.isNaN(x[i]) || Double.isNaN(y[i])) {
                        pen = false;
                    } else if (pen) {
                        path.lineTo(x[i], y[i]);
                    } else {
                        path.moveTo(x[i], y[i]);
                        pen = true;
                    }
                }
                g.draw(path);
                for (int i = 0; i < x.length && !layer.dashed; i++) {
                    if (!Double.isNaN(x[i]) && !Double.isNaN(y[i])) {
                        g.fill(disc(x[i], y[i], 5.5));
                    }
                }
            }
        }
    }

    /** Shafts with heads of a size of their own, as two shapes; an arrow of less than a pixel is left out. */
    private static void paintArrows(Graphics2D g, Layer layer, double[] x, double[] y) {
        Path2D shafts = new Path2D.Double();
        Path2D heads = new Path2D.Double();
        for (int i = 0; i + 1 < x.length; i += 2) {
            double length = Math.hypot(x[i + 1] - x[i], y[i + 1] - y[i]);
            if (length > 1) {
                double head = Math.min(4.5, 0.6 * length);
                double alongX = head * (x[i + 1] - x[i]) / length;
                double alongY = head * (y[i + 1] - y[i]) / length;
                double neckX = x[i + 1] - alongX;
                double neckY = y[i + 1] - alongY;
                shafts.moveTo(x[i], y[i]);
                shafts.lineTo(neckX, neckY);
                heads.moveTo(x[i + 1], y[i + 1]);
                heads.lineTo(neckX - 0.4 * alongY, neckY + 0.4 * alongX);
                heads.lineTo(neckX + 0.4 * alongY, neckY - 0.4 * alongX);
                heads.closePath();
            }
        }
        g.setColor(layer.ink.alpha(layer.alpha));
        g.setStroke(new BasicStroke((float) layer.size, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER));
        g.draw(shafts);
        g.fill(heads);
    }

    private static BasicStroke lineStroke(Layer layer) {
        float[] dashes = layer.dashed ? new float[] {5, 4} : null;
        return new BasicStroke((float) layer.size, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, dashes, 0);
    }

    private static void paintDisc(Graphics2D g, Layer layer, double x, double y) {
        if (layer.kind == Kind.MARKS) {
            g.setColor(Color.WHITE);
            g.fill(disc(x, y, layer.size + 2));
        }
        g.setColor(layer.ink.alpha(layer.alpha));
        g.fill(disc(x, y, layer.size));
    }

    private static Shape disc(double x, double y, double diameter) {
        return new Ellipse2D.Double(x - diameter / 2, y - diameter / 2, diameter, diameter);
    }

    /** Draws the legend's sample of a layer, 22 wide, with its middle at the given point. */
    static void paintSample(Graphics2D g, Layer layer, double x, double y) {
        switch (layer.kind) {
            case CLOUD -> {
                g.setColor(layer.ink.alpha(Math.max(layer.alpha, 0.75)));
                g.fill(disc(x, y, 6));
            }
            case MARKS, COLORS -> paintDisc(g, layer, x, y);
            case ARROWS -> paintArrows(g, layer, new double[] {x - 9, x + 9}, new double[] {y, y});
            case PATHS, LINE -> {
                // A dashed line in the legend stands for those of every colour.
                g.setColor(layer.dashed ? Ink.GREY.alpha(1) : layer.ink.alpha(layer.kind == Kind.PATHS ? 0.8 : 1));
                g.setStroke(lineStroke(layer));
                g.draw(new Line2D.Double(x - 11, y, x + 11, y));
                if (layer.kind == Kind.LINE && !layer.dashed) {
                    g.fill(disc(x, y, 5.5));
                }
            }
        }
    }
}
