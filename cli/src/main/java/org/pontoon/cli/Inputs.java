package org.pontoon.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;

import org.pontoon.cli.report.BadInput;
import org.pontoon.cli.report.Console;
import org.pontoon.cli.report.Pixels;
import org.pontoon.engine.bridge.BridgeSampler;
import org.pontoon.engine.bridge.LightBridge;
import org.pontoon.engine.file.BridgeFile;
import org.pontoon.engine.file.ColumnRanges;
import org.pontoon.engine.file.NpyArray;
import org.pontoon.engine.file.NpyFile;
import org.pontoon.engine.file.NpzFile;
import org.pontoon.engine.file.Placement;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.random.CounterRandom;
import org.pontoon.engine.random.Density;
import org.pontoon.engine.random.Shape;

/** Reads what commands are given. Whatever is wrong with a file is bad input, a disk that fails to deliver it included. */
final class Inputs {

    /** Stream of the permutation that holds points out; the engine numbers its own from 1. */
    private static final long HOLD_OUT_STREAM = 1000;

    /** Stream of the points that are drawn from densities. */
    private static final long DENSITY_STREAM = 1010;
    /** Standard deviation of what is added to the pixels of a picture that is 1 wide, as in Feydy's notebook. */
    private static final double JITTER = 0.005;

    /** Steps of float32, in spreads of the data, from which on a loss of precision is spoken of. */
    private static final double COARSE = 1e-4;
    private static final String OVERFLOW = "%s row %d is so far away that its answer overflows";

    private Inputs() {
    }

