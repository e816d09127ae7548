package org.pontoon.engine.random;

/**
 * The registry of streams: whatever draws has a place here, and numbers of its own for every step. A number in this list is never used
 * again, since it is part of what a seed means. (seed, stream, step, index) has the same bits on every thread and in any order, and no two
 * of them share any: not seed 1's second step with seed 2's first, nor two uses of one seed.
 *
 * <p>What is older has numbers of its own: the bridge room 1 to 4, 11 to 15 and 21 to 23, the transport room 31 and 32, and from 0 on one for
 * each line of its sliced directions and for each point of a density's sample. Under one seed these do share draws, with each other and
 * with the features'; what is drawn for one purpose there wants a seed of its own.
 */
public enum Stream {

    /** Directions of random features. */
    FEATURE_NORMALS(0),
    /** Their phases. */
    FEATURE_ANGLES(1),
    /** What stretches those of heavy tails. */
    FEATURE_TAILS(2),
    /** What turns orthogonal ones. */
    FEATURE_TURNS(3),
    /** Noise of Langevin steps. */
    LANGEVIN_NOISE(100),
    /** Their Metropolis tests. */
    LANGEVIN_TESTS(101),
    /** Noise of Ornstein and Uhlenbeck's process. */
    ORNSTEIN_UHLENBECK(102),
    /** Births and deaths. */
    BIRTHS(103),
    /** Directions of the steps of sliced schemes. */
    SLICED_DIRECTIONS(104),
    /** Directions of the sliced energy. */
    SLICED_ENERGY(105),
    /** Noise of sliced flows. */
    SLICED_NOISE(106),
    /** Noise under which Sobolev descent looks up velocities. */
    SOBOLEV_NOISE(107),
    /** A network's first weights. */
    CRITIC_WEIGHTS(108),
    /** Its minibatches. */
    CRITIC_BATCHES(109),
    /** Noise of kinetic Langevin steps. */
    KINETIC_NOISE(110),
    /** Momenta that they begin with. */
    KINETIC_START(111);

    private final long number;

    Stream(long number) {
        this.number = number;
    }

    /**
     * Names the stream under a seed.
     *
     * @param seed the user's seed
     * @return the key, for the methods of {@link CounterRandom}
     */
    public long key(long seed) {
        return CounterRandom.key(seed, number);
    }

    /**
     * Names what the stream holds for a step, which overlaps neither with other steps nor with the stream's own numbers.
     *
     * @param seed the user's seed
     * @param step number of the step
     * @return the key, for the methods of {@link CounterRandom}
     */
    public long key(long seed, long step) {
        return CounterRandom.key(key(seed), step);
    }
}
