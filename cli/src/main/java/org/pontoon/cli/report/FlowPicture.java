package org.pontoon.cli.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import org.pontoon.engine.flow.FlowResult;
import org.pontoon.engine.flow.Snapshot;
import org.pontoon.engine.memory.PointCloud;

/**
 * Draws the snapshots of a flow: particles with arrows along their velocities over the target; in one dimension the cumulative
 * distributions of both; beyond two the principal axes.
 */
public final class FlowPicture {

    private static final int PARTICLES = 2000;
    private static final int ARROWS = 100;
    /** Length of the arrow of a particle as fast as the fastest of the start, as a share of the panel's width. */
    private static final double ARROW = 0.1;

    private final int dimension;
    private final List<float[]> target;
    private final Projection projection;
    private final double[] range;
    private final boolean line;
    private final String label;

    /**
     * Fixes axes that all snapshots share.
     *
     * @param start where the particles begin
     * @param target where they are drawn to
     */
    public FlowPicture(PointCloud start, PointCloud target) {
        this(start, target, "target");
    }

    /**
     * Fixes axes that all snapshots share, with another cloud than a target behind the particles.
     *
     * @param start where the particles begin, or another place that the axes must show
     * @param target the cloud behind them
     * @param label what it is
     */
    public FlowPicture(PointCloud start, PointCloud target, String label) {
        this.label = label;
        this.dimension = start.dimension();
        this.line = dimension == 1;
        this.target = sample(target.toRows());
        List<float[]> both = new ArrayList<>(sample(start.toRows()));
        both.addAll(this.target);
        this.projection = Projection.ofTwo(both, dimension);
        this.range = line ? new double[] {0, 1, -0.03, 1.03} : new double[4];
        margins(projection.first(both), 0);
        if (!line) {
            margins(projection.second(both), 2);
        }
    }

    private FlowPicture(FlowPicture other, double[] range) {
        this.dimension = other.dimension;
        this.target = other.target;
        this.projection = other.projection;
        this.range = range.clone();
        this.line = other.line;
        this.label = other.label;
    }

    /**
     * Returns the same picture with other ranges of its axes.
     *
     * @param xMin left end
     * @param xMax right end
     * @param yMin lower end
     * @param yMax upper end
     * @return the picture
     */
    public FlowPicture range(double xMin, double xMax, double yMin, double yMax) {
        return new FlowPicture(this, new double[] {xMin, xMax, yMin, yMax});
    }

    private void margins(double[] values, int at) {
        double low = Arrays.stream(values).min().orElse(0);
        double high = Arrays.stream(values).max().orElse(1);
        double margin = high > low ? 0.1 * (high - low) : 0.5;
        range[at] = low - margin;
        range[at + 1] = high + margin;
    }

    private List<float[]> sample(float[] rows) {
        int size = rows.length / dimension;
        int stride = (size + PARTICLES - 1) / PARTICLES;
        List<float[]> points = new ArrayList<>();
        for (int n = 0; n < size; n += stride) {
            points.add(Arrays.copyOfRange(rows, n * dimension, (n + 1) * dimension));
        }
        return points;
    }

    /**
     * Draws one panel for each snapshot.
     *
     * @param result the flow
     * @param bare whether to leave out the axes
     * @return the panels, in the order of time
     */
    public List<Plot> panels(FlowResult result, boolean bare) {
        double fastest = result.snapshots().isEmpty() ? 0 : speed(result.snapshots().getFirst().velocity());
        double perSpeed = fastest > 0 ? ARROW * (range[1] - range[0]) / fastest : 0;
        List<Plot> panels = new ArrayList<>();
        for (Snapshot snapshot : result.snapshots()) {
            Plot panel = new Plot("t = " + time(snapshot.time())).range(range[0], range[1], range[2], range[3]);
            if (bare) {
                panel.bare();
            }
            if (line) {
                panel.axes(bare ? "" : "x", bare ? "" : "share of points below x");
                cumulative(panel, label, target, Plot.Ink.GREY);
                cumulative(panel, "particles", sample(snapshot.points()), Plot.Ink.BLUE);
            } else {
                panel.equalAspect().axes(bare ? "" : projection.firstName(), bare ? "" : projection.secondName());
                plane(panel, snapshot, perSpeed);
            }
            panels.add(panel);
        }
        return panels;
    }

    /**
     * Draws one panel for each snapshot, of weighted particles without their velocities.
     *
     * @param result the flow
     * @return the panels, in the order of time
     */
    public List<Plot> panels(FlowResult result) {
        return result.snapshots().stream().map(s -> panel("t = " + time(s.time()), s.points(), s.weights())).toList();
    }

