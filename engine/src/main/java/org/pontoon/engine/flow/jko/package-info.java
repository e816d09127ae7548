/**
 * Implicit (Jordan-Kinderlehrer-Otto) schemes in the sliced Wasserstein distance, SW-JKO: by {@link
 * org.pontoon.engine.flow.jko.SwJkoParticles particles}, for any functional; on a {@link org.pontoon.engine.flow.jko.SwJkoGrid grid}, for
 * potential, interaction and entropy; among {@link org.pontoon.engine.flow.jko.SwJkoGaussian Gaussians}, exactly. On the line they are the
 * Wasserstein scheme.
 *
 * <p>A step of length h has tau = h / D. Each is an iteration of its own, up to a residual: {@code FlowResult.unconverged} counts steps that
 * missed it, the quantities "residual" and "iterations" tell of each.
 *
 * {@snippet :
 * try (Scheme scheme = new SwJkoParticles(start, functional, new SwJkoOptions(60, 40, 1e-4, seed), scheduler)) {
 *     FlowResult result = new Flow(FlowOptions.of(0.2, 40)).run(scheme, Progress.NONE);
 *     double[] energies = result.values();
 * }
 * }
 *
 * <p>Particles are matched with sorted projections, cells of a grid by bins of their projections, which need no sorting. Test: {@code
 * SwJkoTest}, which holds all to the reference values of Gaussians. Experiments: {@code pontoon reproduce fokker-planck}, {@code aggregation}.
 */
package org.pontoon.engine.flow.jko;
