package org.pontoon.cli.reproduce;

import java.nio.file.Path;
import java.util.List;
import java.util.function.IntUnaryOperator;

import org.pontoon.cli.report.Picture;
import org.pontoon.cli.report.Pixels;
import org.pontoon.cli.report.Plot;
import org.pontoon.cli.report.ProgressBar;
import org.pontoon.cli.report.Table;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.random.CounterRandom;
import org.pontoon.engine.transport.EnergyDistance;
import org.pontoon.engine.transport.Precision;
import org.pontoon.engine.transport.Sinkhorn;
import org.pontoon.engine.transport.SinkhornOptions;
import org.pontoon.engine.transport.SinkhornResult;
import org.pontoon.engine.transport.TransportPlan;

/**
 * Gives one image the colours of another: an entropic map between samples of their colours, made free of the blur's shrinkage by the map of
 * the first sample to itself, {@code x + T_ab(x) - T_aa(x)}, and applied to every pixel.
 */
final class ColorTransfer implements Experiment {

    private static final int SAMPLE = 2000;
    private static final long STREAM = 2500;
    private static final int BAND = 4096;
    private static final int PANEL = 300;
    private static final SinkhornOptions OPTIONS = SinkhornOptions.builder().blur(0.05).tolerance(1e-3).debias(false)
        .precision(Precision.FLOAT32).build();

    @Override
    public String name() {
        return "color-transfer";
    }

    @Override
    public String description() {
        return "colours of an image B given to an image A by an entropic transport map: color-transfer A.png B.png, or two drawn scenes";
    }

    @Override
    public int files() {
        return 2;
    }

    @Override
    public Results run(Setting setting) {
        List<Path> files = setting.files();
        Pixels a = files.isEmpty() ? Scene.NOON.draw(setting.seed()) : Pixels.read(files.get(0));
        Pixels b = files.isEmpty() ? Scene.DUSK.draw(setting.seed()) : Pixels.read(files.get(1));
        int count = setting.count(SAMPLE, SAMPLE / 5);
        try (PointCloud x = sample(a, count, CounterRandom.key(setting.seed(), STREAM));
                PointCloud y = sample(b, count, CounterRandom.key(setting.seed(), STREAM + 1))) {
            long began = System.nanoTime();
            Map map = Map.between(x, y, setting.scheduler());
            double solved = (System.nanoTime() - began) * 1e-9;
            began = System.nanoTime();
            Pixels moved;
            try (ProgressBar progress = setting.console().progress("pixels")) {
                moved = apply(map, a, progress);
            }
            setting.console().checkInterrupted();
            double mapped = (System.nanoTime() - began) * 1e-9;
            try (PointCloud z = sample(moved, count, CounterRandom.key(setting.seed(), STREAM))) {
                Table table = new Table("Colours of B given to A").column("quantity").column("value");
                table.row("pixels of A", a.rgb().length).row("pixels of B", b.rgb().length).row("colours sampled from each", count)
                    .row("energy distance to B before", EnergyDistance.between(x, y, setting.scheduler()))
                    .row("energy distance to B after", EnergyDistance.between(z, y, setting.scheduler()))
                    .row("Sinkhorn iterations", map.iterations).row("marginal error", map.marginalError)
                    .row("seconds to solve", solved).row("seconds to map all pixels", mapped)
                    .note("Colours are points of the unit cube of red, green and blue; energy distance: 2 E|X-Y| - E|X-X'| - E|Y-Y'|.");
                Picture picture = new Picture("Colour transfer by an entropic map", PANEL, PANEL * 3 / 4).columns(3);
                picture.add(new Plot("A").image(a)).add(new Plot("B").image(b)).add(new Plot("A with the colours of B").image(moved));
                picture.add(palette("", x)).add(palette("", y)).add(palette("", z));
                return new Results().table(name(), table).picture(name(), picture).image("before", a).image("palette", b)
                    .image("after", moved);
            }
        }
    }

    static PointCloud sample(Pixels image, int count, long key) {
        PointCloud cloud = PointCloud.allocate(count, 3);
        for (int n = 0; n < count; n++) {
            set(cloud, n, image.rgb()[CounterRandom.uniformInt(key, n, image.rgb().length)]);
        }
        return cloud;
    }

    static void set(PointCloud cloud, int n, int rgb) {
        for (int channel = 0; channel < 3; channel++) {
            cloud.set(n, channel, (rgb >>> 16 - 8 * channel & 0xFF) / 255f);
        }
    }

    private static Pixels apply(Map map, Pixels image, ProgressBar progress) {
        int[] rgb = new int[image.rgb().length];
        for (int start = 0; start < rgb.length; start += BAND) {
            if (!progress.advance(start, rgb.length)) {
                break;
            }
            int count = Math.min(BAND, rgb.length - start);
            try (PointCloud pixels = PointCloud.allocate(count, 3)) {
                for (int n = 0; n < count; n++) {
                    set(pixels, n, image.rgb()[start + n]);
                }
                double[] moved = map.apply(pixels);
                for (int n = 0; n < count; n++) {
                    int at = 3 * n;
                    rgb[start + n] = color(moved[at], moved[at + 1], moved[at + 2]);
                }
            }
        }
        return new Pixels(image.width(), image.height(), rgb);
    }

