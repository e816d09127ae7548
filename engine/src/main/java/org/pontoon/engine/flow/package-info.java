/**
 * Flows of particles and weights in spaces of probability measures: the contract, its driver, and what they go down. The rooms beside this one
 * hold the schemes: {@link org.pontoon.engine.flow.descent descents in feature space and towards densities}, {@link
 * org.pontoon.engine.flow.sliced sliced flows}, {@link org.pontoon.engine.flow.diffusion diffusions} and {@link org.pontoon.engine.flow.jko
 * implicit schemes}.
 *
 * <h2>One contract, one driver</h2>
 *
 * <p>Everything that moves a cloud is a {@link Scheme}: it measures its state, tells some quantities, makes a step, copies itself. {@link Flow}
 * makes the steps; what it is told is {@link FlowOptions}, what it gives back a {@link FlowResult} with {@link Snapshot}s, whatever moves.
 *
 * {@snippet :
 * Functional loss = Functional.towards(new KernelNorm(PairKernel.energy(), Precision.FLOAT32), target, scheduler);
 * try (Scheme scheme = new ParticleFlow(start, loss)) {
 *     FlowResult result = new Flow(FlowOptions.of(0.05, 100)).run(scheme, Progress.NONE);
 *     float[] end = result.last().points();
 * }
 * }
 *
 * <table>
 * <caption>Systems, what moves, and the exact law that the tests hold it to</caption>
 * <tr><th>system</th><th>class</th><th>moves</th><th>exact law</th></tr>
 * <tr><td>gradient flow of a {@link Functional}, explicit Euler</td><td>{@link ParticleFlow}</td><td>particles</td><td>that of the
 * functional</td></tr>
 * <tr><td>the same, implicit in the sliced distance (SW-JKO)</td><td>{@link org.pontoon.engine.flow.jko.SwJkoParticles}</td>
 * <td>particles</td><td>the scheme among Gaussians</td></tr>
 * <tr><td>SW-JKO of potential, entropy and interaction</td><td>{@link org.pontoon.engine.flow.jko.SwJkoGrid}</td><td>weights of
 * cells</td><td>the scheme among Gaussians, the JKO scheme on the line</td></tr>
 * <tr><td>SW-JKO among Gaussians</td><td>{@link org.pontoon.engine.flow.jko.SwJkoGaussian}</td><td>mean, covariance</td><td>first-order
 * condition</td></tr>
 * <tr><td>sliced-Wasserstein flow, with entropy or without</td><td>{@link org.pontoon.engine.flow.sliced.SlicedFlow}</td><td>particles,
 * later unseen ones</td><td>mean by (1 - h / D) a step</td></tr>
 * <tr><td>Langevin, unadjusted and adjusted</td><td>{@link org.pontoon.engine.flow.diffusion.Langevin}</td><td>particles</td><td>discrete
 * moments</td></tr>
 * <tr><td>the same with births and deaths</td><td>{@link org.pontoon.engine.flow.diffusion.BirthDeathLangevin}</td><td>particles</td>
 * <td>Fisher-Rao and Langevin</td></tr>
 * <tr><td>Langevin with momenta</td><td>{@link org.pontoon.engine.flow.diffusion.KineticLangevin}</td><td>particles, momenta</td>
 * <td>discrete moments, exact stationary law of quadratic potentials</td></tr>
 * <tr><td>Ornstein-Uhlenbeck, heat</td><td>{@link org.pontoon.engine.flow.diffusion.OrnsteinUhlenbeck}</td><td>particles</td><td>is
 * one</td></tr>
 * <tr><td>Fisher-Rao flow</td><td>{@link org.pontoon.engine.flow.descent.FisherRao}</td><td>weights</td><td>is one</td></tr>
 * <tr><td>Sobolev, unbalanced Sobolev, MMD descent</td><td>{@link org.pontoon.engine.flow.descent.SobolevDescent}</td><td>particles,
 * weights</td><td>decay of the mean features</td></tr>
 * <tr><td>unbalanced Sobolev descent, a network for a critic</td><td>{@link org.pontoon.engine.flow.descent.NeuralSobolevDescent}</td>
 * <td>particles, weights</td><td>decay of the mean, derivatives of the critic</td></tr>
 * <tr><td>Stein variational descent</td><td>{@link org.pontoon.engine.flow.descent.SteinVariationalDescent}</td><td>particles</td>
 * <td>Gaussians under a bilinear kernel</td></tr>
 * <tr><td>any of them, with a functional's value at every state</td><td>{@link MeasuredScheme}</td><td>what the scheme moves</td><td>that
 * of the scheme</td></tr>
 * </table>
 *
 * <p>Functionals: {@link PotentialEnergy}, {@link InteractionEnergy}, {@link org.pontoon.engine.transport.KernelEntropy}, {@link
 * Divergence} (f-divergences by a density ratio), {@link org.pontoon.engine.flow.sliced.SlicedEnergy}, {@link
 * org.pontoon.engine.flow.descent.SteinDiscrepancy}, any loss of {@code transport} by {@link Functional#towards}, and their {@link
 * Functional#weightedSum sums}. {@link Potential} is V for all that descends or samples exp(-V).
 *
 * <h2>Time</h2>
 *
 * <p>A step's length is time in the Wasserstein gradient flow, or in the process. Sliced schemes convert: their tau counts D tau, because
 * SW_2^2 is about W_2^2 / D between near measures.
 *
 * <h2>Threads, bits, memory</h2>
 *
 * <p>Functionals, potentials, options and the driver are immutable and thread-safe, but for {@link SinkhornFunctional}. A scheme copies its
 * start, belongs to one thread at a time, and uses the scheduler that it was given. Everything has the same bits for any number of threads:
 * random numbers are functions of (seed, stream, step, index), sums fold in an order that does not look at the workers. Positions are float64
 * between steps, float32 in snapshots and where a functional sees them. Steps that blow up end in an {@link java.lang.IllegalStateException}
 * that says which particle left, or, long before numbers end, that the loss rises and steps are longer than the cloud is wide ({@link
 * RunawayCheck}).
 *
 * <h2>A new flow</h2>
 *
 * <p>One class that implements {@link Scheme}, in the room where its kin are; one test of its law; a row in the command's table.
 * {@code docs/extending.md} does it.
 */
package org.pontoon.engine.flow;
