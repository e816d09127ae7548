package org.pontoon.engine.internal.particle;

import org.pontoon.engine.random.CounterRandom;
import org.pontoon.engine.random.Stream;

/**
 * Births and deaths of particles of equal weights, whose number stays. Particle i of step k draws its lot from (seed, k, i) alone; scores
 * are those before anything is born or dies, so that no order matters. What is missing or too many afterwards is made up for by systematic
 * resampling, which has less variance than independent draws.
 */
public final class BirthDeath {

    private final long seed;
    private int[] survivors = new int[16];

    /**
     * Makes one that has drawn nothing yet.
     *
     * @param seed the seed
     */
    public BirthDeath(long seed) {
        this.seed = seed;
    }

    /**
     * Decides who goes on.
     *
     * @param rates expected net births of every particle in this step: duplicated with probability 1 - exp(-rate), removed with
     *     probability 1 - exp(-|rate|) where negative
     * @param step number of the step, from 0
     * @param parents receives for each place the particle that takes it
     * @throws IllegalStateException if nobody survives
     */
    public void resample(double[] rates, long step, int[] parents) {
        long key = Stream.BIRTHS.key(seed, step);
        int count = rates.length;
        if (survivors.length < 2 * count) {
            survivors = new int[2 * count];
        }
        int alive = 0;
        for (int i = 0; i < count; i++) {
            boolean drawn = CounterRandom.uniform(key, i) < -Math.expm1(-Math.abs(rates[i]));
            int copies = drawn ? rates[i] > 0 ? 2 : 0 : 1;
            for (int c = 0; c < copies; c++) {
                survivors[alive++] = i;
            }
        }
        if (alive == 0) {
            throw new IllegalStateException("all " + count + " particles die in step " + (step + 1) + "; a shorter step may help");
        }
        double offset = CounterRandom.uniform(key, count);
        int kept = Math.min(alive, count);
        systematic(alive, kept, offset, parents, 0);
        if (kept < count) {
            systematic(alive, count - kept, offset, parents, kept);
        }
    }

    /** Takes every so-many-th survivor. */
    private void systematic(int alive, int wanted, double offset, int[] parents, int start) {
        for (int k = 0; k < wanted; k++) {
            int index = (int) ((k + offset) * alive / wanted);
            parents[start + k] = survivors[Math.min(index, alive - 1)];
        }
    }
}
