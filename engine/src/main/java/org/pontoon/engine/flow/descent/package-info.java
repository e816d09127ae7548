/**
 * Descents in spaces of features and towards densities.
 *
 * <ul>
 * <li>{@link org.pontoon.engine.flow.descent.SobolevDescent}: Sobolev, unbalanced Sobolev and MMD descent, Fisher's reaction alone, in closed
 * form in a space of features; {@link org.pontoon.engine.flow.descent.NeuralSobolevDescent} with a network for a critic.</li>
 * <li>{@link org.pontoon.engine.flow.descent.SteinVariationalDescent}: towards exp(-V) by a kernel; {@link
 * org.pontoon.engine.flow.descent.SteinDiscrepancy} is the functional of kernel Stein discrepancy descent, which {@link
 * org.pontoon.engine.flow.ParticleFlow} goes down, best by adaptive steps.</li>
 * <li>{@link org.pontoon.engine.flow.descent.FisherRao}: weights on a fixed support, exactly.</li>
 * </ul>
 *
 * <p>Weights matter to the Sobolev descents and the discrepancy; births and deaths and Stein variational descent take particles that count
 * alike, and refuse others.
 *
 * {@snippet :
 * RandomFeatures map = RandomFeatures.draw(RandomFeatures.Spectrum.GAUSSIAN, 2, 300, seed, 0.5);
 * Scheme scheme = new SobolevDescent(start, target, map, SobolevOptions.builder().ridge(1e-2).build(), scheduler);
 * FlowResult result = new Flow(FlowOptions.of(0.05, 200)).run(scheme, Progress.NONE);
 * double[] distances = result.values();
 * double[] masses = result.quantity("mass");
 * }
 *
 * <p>Tests: {@code SobolevDescentTest}, {@code NeuralSobolevDescentTest}, {@code SteinFlowsTest}, {@code FisherRaoFlowsTest} hold them to their
 * laws, {@code FeatureGrid*Test} the lattice to the points, {@code DescentAllocationTest} steps to no garbage. Experiments: {@code pontoon
 * reproduce usd}, {@code usd-color}, {@code usd-msci}.
 */
package org.pontoon.engine.flow.descent;
