package org.pontoon.engine.flow.descent;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import org.pontoon.engine.feature.FeatureMap;
import org.pontoon.engine.feature.MeanFeatures;
import org.pontoon.engine.flow.Scheme;
import org.pontoon.engine.flow.Snapshot;
import org.pontoon.engine.internal.particle.Columns;
import org.pontoon.engine.internal.particle.Population;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.random.CounterRandom;
import org.pontoon.engine.random.Stream;

/**
 * Unbalanced Sobolev descent and its relatives, in closed form in a feature space: particles follow the gradient of the critic {@code u =
 * <w, phi>}, {@code w = T^-1 (mu(p) - mu(q))}, and their weights grow by {@code alpha (u - E_q u)} (Mroueh and Rigotti 2020, "Unbalanced
 * Sobolev Descent", equation 2; kernel version of section 4). {@link SobolevOptions.Method} lists the systems.
 *
 * <p>In continuous time the difference delta of the mean features obeys {@code delta' = -delta + lambda w} exactly for any number of
 * particles, hence {@code d|delta|^2/dt = -2 (|delta|^2 - lambda <delta, w>)}: without a ridge the error of the mean features falls as e^-t,
 * so steps of 0.05 reach e^-10 in 200.
 *
 * <p>It tells the norm of the difference of mean features as "distance", the total "mass", and as "discrepancy" the squared Sobolev or
 * Sobolev-Fisher discrepancy that the step to this state began with, {@code <delta, w>}; NaN at the start.
 *
 * <p>Positions and logarithms of weights are float64 between steps, features are float32, their sums and the system float64. Random
 * features in the plane are handled on a lattice where that is faster, the target is given as samples and the ridge is at least 1e-3: the
 * critic and its gradient are then off by about 3e-6 of their size at a ridge of 1e-2 and 2e-5 at 1e-3, and by 1e-6 and 3e-6 where all
 * points are summed over. A step allocates nothing but new tables when particles leave the lattice. The same bits for any number of
 * threads.
 */
public final class SobolevDescent implements Scheme.Reversible {

    /** The critic of a grid is off by about 1e-5 at this ridge, and by more the smaller it is. */
    private static final double MIN_GRID_RIDGE = 1e-3;
    private static final double ROUNDING = 1e-9;
    /** How often the noise halves in a run. */
    private static final int HALVINGS = 10;

    private final SobolevOptions options;
    private final FeatureSystem system;
    private final Population population;
    private final double[] target;
    private final double[] delta;
    private final double[] position;
    private final double[] positionBefore;
    private final double[] logWeightBefore;
    private final float[] slope;
    private final float[] growth;
    private final double reach;
    /** What {@link #save} keeps; null until steps are known to be adaptive. */
    private double[] positionKept;
    private double[] logWeightKept;
    private double[] solutionKept;
    private boolean solved;
    private int step;
    private double duration;
    private double discrepancy = Double.NaN;
    private double largestRidge;

    /**
     * Makes a flow towards samples.
     *
     * @param start where particles begin, N x D; without weights every point weighs 1/N
     * @param target the samples, with weights or without. Where mass is conserved, its weights are scaled to the start's mass
     * @param map the features
     * @param options how it goes
     * @param scheduler runs the tiles
     * @throws IllegalArgumentException if a dimension or a value is wrong, or weights are not equal where points are born and die
     */
    public SobolevDescent(PointCloud start, PointCloud target, FeatureMap map, SobolevOptions options, TileScheduler scheduler) {
        this(start, target, meanFeatures(start, target, map, options, scheduler), map, options, scheduler);
    }

    /**
     * Makes a flow towards a measure given by its mean features, exact ones for example. All sums go over the points: where the measure
     * lies is not known, so that a lattice could not be laid over it.
     *
     * @param start where particles begin, N x D; without weights every point weighs 1/N
     * @param target integral of the features under the target, m values
     * @param map the features
     * @param options how it goes
     * @param scheduler runs the tiles
     * @throws IllegalArgumentException if a dimension or a value is wrong, or weights are not equal where points are born and die
     */
    public SobolevDescent(PointCloud start, double[] target, FeatureMap map, SobolevOptions options, TileScheduler scheduler) {
        this(start, null, requireMeans(target, map), map, options, scheduler);
    }

