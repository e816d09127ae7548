/**
 * Counter-based random numbers: a draw is a function of (seed, stream, step, index), whoever asks for it and in whatever order.
 *
 * <p>{@link CounterRandom} draws from a key and an index. {@link Stream} is the registry of what draws: a new purpose takes a new number there
 * and asks it for its key under a seed, and a step. A seed is never changed to get other numbers (seed + 1 is another user's seed), a
 * stream never borrowed: replicates would share draws, and be correlated.
 *
 * <p>{@link Density} draws clouds from a density or a picture, of which {@link Shape} has some.
 *
 * {@snippet :
 * long key = Stream.LANGEVIN_NOISE.key(seed, step);
 * double xi = CounterRandom.normal(key, particle * dimension + d);
 * }
 */
package org.pontoon.engine.random;
