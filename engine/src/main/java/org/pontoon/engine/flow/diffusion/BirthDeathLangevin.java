package org.pontoon.engine.flow.diffusion;

import java.util.Arrays;
import java.util.Objects;

import org.pontoon.engine.flow.Potential;
import org.pontoon.engine.flow.Scheme;
import org.pontoon.engine.flow.Snapshot;
import org.pontoon.engine.internal.kernel.MatrixProduct;
import org.pontoon.engine.internal.kernel.PairMatrix;
import org.pontoon.engine.internal.particle.BirthDeath;
import org.pontoon.engine.internal.particle.Columns;
import org.pontoon.engine.internal.particle.ParticleTile;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.parallel.TileTask;

/**
 * Langevin dynamics with births and deaths (Lu, Lu and Nolen 2019): the Wasserstein-Fisher-Rao flow of {@code KL(. | exp(-V))}, which
 * carries mass between modes that diffusion alone takes exponentially long to join. After every unadjusted Langevin step a particle dies,
 * or is born again, at the rate {@code beta_i = log rho_h(x_i) + V(x_i) - mean}, with rho_h the kernel density estimate of the
 * particles; their number stays.
 *
 * <p>The density takes all pairs in float32, to which positions are rounded, O(N^2 D) a step. Random numbers are functions of (seed, step,
 * particle); the same bits for any number of threads.
 */
public final class BirthDeathLangevin implements Scheme {

    private static final int TILE = ParticleTile.POINTS;
    private static final int ROWS = 32;

    private final Potential potential;
    private final double bandwidth;
    private final Langevin langevin;
    private final ParticleTile[] tiles;
    private final BirthDeath births;
    private final TileScheduler scheduler;
    private final TileTask densityTask = this::densities;
    private final int size;
    private final int stride;
    private final float[] x;
    private final double[] points;
    private final double[] density;
    private final double[] rates;
    private final int[] parents;
    private final int[] ancestors;
    private final int[] ancestorsBefore;
    private final float[] ones = new float[ROWS];
    private final Scratch[] scratch;

    /** What one worker holds. */
    private static final class Scratch {
        private final float[] kernel = new float[ROWS * TILE];
        private final float[] sums = new float[TILE];
        private final double[] totals = new double[TILE];
    }

    /**
     * Makes a flow.
     *
     * @param start where the particles begin, N x D without weights
     * @param potential V
     * @param bandwidth standard deviation of the density's Gaussian kernel, positive
     * @param seed the seed
     * @param scheduler runs the tiles
     * @throws IllegalArgumentException if there are weights, a coordinate is not finite, the dimension is not the potential's or the
     *     bandwidth out of range
     */
    public BirthDeathLangevin(PointCloud start, Potential potential, double bandwidth, long seed, TileScheduler scheduler) {
        if (!(bandwidth > 0) || bandwidth == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("bandwidth is " + bandwidth + ", expected positive and finite");
        }
        Columns.requireUnweighted(start, "start of the flow");
        this.potential = Objects.requireNonNull(potential, "potential");
        this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
        this.langevin = Langevin.unadjusted(start, potential, seed, scheduler);
        this.tiles = langevin.tiles();
        this.bandwidth = bandwidth;
        this.births = new BirthDeath(seed);
        this.size = start.size();
        this.stride = tiles.length * TILE;
        this.x = new float[Math.multiplyExact(start.dimension(), stride)];
        this.points = new double[x.length];
        this.density = new double[stride];
        this.rates = new double[size];
        this.parents = new int[size];
        this.ancestors = new int[size];
        this.ancestorsBefore = new int[size];
        Arrays.setAll(ancestors, i -> i);
        Arrays.fill(ones, 1f);
        this.scratch = new Scratch[scheduler.threads()];
    }

    @Override
    public void step(int step, int of, double duration) {
        langevin.step(step, of, duration);
        for (int k = 0; k < x.length; k++) {
            int n = k % stride;
            x[k] = (float) tiles[n / TILE].columns[k / stride * TILE + n % TILE];
            points[k] = x[k];
        }
        potential.evaluate(points, stride, size, rates, null);
        scheduler.run(tiles.length, densityTask);
        double mean = 0;
        for (int i = 0; i < size; i++) {
            rates[i] += Math.log(density[i]);
            mean += rates[i] / size;
        }
        for (int i = 0; i < size; i++) {
            rates[i] = -duration * (rates[i] - mean);
        }
        births.resample(rates, step, parents);
        System.arraycopy(ancestors, 0, ancestorsBefore, 0, size);
        for (int i = 0; i < size; i++) {
            ancestors[i] = ancestorsBefore[parents[i]];
            for (int d = 0; d < x.length / stride; d++) {
                tiles[i / TILE].columns[d * TILE + i % TILE] = x[d * stride + parents[i]];
            }
        }
    }

    /** Sums of kernels, up to a factor that the mean takes out; the particle's own is 1, so that their logarithm is finite. */
    private void densities(int tile, int worker) {
        if (scratch[worker] == null) {
            scratch[worker] = new Scratch();
        }
        Scratch s = scratch[worker];
        int first = tile * TILE;
        Arrays.fill(s.totals, 0);
        for (int row = 0; row < size; row += ROWS) {
            int rows = Math.min(ROWS, size - row);
            Arrays.fill(s.sums, 0f);
            PairMatrix.squares(x, first, stride, TILE, x, row, stride, rows, potential.dimension(), s.kernel);
            PairMatrix.gaussian(s.kernel, rows * TILE, (float) (0.5 / (bandwidth * bandwidth)));
            MatrixProduct.accumulate(ones, 0, 0, 1, s.kernel, 0, TILE, 1, TILE, rows, s.sums, 0, TILE);
            for (int i = 0; i < TILE; i++) {
                s.totals[i] += s.sums[i];
            }
        }
        System.arraycopy(s.totals, 0, density, first, TILE);
    }

    @Override
    public Snapshot snapshot(int step, double time) {
        return langevin.snapshot(step, time).withAncestors(ancestors.clone());
    }
}
