package org.pontoon.engine.flow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import org.pontoon.engine.feature.FeatureMap;
import org.pontoon.engine.internal.kernel.DoubleMath;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.random.CounterRandom;

/**
 * Unbalanced Sobolev descent and its relatives, in closed form in a feature space: particles follow the gradient of the critic {@code u =
 * <w, phi>}, {@code w = T^-1 (mu(p) - mu(q))}, and their weights grow by {@code alpha (u - E_q u)} (Mroueh and Rigotti 2020, "Unbalanced
 * Sobolev Descent", equation 2; kernel version of section 4). {@link SobolevOptions.Method} lists the systems.
 *
 * <p>In continuous time the difference delta of the mean features obeys {@code delta' = -delta + lambda w} exactly for any number of
 * particles, hence {@code d|delta|^2/dt = -2 (|delta|^2 - lambda <delta, w>)}.
 *
 * <p>Positions and logarithms of weights are float64 between steps, features are float32, their sums and the system float64. Random
 * features in the plane are handled on a lattice where that is faster, the target is given as samples and the ridge is at least 1e-3: the
 * critic and its gradient are then off by about 3e-6 of their size at a ridge of 1e-2 and 2e-5 at 1e-3, and by 1e-6 and 3e-6 where all
 * points are summed over. A step allocates nothing but new tables when particles leave the lattice. The same bits for any number of
 * threads. Immutable and thread-safe.
 */
public final class SobolevDescent {

    /** The critic of a grid is off by about 1e-5 at this ridge, and by more the smaller it is. */
    private static final double LEAST_GRID_RIDGE = 1e-3;
    private static final double SHORTEST = 1e-9;
    private static final double ROUNDING = 1e-9;
    private static final double RECOVERY = 1.1;
    private static final long NOISE_STREAM = -1;
    /** How often the noise halves in a run. */
    private static final int HALVINGS = 10;

    private final FeatureMap map;
    private final SobolevOptions options;

    /**
     * Makes a flow.
     *
     * @param map the features
     * @param options how it goes
     */
    public SobolevDescent(FeatureMap map, SobolevOptions options) {
        this.map = Objects.requireNonNull(map, "map");
        this.options = Objects.requireNonNull(options, "options");
    }

    /**
     * Moves particles towards samples.
     *
     * @param start where they begin, N x D; without weights every point weighs 1/N; it is not changed
     * @param target the samples, with weights or without. Where mass is conserved, its weights are scaled to the start's mass
     * @param scheduler runs the tiles
     * @param progress hears of every step and may cancel before the next
     * @return how it went
     * @throws IllegalArgumentException if a dimension or a value is wrong
     * @throws IllegalStateException if the flow diverges, see {@link #run(PointCloud, double[], TileScheduler, Progress)}
     */
    public SobolevResult run(PointCloud start, PointCloud target, TileScheduler scheduler, Progress progress) {
        start.requireDimension(map.dimension(), "start of the flow");
        target.requireDimension(map.dimension(), "target of the flow");
        double[] mean = new MeanFeatures(map).of(target, options.conserveMass(), scheduler);
        if (options.conserveMass()) {
            double mass = Arrays.stream(MeanFeatures.weights(start)).sum();
            for (int j = 0; j < mean.length; j++) {
                mean[j] *= mass;
            }
        }
        return run(start, target, mean, scheduler, progress);
    }

    /**
     * Moves particles towards a measure given by its mean features, exact ones for example. All sums go over the points: where the
     * measure lies is not known, so that a lattice could not be laid over it.
     *
     * @param start where they begin, N x D; without weights every point weighs 1/N; it is not changed
     * @param targetMean integral of the features under the target, m values
     * @param scheduler runs the tiles
     * @param progress hears of every step and may cancel before the next
     * @return how it went
     * @throws IllegalArgumentException if a dimension or a value is wrong, or weights are not equal where points are born and die
     * @throws IllegalStateException if the flow diverges: a position leaves the reach of the features, a weight overflows or nobody
     *     survives
     */
    public SobolevResult run(PointCloud start, double[] targetMean, TileScheduler scheduler, Progress progress) {
        start.requireDimension(map.dimension(), "start of the flow");
        if (targetMean.length != map.count()) {
            throw new IllegalArgumentException("target has " + targetMean.length + " mean features, expected " + map.count());
        }
        for (int j = 0; j < targetMean.length; j++) {
            if (!Double.isFinite(targetMean[j])) {
                throw new IllegalArgumentException(
                    "mean feature " + j + " of the target is " + targetMean[j] + ", expected a finite value");
            }
        }
        return run(start, null, targetMean, scheduler, progress);
    }

