/**
 * Stochastic dynamics whose laws descend {@code KL(. | exp(-V))}: {@link org.pontoon.engine.flow.diffusion.Langevin} steps, unadjusted and
 * adjusted, {@link org.pontoon.engine.flow.diffusion.KineticLangevin} with momenta, {@link
 * org.pontoon.engine.flow.diffusion.BirthDeathLangevin} with births and deaths, and {@link
 * org.pontoon.engine.flow.diffusion.OrnsteinUhlenbeck}'s process and heat without any error of discretisation.
 *
 * <p>They tell no loss of their own: {@link org.pontoon.engine.flow.MeasuredScheme} adds one. Noise is a function of (seed, step, particle,
 * coordinate). Steps too long for the potential throw particles out; that is found out when a state is copied.
 *
 * {@snippet :
 * Scheme scheme = Langevin.adjusted(start, Potential.quadratic(matrix, centre), seed, scheduler);
 * FlowResult result = new Flow(FlowOptions.of(0.1, 500)).run(scheme, Progress.NONE);
 * double[] acceptance = result.quantity("acceptance");
 * }
 *
 * <p>Tests: {@code LangevinTest}, {@code KineticLangevinTest}, {@code OrnsteinUhlenbeckTest} hold moments to their formulas, {@code FisherRaoFlowsTest} births and deaths
 * to the balance of modes, {@code LangevinAllocationTest} steps to no garbage.
 */
package org.pontoon.engine.flow.diffusion;
