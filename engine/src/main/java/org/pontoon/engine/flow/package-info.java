/**
 * Flows of particles and weights in spaces of probability measures: down functionals, by stochastic dynamics, on grids, in feature space;
 * and densities to draw particles from.
 *
 * <h2>Which class for which system</h2>
 *
 * <table>
 * <caption>Systems, what moves, and the exact law that the tests hold it to</caption>
 * <tr><th>system</th><th>class</th><th>moves</th><th>exact law</th></tr>
 * <tr><td>gradient flow of a {@link Functional}, explicit Euler</td><td>{@link ParticleFlow}</td><td>particles</td><td>that of the
 * functional</td></tr>
 * <tr><td>the same, implicit in the sliced distance (SW-JKO)</td><td>{@link SwJkoParticles}</td><td>particles</td><td>{@link SwJkoGaussian}
 * </td></tr>
 * <tr><td>SW-JKO of potential, entropy and interaction</td><td>{@link SwJkoGrid}</td><td>weights of cells</td><td>{@link SwJkoGaussian},
 * the JKO scheme on the line</td></tr>
 * <tr><td>SW-JKO among Gaussians</td><td>{@link SwJkoGaussian}</td><td>mean, covariance</td><td>first-order condition</td></tr>
 * <tr><td>sliced-Wasserstein flow, with entropy or without</td><td>{@link SlicedFlow}</td><td>particles, later unseen ones</td><td>mean by
 * (1 - h / D) a step</td></tr>
 * <tr><td>Langevin, unadjusted and adjusted</td><td>{@link Langevin}</td><td>particles</td><td>discrete moments</td></tr>
 * <tr><td>the same with births and deaths</td><td>{@link BirthDeathLangevin}</td><td>particles</td><td>Fisher-Rao and Langevin</td></tr>
 * <tr><td>Ornstein-Uhlenbeck, heat</td><td>{@link OrnsteinUhlenbeck}</td><td>particles</td><td>is one</td></tr>
 * <tr><td>Fisher-Rao flow</td><td>{@link FisherRao}</td><td>weights</td><td>is one</td></tr>
 * <tr><td>Sobolev, unbalanced Sobolev, MMD descent</td><td>{@link SobolevDescent}</td><td>particles, weights</td><td>decay of the mean
 * features</td></tr>
 * <tr><td>unbalanced Sobolev descent, a network for a critic</td><td>{@link NeuralSobolevDescent}</td><td>particles, weights</td><td>decay
 * of the mean, derivatives of the critic</td></tr>
 * <tr><td>Stein variational descent</td><td>{@link SteinVariationalDescent}</td><td>particles</td><td>Gaussians under a bilinear
 * kernel</td></tr>
 * </table>
 *
 * <p>Functionals: {@link PotentialEnergy}, {@link InteractionEnergy}, {@link org.pontoon.engine.transport.KernelEntropy}, {@link
 * Divergence} (f-divergences by a density ratio), {@link SlicedEnergy}, {@link SteinDiscrepancy}, any loss of {@code transport} by {@link
 * Functional#towards}, and their {@link Functional#weightedSum sums}.
 *
 * <h2>What is shared</h2>
 *
 * <p>{@link Potential} is V for all that descends or samples exp(-V). Sliced schemes share their directions, whose second moment is exactly
 * I / D; particles are matched with sorted projections there, cells of a grid by bins of their projections, which need no sorting.
 * Stochastic dynamics go through tiles of particles that stay in a worker's cache for all their steps. A sliced scheme's step tau counts D
 * tau in Wasserstein time, because SW_2^2 is about W_2^2 / D between near measures.
 *
 * <h2>Threads, bits, memory</h2>
 *
 * <p>Functionals, potentials and densities are immutable and thread-safe. Schemes with a state ({@code SwJko...}, {@link SlicedFlow},
 * {@link Langevin}) belong to one thread at a time, and use the scheduler that they are given. Everything has the same bits for any number
 * of threads: random numbers are functions of (seed, step, particle, coordinate), sums fold in an order that does not look at the workers.
 * Positions are float64 between steps where a scheme keeps them, float32 in clouds and so to functionals. Clouds that methods return are
 * the caller's to close. Steps that blow up end in an {@link java.lang.IllegalStateException} that says which particle left, or, long before
 * numbers end, that the loss rises and steps are longer than the cloud is wide ({@link RunawayCheck}).
 *
 * <h2>Tests</h2>
 *
 * <p>Each class has a test of its name; {@code SwJkoTest} holds the schemes to the reference values of Gaussians, {@code SteinFlowsTest}
 * and {@code FisherRaoFlowsTest} hold two families, {@code *AllocationTest} the promises about garbage. The same laws are rows of
 * {@code pontoon validate}; the published experiments are {@code pontoon reproduce fokker-planck}, {@code aggregation}, {@code sliced-flow}
 * and {@code usd}.
 */
package org.pontoon.engine.flow;