    private SobolevResult run(PointCloud start, PointCloud target, double[] targetMean, TileScheduler scheduler, Progress progress) {
        float[] x = MeanFeatures.columns(start, map, "start of the flow");
        double[] weights = MeanFeatures.weights(start);
        if (options.resamples()) {
            for (int i = 0; i < weights.length; i++) {
                if (weights[i] != weights[0]) {
                    throw new IllegalArgumentException("weight of point " + i + " is " + weights[i] + " and that of point 0 " + weights[0]
                        + ", expected equal ones where points are born and die");
                }
            }
        }
        long began = System.nanoTime();
        // mean features alone may be of anything, also of what no lattice over the particles can tell
        boolean byGrid = target != null && options.systemRidge() >= LEAST_GRID_RIDGE;
        FeatureSystem system = new FeatureSystem(map, x, weights, byGrid, scheduler);
        if (target != null) {
            system.expect(target);
        }
        Integration integration = new Integration(system, targetMean.clone());
        FlowResult.Status status = integration.run(progress);
        return integration.result(status, (System.nanoTime() - began) * 1e-9);
    }

    /** One run. */
    private final class Integration {

        private final FeatureSystem system;
        private final double[] target;
        private final double[] delta;
        private final double[] position;
        private final double[] logWeight;
        private final double[] positionBefore;
        private final double[] logWeightBefore;
        private final double[] positionAtStart;
        private final double[] logWeightAtStart;
        private final double[] solutionAtStart;
        private final float[] slope;
        private final float[] growth;
        private final double mass;
        private final double reach = map.reach();
        private final BirthDeath births = new BirthDeath(options.seed());
        private final long noiseKey = CounterRandom.key(options.seed(), NOISE_STREAM);
        private final int[] parents;
        private final int[] ancestors;
        private final int[] ancestorsBefore;
        private final double[] rates;
        private final double[] times = new double[options.steps() + 1];
        private final double[] distances = new double[options.steps() + 1];
        private final double[] masses = new double[options.steps() + 1];
        private final double[] discrepancies = new double[options.steps()];
        private final List<SobolevResult.State> snapshots = new ArrayList<>();
        private int states;
        private double time;
        private double square;
        private double length = options.step();
        private double largestRidge = options.systemRidge();

        Integration(FeatureSystem system, double[] target) {
            this.system = system;
            this.target = target;
            this.delta = new double[target.length];
            this.position = new double[system.x.length];
            for (int k = 0; k < position.length; k++) {
                position[k] = system.x[k];
            }
            this.logWeight = new double[system.size];
            for (int i = 0; i < logWeight.length; i++) {
                logWeight[i] = Math.log(system.weights[i]);
            }
            this.mass = system.mass();
            boolean second = options.scheme() == SobolevOptions.Scheme.HEUN;
            this.positionBefore = second || options.resamples() ? new double[position.length] : null;
            this.logWeightBefore = second ? new double[logWeight.length] : null;
            this.positionAtStart = options.adaptive() ? new double[position.length] : null;
            this.logWeightAtStart = options.adaptive() ? new double[logWeight.length] : null;
            this.solutionAtStart = options.adaptive() ? new double[target.length] : null;
            this.slope = second ? new float[system.gradient.length] : null;
            this.growth = second ? new float[system.size] : null;
            this.parents = options.resamples() ? new int[system.size] : null;
            this.ancestors = new int[system.size];
            Arrays.setAll(ancestors, i -> i);
            this.ancestorsBefore = options.resamples() ? new int[system.size] : null;
            this.rates = options.resamples() ? new double[system.size] : null;
        }

