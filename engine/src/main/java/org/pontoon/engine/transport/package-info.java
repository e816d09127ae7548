/**
 * Distances and transport between weighted clouds.
 *
 * <p>All that measures two clouds is a {@link org.pontoon.engine.transport.Loss}: a value, its gradient in points and weights, what is known of
 * its error, and a status. A new one is a class that implements it.
 *
 * <p>Most are made of a few sums over pairs of points, taken row by row in O(N + M) memory: weighted kernel sums ({@link
 * org.pontoon.engine.transport.KernelNorm}), log-sum-exp ({@link org.pontoon.engine.transport.MixtureLikelihood}, {@link
 * org.pontoon.engine.transport.SoftHausdorff}, {@link org.pontoon.engine.transport.Sinkhorn}) and products with a plan ({@link
 * org.pontoon.engine.transport.TransportPlan}). A kernel norm takes its potentials from kernel sums, the soft Hausdorff distance from one
 * log-sum-exp, Sinkhorn from as many as it takes to converge.
 *
 * <p>Exact transport is combinatorial: {@link org.pontoon.engine.transport.Wasserstein1D} sorts, and so do the
 * losses of {@link org.pontoon.engine.transport.ProjectedWasserstein}; {@link
 * org.pontoon.engine.transport.ExactTransport} runs the network simplex method in any dimension, still without a matrix of pairs. Their costs
 * are whole powers {@code |x - y|^p} for any p from 1.
 *
 * <p>{@link org.pontoon.engine.transport.PermutationTest} tells whether a kernel norm between two samples is more than chance. For costs that
 * are no distances of points there is {@link org.pontoon.engine.transport.DenseSinkhorn}, and {@link
 * org.pontoon.engine.transport.CosineMetric} for those of directions.
 *
 * <p>Lengths are in the unit of the coordinates; costs elsewhere are |x - y| for p = 1 and |x - y|^2 / 2 for p = 2. {@link
 * org.pontoon.engine.transport.Conventions} converts to the numbers of POT and OTT.
 */
package org.pontoon.engine.transport;
