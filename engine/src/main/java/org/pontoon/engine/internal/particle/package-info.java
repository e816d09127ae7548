/**
 * What schemes of particles share, and applications need not see: clouds in float64 {@link org.pontoon.engine.internal.particle.Columns
 * columns} and {@link org.pontoon.engine.internal.particle.ParticleTile tiles}, {@link org.pontoon.engine.internal.particle.Population
 * weights and ancestors} under a reaction, {@link org.pontoon.engine.internal.particle.BirthDeath births and deaths}, {@link
 * org.pontoon.engine.internal.particle.Directions directions} whose second moment is exactly I / D and the {@link
 * org.pontoon.engine.internal.particle.SlicedMatching matching} along them.
 *
 * <p>Nothing here knows a flow. Everything is one thread's own unless it says otherwise, allocates nothing once it is made, and has the same
 * bits for any number of threads. Each class is tested by the rooms that use it: {@code flow.jko} and {@code flow.sliced} the matching,
 * {@code flow.descent} births and weights, {@code flow.diffusion} tiles.
 */
package org.pontoon.engine.internal.particle;