        FlowResult.Status run(Progress progress) {
            while (true) {
                measure(states < options.steps());
                record();
                boolean goOn = progress.advance(states - 1, options.steps());
                if (states > options.steps()) {
                    return FlowResult.Status.COMPLETED;
                }
                if (!goOn) {
                    return FlowResult.Status.CANCELLED;
                }
                solve();
                discrepancies[states - 1] = square;
                if (!options.adaptive()) {
                    step(options.step());
                    // a product, not a sum: the hundredth step of 0.05 ends at 5
                    time = states * options.step();
                } else if (!attempt()) {
                    return FlowResult.Status.STALLED;
                }
            }
        }

        /** Steps ever shorter until the distance does not rise; false if steps have become too short. */
        private boolean attempt() {
            double before = norm();
            System.arraycopy(system.solution, 0, solutionAtStart, 0, solutionAtStart.length);
            System.arraycopy(position, 0, positionAtStart, 0, position.length);
            System.arraycopy(logWeight, 0, logWeightAtStart, 0, logWeight.length);
            while (length >= SHORTEST * options.step()) {
                step(length);
                measure(false);
                if (norm() <= before * (1 + ROUNDING)) {
                    time += length;
                    length = Math.min(options.step(), length * RECOVERY);
                    return true;
                }
                System.arraycopy(positionAtStart, 0, position, 0, position.length);
                System.arraycopy(logWeightAtStart, 0, logWeight, 0, logWeight.length);
                place();
                weigh();
                system.restore(solutionAtStart);
                length /= 2;
            }
            return false;
        }

        private void measure(boolean moments) {
            system.moments(moments && options.secondFactor() != 0, moments && options.gramFactor() != 0);
            for (int j = 0; j < delta.length; j++) {
                delta[j] = target[j] - system.mean[j];
            }
            if (!Double.isFinite(norm())) {
                throw diverged("the distance of the mean features is " + norm());
            }
        }

        private void solve() {
            square = system.solve(options.gramFactor(), options.secondFactor(), options.conserveMass(), options.systemRidge(), delta);
            largestRidge = Math.max(largestRidge, system.ridge);
        }

        private double norm() {
            double sum = 0;
            for (double v : delta) {
                sum += v * v;
            }
            return Math.sqrt(sum);
        }

        private void step(double duration) {
            double reaction = options.reactionRatio() * options.alpha() * duration;
            switch (options.scheme()) {
                case EULER -> {
                    advect(duration);
                    if (options.weighs()) {
                        system.evaluate(true, false);
                        react(reaction);
                    } else if (options.resamples()) {
                        system.evaluate(true, false);
                        resample(reaction);
                    }
                }
                case STRANG -> {
                    if (options.weighs()) {
                        system.evaluate(true, false);
                        react(reaction / 2);
                    }
                    advect(duration);
                    if (options.weighs()) {
                        system.evaluate(true, false);
                        react(reaction / 2);
                    }
                }
                case HEUN -> heun(duration, reaction);
            }
        }

        private void heun(double duration, double reaction) {
            System.arraycopy(position, 0, positionBefore, 0, position.length);
            System.arraycopy(logWeight, 0, logWeightBefore, 0, logWeight.length);
            system.evaluate(true, true);
            System.arraycopy(system.gradient, 0, slope, 0, slope.length);
            System.arraycopy(system.potential, 0, growth, 0, growth.length);
            move(duration);
            if (options.weighs()) {
                react(reaction);
            }
            double first = square;
            measure(true);
            solve();
            square = first;
            system.evaluate(true, true);
            for (int k = 0; k < position.length; k++) {
                position[k] = positionBefore[k];
                system.gradient[k] = 0.5f * (slope[k] + system.gradient[k]);
            }
            for (int i = 0; i < logWeight.length; i++) {
                logWeight[i] = logWeightBefore[i];
                system.potential[i] = 0.5f * (growth[i] + system.potential[i]);
            }
            move(duration);
            if (options.weighs()) {
                react(reaction);
            }
        }

        private void advect(double duration) {
            if (options.advects()) {
                if (options.noise() > 0) {
                    blur(options.noise() * Math.pow(2, HALVINGS * (double) (1 - states) / options.steps()));
                }
                system.evaluate(false, true);
                move(duration);
            }
        }

        /** Adds noise where velocities are looked up; positions stay. */
        private void blur(double deviation) {
            long key = CounterRandom.key(noiseKey, states);
            for (int d = 0; d < system.dimension; d++) {
                for (int i = 0; i < system.size; i++) {
                    int k = d * system.stride + i;
                    double noisy = position[k] + deviation * CounterRandom.normal(key, (long) d * system.size + i);
                    system.x[k] = (float) Math.clamp(noisy, -reach, reach);
                }
            }
        }