    static PointCloud cloud(Path file, Console console) {
        try {
            return CloudFiles.read(file, console::remark);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** Reads a cloud whose coordinates are placed before they are rounded to float32. */
    static PointCloud cloud(Path file, Placement placement, Console console) {
        try {
            return CloudFiles.read(file, placement, console::remark);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /**
     * The range of every column of a file.
     *
     * @return null where every value is a float32, which loses nothing
     */
    static ColumnRanges wideRanges(Path file) {
        try {
            return CloudFiles.isExact(file) ? null : ranges(file);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** The range of every column of a file. */
    static ColumnRanges ranges(Path file) {
        try {
            return CloudFiles.readRanges(file);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** Whether {@link #measure} would read a name as a file of points. */
    static boolean isCloudFile(Path name) {
        return Files.exists(name) && !name.toString().toLowerCase(Locale.ROOT).endsWith(".png");
    }

    /** Says so where float32 steps are coarse for how far the values of a file spread. */
    static void remarkPrecision(Path file, Console console) {
        ColumnRanges ranges = wideRanges(file);
        for (int d = 0; ranges != null && d < ranges.low().length; d++) {
            double spread = ranges.high()[d] - ranges.low()[d];
            double largest = Math.max(Math.abs(ranges.low()[d]), Math.abs(ranges.high()[d]));
            double step = Math.ulp((float) largest);
            if (spread > 0 && step > COARSE * spread) {
                console.remark(String.format(Locale.ROOT,
                    "%s: column %d spreads over %.3g around %.6g, where float32, which points are kept "
                        + "in, has steps of %.3g; an offset or a scale should be taken off first",
                    file, d, spread,
                    ranges.low()[d] / 2 + ranges.high()[d] / 2, step));
                return;
            }
        }
    }

    /** Reads a cloud that must have the dimension of something else. */
    static PointCloud cloud(Path file, int dimension, String of, Console console) {
        PointCloud cloud = cloud(file, console);
        BadInput.unless(cloud.dimension() == dimension, "%s has dimension %d, expected the %d of %s", file, cloud.dimension(), dimension,
            of);
        return cloud;
    }

    /** Checks, before long work begins, that a cloud can be written under this name. */
    static void claimCloud(Path file, Console console) {
        try {
            CloudFiles.requireWritable(file);
        } catch (IOException e) {
            throw new BadInput("cannot write " + e.getMessage(), e);
        }
        console.claim(file);
    }

    /**
     * Refuses points so far away that a bridge cannot tell its components apart there: draws could still be finite, and would mean nothing.
     *
     * @param x the points
     * @param bridge what shall move them
     * @param scheduler runs tiles
     * @param source file of the points
     */
    static void requireWithinReach(PointCloud x, LightBridge bridge, TileScheduler scheduler, Path source) {
        int tile = 1024;
        int[] first = new int[(x.size() + tile - 1) / tile];
        BridgeSampler[] samplers = new BridgeSampler[scheduler.threads()];
        scheduler.run(first.length, (t, worker) -> {
            BridgeSampler sampler = samplers[worker] == null ? samplers[worker] = new BridgeSampler(bridge) : samplers[worker];
            float[] point = new float[x.dimension()];
            first[t] = x.size();
            for (int n = t * tile; n < Math.min(x.size(), (t + 1) * tile) && first[t] == x.size(); n++) {
                x.copyPoint(n, point, 0);
                sampler.mean(point, 0, point, 0);
                first[t] = sampler.isAnswerFinite() ? first[t] : n;
            }
        });
        int n = Arrays.stream(first).min().orElse(x.size());
        BadInput.unless(n == x.size(), OVERFLOW, source, n);
    }

    /**
     * Refuses answers that are beyond float32, before they are written.
     *
     * @param values holds an answer of a point: any number of coordinates
     * @param count how many
     * @param n the point's row
     * @param source file of the points
     */
    static void requireFinite(float[] values, int count, int n, Path source) {
        for (int i = 0; i < count; i++) {
            BadInput.unless(Float.isFinite(values[i]), OVERFLOW, source, n);
        }
    }

    static LightBridge bridge(Path file) {
        try {
            return BridgeFile.read(file);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /**
     * Reads a cloud from a file, or draws one from a density: a greyscale .png file, dark where there is mass, or the name of a shape.
     *
     * @param name a file, or a shape's name in lower case
     * @param points how many to draw
     * @param seed of the draw
     * @param side stream of the draw: 0 for the first cloud, 1 for the second
     * @param console for remarks
     */
    static PointCloud measure(Path name, int points, long seed, int side, Console console) {
        long key = CounterRandom.key(seed, DENSITY_STREAM + side);
        if (name.toString().toLowerCase(Locale.ROOT).endsWith(".png")) {
            Pixels.Darkness picture = Pixels.readDarkness(name);
            try {
                return Density.samplePicture(picture.masses(), picture.width(), JITTER, points, key);
            } catch (IllegalArgumentException e) {
                throw new BadInput(name + " is no density: " + e.getMessage(), e);
            }
        }
        // a directory is no cloud: the results of a flow may lie in one that is called after a shape
        if (!Files.exists(name) || Files.isDirectory(name)) {
            for (Shape shape : Shape.values()) {
                if (shape.name().toLowerCase(Locale.ROOT).equals(name.toString())) {
                    return shape.sample(shape.dimension(), points, key);
                }
            }
            BadInput.unless(Files.exists(name) || name.toString().contains("."),
                "%s is neither a file nor a shape, expected .npy, .npz, .csv, .png or one of %s",
                name, String.join(", ", Arrays.stream(Shape.values()).map(shape -> shape.name().toLowerCase(Locale.ROOT)).toList()));
        }
        return cloud(name, console);
    }

    /** What becomes of weights on their way to float32, which holds none below 1e-45 and none above 3e38. */
    enum Weighing {
        /** They are brought to the sum 1. */
        NORMALISED,
        /** Only their proportions count; they stay as they are where float32 holds them. */
        IN_PROPORTION,
        /** Their sum counts. */
        AS_THEY_ARE
    }

    /** Gives a cloud the weights that a file holds, one for each point. */
    static PointCloud weighted(PointCloud cloud, Path cloudFile, Path weightsFile, Console console, Weighing weighing) {
        double[] weights;
        try {
            weights = vector(weightsFile, console);
        } catch (IOException e) {
            throw unreadable(e);
        }
        BadInput.unless(weights.length == cloud.size(), "%s has %d weights, expected one for each of the %d points of %s", weightsFile,
            weights.length, cloud.size(), cloudFile);
        // A mapped cloud cannot hold weights.
        int[] all = new int[cloud.size()];
        Arrays.setAll(all, n -> n);
        return rows(cloud, all, 0, all.length).withWeights(narrowed(weights, weightsFile, weighing));
    }

    /** Narrows weights, naming the file that they are of. */
    static float[] narrowed(double[] weights, Path file, Weighing weighing) {
        double largest = 0;
        for (int n = 0; n < weights.length; n++) {
            BadInput.unless(weights[n] >= 0 && weights[n] < Double.POSITIVE_INFINITY,
                "%s holds %s at row %d, expected finite weights of at least 0", file, weights[n], n);
            largest = Math.max(largest, weights[n]);
        }
        BadInput.unless(largest > 0, "%s holds only zeros, expected weights with a positive sum", file);
        boolean fits = (float) largest >= Float.MIN_NORMAL && (float) largest <= Float.MAX_VALUE;
        BadInput.unless(fits || weighing != Weighing.AS_THEY_ARE,
            "%s holds weights of up to %s, expected them between %s and %s (float32), "
                + "since they are not normalised",
            file, largest, Float.MIN_NORMAL, Float.MAX_VALUE);
        float[] narrow = new float[weights.length];
        // by a power of two, which does not round, so that their sum is neither lost nor infinite
        double unit = weighing == Weighing.NORMALISED || !fits ? Math.scalb(1.0, Math.getExponent(largest)) : 1;
        double total = 0;
        for (double weight : weights) {
            total += weight / unit;
        }
        for (int n = 0; n < narrow.length; n++) {
            narrow[n] = (float) (weights[n] / unit / (weighing == Weighing.NORMALISED ? total : 1));
        }
        return narrow;
    }

    /** Reads the array of a .npy file, or the only one of a .npz file. */
    static NpyArray array(Path file) {
        try {
            return file.toString().toLowerCase(Locale.ROOT).endsWith(".npz") ? NpzFile.readSingle(file) : NpyFile.read(file);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** Reads as many weights as something has lines, brought to the sum 1 or as they are; equal ones where there is no file. */
    static double[] weights(Path file, int size, String of, boolean normalised, Console console) {
        if (file == null) {
            double[] equal = new double[size];
            Arrays.fill(equal, 1.0 / size);
            return equal;
        }
        double[] weights;
        try {
            weights = vector(file, console);
        } catch (IOException e) {
            throw unreadable(e);
        }
        BadInput.unless(weights.length == size, "%s has %d weights, expected one for each of the %d %s", file, weights.length, size, of);
        double largest = 0;
        for (int n = 0; n < size; n++) {
            BadInput.unless(weights[n] >= 0 && weights[n] < Double.POSITIVE_INFINITY,
                "%s holds %s at row %d, expected finite weights of at least 0", file, weights[n], n);
            largest = Math.max(largest, weights[n]);
        }
        BadInput.unless(largest > 0, "%s holds only zeros, expected weights with a positive sum", file);
        if (normalised) {
            double unit = largest;
            double total = Arrays.stream(weights).map(w -> w / unit).sum();
            Arrays.setAll(weights, n -> weights[n] / unit / total);
        }
        return weights;
    }

    /** Reads numbers of shape (N,) or (N, 1) in float64; not checked for finite values. */
    private static double[] vector(Path file, Console console) throws IOException {
        String name = file.toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".csv")) {
            ColumnRanges ranges = CloudFiles.readRanges(file);
            BadInput.unless(ranges.low().length == 1, "%s has %d columns, expected 1", file, ranges.low().length);
            double size = Math.max(Math.abs(ranges.low()[0]), Math.abs(ranges.high()[0]));
            double unit = Math.scalb(1.0, Math.max(Double.MIN_EXPONENT, Math.getExponent(size)));
            Placement placement = new Placement(new double[1], unit);
            try (PointCloud column = CloudFiles.read(file, placement, console::remark)) {
                return placement.putBack(column.toRows());
            }
        }
        NpyArray array = name.endsWith(".npz") ? NpzFile.readSingle(file) : NpyFile.read(file);
        int[] shape = array.shape();
        BadInput.unless(shape.length == 1 || shape.length == 2 && shape[1] == 1, "%s has shape %s, expected (N,)", file, array.shapeText());
        return array.toDoubles();
    }

    /** Two parts of a cloud. */
    record Split(PointCloud kept, PointCloud heldOut) implements AutoCloseable {

        /** What both parts weigh; 1 where points count alike. */
        double mass() {
            double mass = 0;
            for (int n = 0; n < kept.size(); n++) {
                mass += kept.mass(n);
            }
            for (int n = 0; kept.hasWeights() && n < heldOut.size(); n++) {
                mass += heldOut.weight(n);
            }
            return mass;
        }

        @Override
        public void close() {
            kept.close();
            heldOut.close();
        }
    }

    /** Holds a share of the points out, chosen by the seed; weights are null where the points count alike. */
    static Split split(PointCloud cloud, double fraction, long seed, int side, Path file, Path weights) {
        int size = cloud.size();
        int heldOut = (int) Math.round(fraction * size);
        BadInput.unless(heldOut >= 2 && size - heldOut >= 2,
            "--hold-out %s leaves %d of the %d points of %s to fit and %d to hold out, expected at least 2 each", fraction, size - heldOut,
            size,
            file, heldOut);
        int[] order = new int[size];
        Arrays.setAll(order, n -> n);
        long key = CounterRandom.key(seed, HOLD_OUT_STREAM + side);
        for (int n = size - 1; n > 0; n--) {
            int other = CounterRandom.uniformInt(key, n, n + 1);
            int swap = order[n];
            order[n] = order[other];
            order[other] = swap;
        }
        BadInput.unless(hasWeight(cloud, order, heldOut, size),
            "--hold-out %s leaves only points of weight 0 in %s to fit, expected others",
            fraction, weights);
        BadInput.unless(hasWeight(cloud, order, 0, heldOut), "--hold-out %s holds out only points of weight 0 in %s, expected others",
            fraction, weights);
        return new Split(rows(cloud, order, heldOut, size), rows(cloud, order, 0, heldOut));
    }

    private static boolean hasWeight(PointCloud cloud, int[] order, int from, int to) {
        return IntStream.range(from, to).anyMatch(n -> cloud.weight(order[n]) > 0);
    }

    private static PointCloud rows(PointCloud cloud, int[] order, int from, int to) {
        PointCloud part = PointCloud.allocate(to - from, cloud.dimension());
        float[] point = new float[cloud.dimension()];
        float[] weights = new float[to - from];
        for (int n = from; n < to; n++) {
            cloud.copyPoint(order[n], point, 0);
            part.setPoint(n - from, point, 0);
            weights[n - from] = cloud.weight(order[n]);
        }
        return cloud.hasWeights() ? part.withWeights(weights) : part;
    }

    static BadInput unreadable(IOException e) {
        return new BadInput("cannot read " + (e.getMessage() == null ? e.toString() : e.getMessage()), e);
    }
}
