package org.pontoon.engine.start;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

import org.agrona.concurrent.UnsafeBuffer;
import org.pontoon.engine.bridge.BridgeSampler;
import org.pontoon.engine.bridge.BridgeTrainer;
import org.pontoon.engine.bridge.BridgeTransport;
import org.pontoon.engine.bridge.Covariance;
import org.pontoon.engine.bridge.LightBridge;
import org.pontoon.engine.bridge.TrainingOptions;
import org.pontoon.engine.feature.RandomFeatures;
import org.pontoon.engine.file.BridgeFile;
import org.pontoon.engine.file.NpyFile;
import org.pontoon.engine.flow.Flow;
import org.pontoon.engine.flow.FlowOptions;
import org.pontoon.engine.flow.Functional;
import org.pontoon.engine.flow.ParticleFlow;
import org.pontoon.engine.flow.Potential;
import org.pontoon.engine.flow.Scheme;
import org.pontoon.engine.flow.descent.SobolevDescent;
import org.pontoon.engine.flow.descent.SobolevOptions;
import org.pontoon.engine.flow.descent.SteinVariationalDescent;
import org.pontoon.engine.flow.diffusion.Langevin;
import org.pontoon.engine.flow.jko.SwJkoOptions;
import org.pontoon.engine.flow.jko.SwJkoParticles;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.random.CounterRandom;
import org.pontoon.engine.sort.FloatSorter;
import org.pontoon.engine.transport.DenseSinkhorn;
import org.pontoon.engine.transport.EnergyDistance;
import org.pontoon.engine.transport.ExactTransport;
import org.pontoon.engine.transport.KernelEntropy;
import org.pontoon.engine.transport.KernelNorm;
import org.pontoon.engine.transport.Loss;
import org.pontoon.engine.transport.LossGradient;
import org.pontoon.engine.transport.MaxSlicedWasserstein;
import org.pontoon.engine.transport.MixtureLikelihood;
import org.pontoon.engine.transport.PairKernel;
import org.pontoon.engine.transport.PermutationTest;
import org.pontoon.engine.transport.Precision;
import org.pontoon.engine.transport.Sinkhorn;
import org.pontoon.engine.transport.SinkhornOptions;
import org.pontoon.engine.transport.SlicedDirections;
import org.pontoon.engine.transport.SlicedWasserstein;
import org.pontoon.engine.transport.SoftHausdorff;
import org.pontoon.engine.transport.Wasserstein1D;

/** What {@link FreshProcessTest} starts in JVMs of its own: an application's first use of everything. Prints a hash of each result. */
final class FreshProcess {

    private FreshProcess() {
    }