        /** Moves points along the gradient that the system found last. */
        private void move(double duration) {
            if (!options.advects()) {
                return;
            }
            for (int k = 0; k < position.length; k++) {
                position[k] += duration * system.gradient[k];
            }
            place();
        }

        private void place() {
            for (int d = 0; d < system.dimension; d++) {
                for (int i = 0; i < system.size; i++) {
                    int k = d * system.stride + i;
                    if (!(Math.abs(position[k]) <= reach)) {
                        throw diverged(
                            "coordinate " + d + " of particle " + i + " is " + position[k] + ", out of the reach of the features");
                    }
                    system.x[k] = (float) position[k];
                }
            }
        }

        private void react(double duration) {
            for (int i = 0; i < logWeight.length; i++) {
                logWeight[i] += duration * system.potential[i];
            }
            weigh();
        }

        /** Weights of their logarithms, scaled to the mass where it is conserved. */
        private void weigh() {
            double most = Double.NEGATIVE_INFINITY;
            for (double l : logWeight) {
                most = Math.max(most, l);
            }
            // of the largest, so that nothing overflows
            for (int i = 0; i < logWeight.length; i++) {
                system.weights[i] = logWeight[i] - most;
            }
            DoubleMath.exp(system.weights, 0, logWeight.length);
            double scale;
            if (options.conserveMass()) {
                scale = mass / system.mass();
                double shift = most - Math.log(scale);
                for (int i = 0; i < logWeight.length; i++) {
                    logWeight[i] -= shift;
                }
            } else {
                scale = Math.exp(most);
            }
            for (int i = 0; i < logWeight.length; i++) {
                system.weights[i] *= scale;
                if (!(system.weights[i] <= Float.MAX_VALUE)) {
                    throw diverged("the weight of particle " + i + " is " + system.weights[i]);
                }
            }
        }

        private void resample(double duration) {
            double mean = 0;
            for (int i = 0; i < rates.length; i++) {
                mean += system.potential[i];
            }
            mean /= rates.length;
            for (int i = 0; i < rates.length; i++) {
                rates[i] = duration * (system.potential[i] - mean);
            }
            births.resample(rates, states, parents);
            System.arraycopy(position, 0, positionBefore, 0, position.length);
            System.arraycopy(ancestors, 0, ancestorsBefore, 0, ancestors.length);
            for (int i = 0; i < ancestors.length; i++) {
                ancestors[i] = ancestorsBefore[parents[i]];
            }
            for (int d = 0; d < system.dimension; d++) {
                for (int i = 0; i < system.size; i++) {
                    position[d * system.stride + i] = positionBefore[d * system.stride + parents[i]];
                }
            }
            place();
        }

        private IllegalStateException diverged(String symptom) {
            return new IllegalStateException("the flow diverges in step " + states + ": " + symptom + "; a step below " + options.step()
                + " or a ridge above " + options.ridge() + " may help");
        }

        private void record() {
            times[states] = time;
            distances[states] = norm();
            masses[states] = system.mass();
            states++;
            // the last step may end a rounding error before the time that was asked for
            double slack = 1e-9 * options.step();
            while (snapshots.size() < options.snapshotTimes().size() && time >= options.snapshotTimes().get(snapshots.size()) - slack) {
                snapshots.add(state());
            }
        }

        private SobolevResult.State state() {
            float[] points = new float[system.size * system.dimension];
            for (int d = 0; d < system.dimension; d++) {
                for (int i = 0; i < system.size; i++) {
                    points[i * system.dimension + d] = system.x[d * system.stride + i];
                }
            }
            return new SobolevResult.State(time, states - 1, points, system.weights.clone(), ancestors.clone());
        }

        SobolevResult result(FlowResult.Status status, double seconds) {
            return new SobolevResult(options, List.copyOf(snapshots), state(), Arrays.copyOf(times, states),
                Arrays.copyOf(distances, states),
                Arrays.copyOf(discrepancies, states - 1), Arrays.copyOf(masses, states), largestRidge, status, seconds);
        }
    }
}