    private SobolevDescent(PointCloud start, PointCloud samples, double[] target, FeatureMap map, SobolevOptions options,
            TileScheduler scheduler) {
        start.requireDimension(map.dimension(), "start of the flow");
        this.options = Objects.requireNonNull(options, "options");
        // mean features alone may be of anything, also of what no lattice over the particles can tell
        boolean byGrid = samples != null && options.systemRidge() >= MIN_GRID_RIDGE;
        this.system = new FeatureSystem(map, map.columns(start, "start of the flow"), Columns.weights(start), byGrid,
            scheduler);
        if (samples != null) {
            system.expect(samples);
        }
        this.target = target;
        this.delta = new double[target.length];
        this.position = new double[system.x.length];
        Arrays.setAll(position, k -> system.x[k]);
        this.population = new Population(system.weights, options.conserveMass(), options.resamples() ? position.length : 0, options.seed(),
            this::diverged);
        boolean second = options.integrator() == SobolevOptions.Integrator.HEUN;
        this.positionBefore = second ? new double[position.length] : null;
        this.logWeightBefore = second ? new double[system.size] : null;
        this.slope = second ? new float[system.gradient.length] : null;
        this.growth = second ? new float[system.size] : null;
        this.reach = map.reach();
        this.largestRidge = options.systemRidge();
    }

    private static double[] meanFeatures(PointCloud start, PointCloud target, FeatureMap map, SobolevOptions options,
            TileScheduler scheduler) {
        start.requireDimension(map.dimension(), "start of the flow");
        target.requireDimension(map.dimension(), "target of the flow");
        MeanFeatures features = new MeanFeatures(map);
        return options.conserveMass() ? features.of(target, Arrays.stream(Columns.weights(start)).sum(), scheduler)
            : features.of(target, false, scheduler);
    }

    private static double[] requireMeans(double[] target, FeatureMap map) {
        if (target.length != map.count()) {
            throw new IllegalArgumentException("target has " + target.length + " mean features, expected " + map.count());
        }
        for (int j = 0; j < target.length; j++) {
            if (!Double.isFinite(target[j])) {
                throw new IllegalArgumentException("mean feature " + j + " of the target is " + target[j] + ", expected a finite value");
            }
        }
        return target.clone();
    }

    @Override
    public List<String> quantities() {
        return List.of("distance", "mass", "discrepancy");
    }

    @Override
    public void read(double[] row) {
        row[0] = norm();
        row[1] = population.mass();
        row[2] = discrepancy;
    }

    /**
     * Returns the largest ridge that a system needed so far; above that of the options where one was not positive definite.
     *
     * @return lambda
     */
    public double largestRidge() {
        return largestRidge;
    }

    @Override
    public void measure(int number, int of) {
        sum(number < of);
        solved = false;
    }

    private void sum(boolean moments) {
        system.moments(moments && options.secondFactor() != 0, moments && options.gramFactor() != 0);
        for (int j = 0; j < delta.length; j++) {
            delta[j] = target[j] - system.mean[j];
        }
        if (!Double.isFinite(norm())) {
            throw diverged("the distance of the mean features is " + norm());
        }
    }

    private double solve() {
        double square = system.solve(options.gramFactor(), options.secondFactor(), options.conserveMass(), options.systemRidge(), delta);
        largestRidge = Math.max(largestRidge, system.ridge);
        return square;
    }

    private double norm() {
        double sum = 0;
        for (double v : delta) {
            sum += v * v;
        }
        return Math.sqrt(sum);
    }

    @Override
    public void step(int number, int of, double length) {
        step = number + 1;
        duration = length;
        if (!solved) {
            discrepancy = solve();
        }
        double reaction = options.reactionRatio() * options.alpha() * length;
        switch (options.integrator()) {
            case EULER -> {
                advect(of);
                if (options.weighs()) {
                    react(reaction);
                } else if (options.resamples()) {
                    system.evaluate(true, false);
                    population.resample(system.potential, reaction, number, position, system.stride);
                    place();
                }
            }
            case STRANG -> {
                react(reaction / 2);
                advect(of);
                react(reaction / 2);
            }
            case HEUN -> heun(reaction);
        }
    }