    /**
     * Draws weighted particles without their velocities: the darker the heavier, a particle of mean weight in the middle.
     *
     * @param title what stands above the panel
     * @param points N x D, row-major
     * @param weights N values
     * @return the panel
     */
    public Plot panel(String title, float[] points, double[] weights) {
        Plot panel = new Plot(title).range(range[0], range[1], range[2], range[3]);
        List<float[]> shown = sample(points);
        int stride = (weights.length + PARTICLES - 1) / PARTICLES;
        double[] shares = new double[shown.size()];
        Arrays.setAll(shares, k -> weights[k * stride]);
        if (line) {
            cumulative(panel.axes("x", "share of mass below x"), label, target, Plot.Ink.GREY);
            cumulative(panel, "particles", shown, shares, Plot.Ink.BLUE);
            return panel;
        }
        panel.equalAspect().axes(projection.firstName(), projection.secondName());
        return Shades.byWeight(panel.cloud(label, projection.first(target), projection.second(target), Plot.Ink.GREY),
            projection.first(shown), projection.second(shown), shares);
    }

    /**
     * Formats a time for a label or a file name.
     *
     * @param time the time
     * @return without a fraction where there is none, and without the rounding of sums of steps
     */
    public static String time(double time) {
        return Text.number(Double.parseDouble(String.format(Locale.ROOT, "%.6g", time)));
    }

    private void plane(Plot panel, Snapshot snapshot, double perSpeed) {
        List<float[]> points = sample(snapshot.points());
        List<float[]> velocities = sample(snapshot.velocity());
        int stride = (points.size() + ARROWS - 1) / ARROWS;
        int count = (points.size() + stride - 1) / stride;
        double[] x = new double[count];
        double[] y = new double[count];
        double[] dx = new double[count];
        double[] dy = new double[count];
        float[] tip = new float[dimension];
        for (int k = 0; k < count; k++) {
            float[] point = points.get(k * stride);
            float[] velocity = velocities.get(k * stride);
            for (int d = 0; d < dimension; d++) {
                tip[d] = (float) (point[d] + perSpeed * velocity[d]);
            }
            x[k] = projection.first(point, 0);
            y[k] = projection.second(point, 0);
            dx[k] = projection.first(tip, 0) - x[k];
            dy[k] = projection.second(tip, 0) - y[k];
        }
        panel.cloud(label, projection.first(target), projection.second(target), Plot.Ink.GREY)
            .arrows("velocity", x, y, dx, dy, Plot.Ink.VERMILION)
            .cloud("particles", projection.first(points), projection.second(points), Plot.Ink.BLUE);
    }

    private void cumulative(Plot panel, String label, List<float[]> points, Plot.Ink ink) {
        double[] weights = new double[points.size()];
        Arrays.fill(weights, 1);
        cumulative(panel, label, points, weights, ink);
    }

    private void cumulative(Plot panel, String label, List<float[]> points, double[] weights, Plot.Ink ink) {
        Integer[] order = new Integer[weights.length];
        Arrays.setAll(order, n -> n);
        Arrays.sort(order, (a, b) -> Float.compare(points.get(a)[0], points.get(b)[0]));
        double mass = Arrays.stream(weights).sum();
        double[] x = new double[2 * order.length + 2];
        double[] y = new double[x.length];
        x[0] = Math.min(range[0], points.get(order[0])[0]);
        x[x.length - 1] = Math.max(range[1], points.get(order[order.length - 1])[0]);
        y[x.length - 1] = 1;
        double below = 0;
        for (int n = 0; n < order.length; n++) {
            x[2 * n + 1] = points.get(order[n])[0];
            x[2 * n + 2] = x[2 * n + 1];
            y[2 * n + 1] = below / mass;
            below += weights[order[n]];
            y[2 * n + 2] = below / mass;
        }
        panel.curve(label, x, y, ink);
    }

    /** The speed that all but one in twenty particles stay below. */
    private double speed(float[] velocity) {
        double[] speeds = new double[velocity.length / dimension];
        for (int k = 0; k < velocity.length; k++) {
            speeds[k / dimension] += velocity[k] * velocity[k];
        }
        Arrays.sort(speeds);
        return Math.sqrt(speeds[(int) (0.95 * (speeds.length - 1))]);
    }

    /**
     * Draws what was descended over time.
     *
     * @param result the flow
     * @param axis what it was
     * @return a panel, logarithmic where every value is positive
     */
    public static Plot losses(FlowResult result, String axis) {
        int count = result.values().length;
        // the last state may not know its value
        int known = Double.isNaN(result.values()[count - 1]) ? count - 1 : count;
        double[] values = Arrays.copyOf(result.values(), known);
        boolean positive = Arrays.stream(values).allMatch(loss -> loss > 0);
        return new Plot("").axes("time", axis).logarithmic(false, positive).curve(null, Arrays.copyOf(result.times(), known), values,
            Plot.Ink.BLUE);
    }
}