    /** Runs in a folder; "agrona" as second argument uses its buffers, and nothing else does. */
    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        if (args.length > 1) {
            agrona(folder);
            return;
        }
        NpyFile.writeCloud(folder.resolve("x.npy"), cloud(900, 5, 1));
        NpyFile.writeCloud(folder.resolve("y.npy"), cloud(700, 5, 2));
        library(folder);
        service(folder);
        descents();
        losses(folder);
    }

    /** The README's example of the library. */
    private static void library(Path folder) throws IOException {
        try (TileScheduler scheduler = TileScheduler.ofAllCores();
                PointCloud source = NpyFile.readCloud(folder.resolve("x.npy"));
                PointCloud target = NpyFile.readCloud(folder.resolve("y.npy"))) {
            for (Covariance covariance : Covariance.values()) {
                TrainingOptions options = TrainingOptions.builder().epsilon(0.1).components(10).covariance(covariance).steps(600).build();
                LightBridge bridge = BridgeTrainer.on(options, source, target).fit(scheduler, Progress.NONE).bridge();
                try (PointCloud moved = new BridgeTransport(bridge, scheduler).sample(source, 1, 42)) {
                    print("transport, " + covariance, moved.toRows());
                }
                BridgeFile.write(folder.resolve("bridge.npz"), bridge);
                System.out.println("bridge, " + covariance + " " + Arrays.hashCode(Files.readAllBytes(folder.resolve("bridge.npz"))));
            }
        }
    }

    /** The README's example of a service. */
    private static void service(Path folder) throws IOException {
        float[] x = {0.1f, -0.2f, 0.3f, -0.4f, 0.5f};
        float[] y = new float[5];
        BridgeSampler sampler = new BridgeSampler(BridgeFile.read(folder.resolve("bridge.npz")));
        sampler.sample(7, 3, x, 0, y, 0);
        print("sample", y);
        sampler.mean(x, 0, y, 0);
        print("mean", y);
        sampler.sampleAt(0.5, 7, 3, x, 0, y, 0);
        print("sample between", y);
    }

    private static void agrona(Path folder) throws IOException {
        BridgeSampler sampler = new BridgeSampler(BridgeFile.read(folder.resolve("bridge.npz")));
        try (PointCloud cloud = cloud(5, 1, 3)) {
            sampler.mean(cloud.columnBuffer(0), 0, new UnsafeBuffer(ByteBuffer.allocateDirect(20)), 0);
        }
        System.out.println("agrona");
    }

    private static void descents() {
        RandomFeatures map = RandomFeatures.draw(RandomFeatures.Spectrum.GAUSSIAN, 2, 150, 3, 0.5);
        Potential bowl = Potential.quadratic(new double[] {1, 0.2, 0.2, 2}, new double[2]);
        try (TileScheduler scheduler = new TileScheduler(1); PointCloud x = cloud(800, 2, 1); PointCloud y = cloud(700, 2, 2)) {
            SobolevOptions options = SobolevOptions.builder().ridge(1e-3).build();
            flow("Sobolev descent", new SobolevDescent(x, y, map, options, scheduler), 0.05, 5);
            flow("Langevin", Langevin.adjusted(x, bowl, 5, scheduler), 0.1, 5);
            flow("Stein descent", new SteinVariationalDescent(x, bowl, PairKernel.gaussian(0.5), scheduler), 0.1, 2);
            print("entropy", KernelEntropy.whitened(0.4, Precision.FLOAT32).gradient(x, scheduler).value());
            print("permutations", new PermutationTest(PairKernel.energy(), 20, 3).run(x, y, scheduler, Progress.NONE).pValue());
            double[] costs = new double[30 * 20];
            Arrays.setAll(costs, i -> CounterRandom.uniform(1, i));
            double[] a = new double[30];
            double[] b = new double[20];
            Arrays.fill(a, 1.0 / 30);
            Arrays.fill(b, 1.0 / 20);
            SinkhornOptions plain = SinkhornOptions.builder().p(1).blur(0.1).debias(false).precision(Precision.FLOAT64).build();
            print("matrix", new DenseSinkhorn(plain, costs, a, b).solve(scheduler, Progress.NONE).value());
        }
    }

    private static void losses(Path folder) throws IOException {
        try (TileScheduler scheduler = new TileScheduler(1);
                PointCloud x = NpyFile.readCloud(folder.resolve("x.npy"));
                PointCloud y = NpyFile.readCloud(folder.resolve("y.npy"))) {
            for (Precision precision : Precision.values()) {
                for (PairKernel kernel : List.of(PairKernel.energy(), PairKernel.gaussian(0.5), PairKernel.gaussian(50),
                    PairKernel.laplacian(
                        0.5),
                    PairKernel.inverseMultiquadric(0.5))) {
                    gradient("kernel norm", new KernelNorm(kernel, precision), x, y, scheduler);
                }
                for (int p = 1; p <= 2; p++) {
                    gradient("hausdorff", new SoftHausdorff(p, 0.3, precision), x, y, scheduler);
                    gradient("sinkhorn", new Sinkhorn(SinkhornOptions.builder().p(p).blur(0.3).precision(precision).build()), x, y,
                        scheduler);
                }
                gradient("likelihood", new MixtureLikelihood(0.3, precision), x, y, scheduler);
            }
            gradient("exact", new ExactTransport(2), x, y, scheduler);
            print("energy", EnergyDistance.between(x, y, scheduler));
            print("sliced", new SlicedWasserstein(scheduler).cost(x, y, SlicedDirections.random(3, 50, 5), 2).mean());
            print("max sliced", MaxSlicedWasserstein.ascend(x, y, SlicedDirections.random(1, 8, 5), 2, 5).cost());
            Functional energy = Functional.towards(new KernelNorm(PairKernel.energy(), Precision.FLOAT32), y, scheduler);
            flow("SW-JKO", new SwJkoParticles(x, energy, new SwJkoOptions(20, 5, 1e-4, 1), scheduler), 0.5, 1);
            float[] line = x.toRows();
            print("line", new Wasserstein1D().solve(line, null, y.toRows(), null).cost(2));
            new FloatSorter().sort(line, 0, line.length);
            print("sort", line);
            int[] order = new int[line.length];
            new FloatSorter().argsort(y.toRows(), 0, 3500, order);
            System.out.println("argsort " + Arrays.hashCode(order));
            flow("flow", new ParticleFlow(x, energy), 0.05, 4);
        }
    }

    private static void flow(String name, Scheme scheme, double stepSize, int steps) {
        try (scheme) {
            print(name, new Flow(FlowOptions.of(stepSize, steps)).run(scheme, Progress.NONE).last().points());
        }
    }

    private static void gradient(String name, Loss loss, PointCloud x, PointCloud y, TileScheduler scheduler) {
        LossGradient gradient = loss.gradient(x, y, scheduler);
        print(name, gradient.value());
        System.out.println(name + " gradient " + Arrays.hashCode(gradient.points()));
    }

    private static PointCloud cloud(int size, int dimension, long seed) {
        PointCloud cloud = PointCloud.allocate(size, dimension);
        long key = CounterRandom.key(seed, 0);
        for (int i = 0; i < size; i++) {
            for (int d = 0; d < dimension; d++) {
                cloud.set(i, d, CounterRandom.normal(key, (long) i * dimension + d) + seed);
            }
        }
        return cloud;
    }

    private static void print(String name, double value) {
        System.out.println(name + " " + HexFormat.of().toHexDigits(Double.doubleToRawLongBits(value)));
    }

    private static void print(String name, float[] values) {
        System.out.println(name + " " + Arrays.hashCode(values));
    }
}