    private void react(double reaction) {
        if (options.weighs()) {
            system.evaluate(true, false);
            population.react(system.potential, reaction);
        }
    }

    private void heun(double reaction) {
        System.arraycopy(position, 0, positionBefore, 0, position.length);
        population.save(logWeightBefore);
        system.evaluate(true, true);
        System.arraycopy(system.gradient, 0, slope, 0, slope.length);
        System.arraycopy(system.potential, 0, growth, 0, growth.length);
        move();
        if (options.weighs()) {
            population.react(system.potential, reaction);
        }
        sum(true);
        solve();
        system.evaluate(true, true);
        for (int k = 0; k < position.length; k++) {
            position[k] = positionBefore[k];
            system.gradient[k] = 0.5f * (slope[k] + system.gradient[k]);
        }
        for (int i = 0; i < growth.length; i++) {
            system.potential[i] = 0.5f * (growth[i] + system.potential[i]);
        }
        population.rewind(logWeightBefore);
        move();
        if (options.weighs()) {
            population.react(system.potential, reaction);
        }
    }

    private void advect(int of) {
        if (options.advects()) {
            if (options.noise() > 0) {
                blur(options.noise() * Math.pow(2, HALVINGS * (double) (1 - step) / of));
            }
            system.evaluate(false, true);
            move();
        }
    }

    /** Adds noise where velocities are looked up; positions stay. */
    private void blur(double deviation) {
        long key = Stream.SOBOLEV_NOISE.key(options.seed(), step - 1);
        for (int d = 0; d < system.dimension; d++) {
            for (int i = 0; i < system.size; i++) {
                int k = d * system.stride + i;
                double noisy = position[k] + deviation * CounterRandom.normal(key, (long) d * system.size + i);
                system.x[k] = (float) Math.clamp(noisy, -reach, reach);
            }
        }
    }

    /** Moves points along the gradient that the system found last. */
    private void move() {
        if (options.advects()) {
            for (int k = 0; k < position.length; k++) {
                position[k] += duration * system.gradient[k];
            }
            place();
        }
    }

    private void place() {
        for (int d = 0; d < system.dimension; d++) {
            for (int i = 0; i < system.size; i++) {
                int k = d * system.stride + i;
                if (!(Math.abs(position[k]) <= reach)) {
                    throw diverged("coordinate " + d + " of particle " + i + " is " + position[k] + ", out of the reach of the features");
                }
                system.x[k] = (float) position[k];
            }
        }
    }

    private IllegalStateException diverged(String symptom) {
        return new IllegalStateException("the flow diverges in step " + step + ": " + symptom + "; a step below " + duration
            + " or a ridge above " + options.ridge() + " may help");
    }

    /**
     * Keeps the present state.
     *
     * @throws IllegalArgumentException if there are births and deaths, or noise, of which no step is better for being shorter
     */
    @Override
    public void save() {
        if (options.resamples() || options.noise() > 0) {
            throw new IllegalArgumentException((options.resamples() ? "births and deaths" : "noise " + options.noise())
                + " with adaptive steps, expected steps of one length");
        }
        if (positionKept == null) {
            positionKept = new double[position.length];
            logWeightKept = new double[system.size];
            solutionKept = new double[target.length];
        }
        discrepancy = solve();
        solved = true;
        System.arraycopy(system.solution, 0, solutionKept, 0, solutionKept.length);
        System.arraycopy(position, 0, positionKept, 0, position.length);
        population.save(logWeightKept);
    }

    @Override
    public void restore() {
        System.arraycopy(positionKept, 0, position, 0, position.length);
        place();
        population.restore(logWeightKept);
        system.restore(solutionKept);
        solved = true;
    }

    @Override
    public double rounding() {
        return ROUNDING;
    }

    @Override
    public Snapshot snapshot(int number, double time) {
        return new Snapshot(number, time, Columns.rows(position, system.stride, system.size), system.weights.clone()).withAncestors(
            population.ancestors.clone());
    }
}
