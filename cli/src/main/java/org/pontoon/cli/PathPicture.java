package org.pontoon.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import org.pontoon.cli.report.Picture;
import org.pontoon.cli.report.Plot;
import org.pontoon.cli.report.Projection;
import org.pontoon.engine.bridge.LightBridge;

/** Collects trajectories for a picture: as many as can be told apart, and start and end of somewhat more. */
final class PathPicture {

    private static final int TRAJECTORIES = 80;
    private static final int POINTS = 4000;
    private static final int WIDTH = 560;

    private final int times;
    private final int dimension;
    private final int pathStride;
    private final int pointStride;
    private final List<float[]> paths = new ArrayList<>();
    private final List<float[]> starts = new ArrayList<>();
    private final List<float[]> ends = new ArrayList<>();

    /** Takes every so many-th of the points, so that an ordered file is shown whole. */
    PathPicture(int size, int times, int dimension) {
        this.times = times;
        this.dimension = dimension;
        this.pathStride = (size + TRAJECTORIES - 1) / TRAJECTORIES;
        this.pointStride = (size + POINTS - 1) / POINTS;
    }

    /** Takes note of a trajectory (times, D), which is the picture's from now on. */
    void offer(int point, float[] path) {
        if (point % pathStride == 0) {
            paths.add(path);
        }
        if (point % pointStride == 0) {
            starts.add(Arrays.copyOf(path, dimension));
            ends.add(Arrays.copyOfRange(path, (times - 1) * dimension, times * dimension));
        }
    }

    void write(Path file, LightBridge bridge) throws IOException {
        boolean line = dimension == 1;
        List<float[]> both = new ArrayList<>(starts);
        both.addAll(ends);
        Projection projection = Projection.ofTwo(both, dimension);
        int drawn = paths.size();
        double[] x = new double[drawn * (times + 1)];
        double[] y = new double[x.length];
        double[] endX = new double[drawn];
        double[] endY = new double[drawn];
        double[] startX = new double[drawn];
        double[] startY = new double[drawn];
        for (int i = 0; i < drawn; i++) {
            float[] path = paths.get(i);
            for (int t = 0; t < times; t++) {
                int at = i * (times + 1) + t;
                x[at] = line ? t / (times - 1.0) : projection.first(path, t * dimension);
                y[at] = line ? path[t] : projection.second(path, t * dimension);
            }
            int last = i * (times + 1) + times;
            x[last] = Double.NaN;
            y[last] = Double.NaN;
            startX[i] = x[last - times];
            startY[i] = y[last - times];
            endX[i] = x[last - 1];
            endY[i] = y[last - 1];
        }
        Plot panel = new Plot("");
        if (line) {
            panel.axes("time", "position");
        } else {
            panel.equalAspect().axes(projection.firstName(), projection.secondName())
                .cloud("source", projection.first(starts), projection.second(starts), Plot.Ink.SKY)
                .cloud("transported", projection.first(ends), projection.second(ends), Plot.Ink.GREY);
        }
        panel.paths("trajectories", x, y, Plot.Ink.BLUE).marks("start", startX, startY, Plot.Ink.BLACK, 3.5)
            .marks("end", endX, endY, Plot.Ink.VERMILION, 4);
        String title = String.format(Locale.ROOT, "Light Schrödinger bridge, ε = %s, K = %d", number(bridge.epsilon()),
            bridge.components());
        new Picture(title, WIDTH, line ? WIDTH * 3 / 4 : height(projection.first(both), projection.second(both))).add(panel).write(file);
    }

    /** A plane cloud is drawn to scale: the panel is as high as the cloud asks for, within reason. */
    private static int height(double[] x, double[] y) {
        double ratio = spread(y) / spread(x);
        return ratio > 0 ? (int) Math.clamp(60 + (WIDTH - 60) * ratio, WIDTH / 2, WIDTH * 5 / 4) : WIDTH;
    }

    private static double spread(double[] values) {
        return Arrays.stream(values).max().orElse(1) - Arrays.stream(values).min().orElse(0);
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e6 ? Long.toString((long) value) : Double.toString(value);
    }
}