    static int color(double red, double green, double blue) {
        return level(red) << 16 | level(green) << 8 | level(blue);
    }

    private static int level(double value) {
        return (int) Math.round(255 * Math.clamp(value, 0, 1));
    }

    /** Colours in the plane of red and blue, each drawn as itself. */
    static Plot palette(String title, PointCloud colors) {
        double[] red = new double[colors.size()];
        double[] blue = new double[colors.size()];
        int[] rgb = new int[colors.size()];
        for (int n = 0; n < rgb.length; n++) {
            red[n] = colors.get(n, 0);
            blue[n] = colors.get(n, 2);
            rgb[n] = color(red[n], colors.get(n, 1), blue[n]);
        }
        return new Plot(title).axes("red", "blue").range(-0.03, 1.03, -0.03, 1.03).colors(red, blue, rgb);
    }

    /** The debiased map of a sample of colours. */
    record Map(TransportPlan across, TransportPlan self, int iterations, double marginalError) {

        static Map between(PointCloud x, PointCloud y, TileScheduler scheduler) {
            Sinkhorn solver = new Sinkhorn(OPTIONS);
            SinkhornResult across = solver.solve(x, y, scheduler);
            SinkhornResult self = solver.solve(x, x, scheduler);
            return new Map(solver.plan(x, y, across, scheduler), solver.plan(x, x, self, scheduler),
                across.iterations() + self.iterations(), Math.max(across.marginalError(), self.marginalError()));
        }

        double[] apply(PointCloud points) {
            double[] moved = across.mapX(points);
            double[] blurred = self.mapX(points);
            for (int n = 0; n < points.size(); n++) {
                for (int d = 0; d < 3; d++) {
                    moved[3 * n + d] += points.get(n, d) - blurred[3 * n + d];
                }
            }
            return moved;
        }
    }

    /** Hills under a sky with a sun, drawn from formulas. */
    enum Scene {
        NOON(0x2F6FC0, 0xBFE0F5, 0xFFF6C8, 0x6FA83A, 0x2C5E2A, 0.72, 0.78), DUSK(0x2B1A4F, 0xF59A4A, 0xFFE08A, 0x6B3A5B, 0x1E1633, 0.32,
            0.42);

        private static final int WIDTH = 360;
        private static final int HEIGHT = 240;

        private final int zenith;
        private final int horizon;
        private final int sun;
        private final int near;
        private final int far;
        private final double sunX;
        private final double sunY;

        Scene(int zenith, int horizon, int sun, int near, int far, double sunX, double sunY) {
            this.zenith = zenith;
            this.horizon = horizon;
            this.sun = sun;
            this.near = near;
            this.far = far;
            this.sunX = sunX;
            this.sunY = sunY;
        }

        Pixels draw(long seed) {
            long noise = CounterRandom.key(seed, STREAM + 2 + ordinal());
            int[] rgb = new int[WIDTH * HEIGHT];
            for (int k = 0; k < rgb.length; k++) {
                double x = (k % WIDTH + 0.5) / WIDTH;
                double y = 1 - (k / WIDTH + 0.5) / HEIGHT;
                double[] color = at(x, y);
                // grain, as a photograph has it
                double grain = 0.015 * CounterRandom.normal(noise, k);
                rgb[k] = color(color[0] + grain, color[1] + grain, color[2] + grain);
            }
            return new Pixels(WIDTH, HEIGHT, rgb);
        }

        private double[] at(double x, double y) {
            double hills = 0.34 + 0.05 * Math.sin(9 * x + 2 * sunX) + 0.03 * Math.sin(23 * x);
            double meadow = 0.2 + 0.05 * Math.sin(5 * x + 7 * sunX) + 0.01 * Math.sin(41 * x);
            if (y < meadow) {
                return mix(far, near, y / meadow * (0.75 + 0.25 * Math.sin(60 * x + 30 * y)));
            }
            if (y < hills) {
                return mix(near, far, 0.35 + 0.65 * (y - meadow) / (hills - meadow));
            }
            double height = (y - hills) / (1 - hills);
            double[] sky = mix(horizon, zenith, Math.pow(height, 0.8));
            double distance = Math.hypot(1.5 * (x - sunX), y - sunY);
            double glow = distance < 0.08 ? 1 : 0.7 * Math.exp(-(distance - 0.08) / 0.12);
            double[] light = mix(sun, sun, 0);
            for (int d = 0; d < 3; d++) {
                sky[d] += glow * (light[d] - sky[d]);
            }
            return sky;
        }

        private static double[] mix(int from, int to, double share) {
            IntUnaryOperator first = channel -> from >>> 16 - 8 * channel & 0xFF;
            double[] color = new double[3];
            for (int d = 0; d < 3; d++) {
                int begin = first.applyAsInt(d);
                color[d] = (begin + share * ((to >>> 16 - 8 * d & 0xFF) - begin)) / 255;
            }
            return color;
        }
    }
}
