package org.pontoon.engine.flow;

import java.util.Arrays;
import java.util.Objects;

import org.pontoon.engine.internal.kernel.MatrixProduct;
import org.pontoon.engine.internal.kernel.PairMatrix;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.parallel.TileTask;

/**
 * Langevin dynamics with births and deaths (Lu, Lu and Nolen 2019): the Wasserstein-Fisher-Rao flow of {@code KL(. | exp(-V))}, which
 * carries mass between modes that diffusion alone takes exponentially long to join. After every unadjusted Langevin step a particle dies,
 * or is born again, at the rate {@code beta_i = log rho_h(x_i) + V(x_i) - mean}, with rho_h the kernel density estimate of the
 * particles; their number stays.
 *
 * <p>The density takes all pairs in float32, O(N^2 D) a step. Random numbers are functions of (seed, step, particle); the same bits for any
 * number of threads. Not thread-safe.
 */
public final class BirthDeathLangevin {

    private static final int TILE = 256;
    private static final int ROWS = 32;

    private final Potential potential;
    private final double step;
    private final double bandwidth;
    private final Langevin langevin;
    private final BirthDeath births;
    private final TileScheduler scheduler;
    private final TileTask densityTask = this::densities;
    private int size;
    private int stride;
    private float[] x;
    private double[] density;
    private final float[] ones = new float[ROWS];

    /**
     * Makes a sampler.
     *
     * @param potential V
     * @param step length h of a step in time, positive
     * @param bandwidth standard deviation of the density's Gaussian kernel, positive
     * @param seed the seed
     * @param scheduler runs the tiles
     * @throws IllegalArgumentException if a number is out of range
     */
    public BirthDeathLangevin(Potential potential, double step, double bandwidth, long seed, TileScheduler scheduler) {
        if (!(bandwidth > 0) || bandwidth == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("bandwidth is " + bandwidth + ", expected positive and finite");
        }
        this.potential = Objects.requireNonNull(potential, "potential");
        this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
        this.langevin = new Langevin(potential, step, seed);
        this.step = step;
        this.bandwidth = bandwidth;
        this.births = new BirthDeath(seed);
        Arrays.fill(ones, 1f);
    }

    /**
     * Makes steps in place.
     *
     * @param particles the particles, N x D, which count alike
     * @param firstStep number of the first step, which names its random numbers; go on with firstStep + count
     * @param count number of steps, not negative
     * @throws IllegalArgumentException if a coordinate is not finite, the dimension is not the potential's or a number is negative
     * @throws IllegalStateException if the particles diverge
     */
    public void run(PointCloud particles, long firstStep, int count) {
        for (int k = 0; k < count; k++) {
            langevin.unadjusted(particles, firstStep + k, 1, scheduler);
            react(particles, firstStep + k);
        }
    }

    private void react(PointCloud particles, long number) {
        int dimension = potential.dimension();
        if (size != particles.size()) {
            size = particles.size();
            stride = (size + TILE - 1) / TILE * TILE;
            x = new float[Math.multiplyExact(dimension, stride)];
            density = new double[stride];
        }
        double[] points = new double[dimension * size];
        for (int d = 0; d < dimension; d++) {
            particles.copyColumn(d, 0, x, d * stride, size);
            for (int i = 0; i < size; i++) {
                points[d * size + i] = x[d * stride + i];
            }
        }
        double[] rates = new double[size];
        potential.evaluate(points, size, size, rates, null);
        scheduler.run(stride / TILE, densityTask);
        double mean = 0;
        for (int i = 0; i < size; i++) {
            rates[i] += Math.log(density[i]);
            mean += rates[i] / size;
        }
        for (int i = 0; i < size; i++) {
            rates[i] = -step * (rates[i] - mean);
        }
        int[] parents = new int[size];
        births.resample(rates, number, parents);
        float[] column = new float[size];
        for (int d = 0; d < dimension; d++) {
            for (int i = 0; i < size; i++) {
                column[i] = x[d * stride + parents[i]];
            }
            particles.setColumn(d, 0, column, 0, size);
        }
    }

    /** Sums of kernels, up to a factor that the mean takes out; the particle's own is 1, so that their logarithm is finite. */
    private void densities(int tile, int worker) {
        int first = tile * TILE;
        float[] kernel = new float[ROWS * TILE];
        float[] sums = new float[TILE];
        double[] totals = new double[TILE];
        for (int row = 0; row < size; row += ROWS) {
            int rows = Math.min(ROWS, size - row);
            Arrays.fill(sums, 0f);
            PairMatrix.squares(x, first, stride, TILE, x, row, stride, rows, potential.dimension(), kernel);
            PairMatrix.gaussian(kernel, rows * TILE, (float) (0.5 / (bandwidth * bandwidth)));
            MatrixProduct.accumulate(ones, 0, 0, 1, kernel, 0, TILE, 1, TILE, rows, sums, 0, TILE);
            for (int i = 0; i < TILE; i++) {
                totals[i] += sums[i];
            }
        }
        System.arraycopy(totals, 0, density, first, TILE);
    }
}
