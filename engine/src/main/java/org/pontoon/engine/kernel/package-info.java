/**
 * The hand-vectorized inner loops.
 *
 * <p>One final class per family of kernels. Each kernel works on packed {@code float[]} scratch that its caller owns, allocates nothing,
 * expects finite input (bad numbers stop at the API), and stands beside a scalar twin, named {@code scalar...}, that gives the same bits:
 * every kernel is a fixed sequence of correctly rounded operations per output element, so tests compare with {@code ==}. Lanes never meet
 * inside a kernel, which is also why the results do not depend on the vector width.
 *
 * <table>
 * <caption>Kernels</caption>
 * <tr><th>class</th><th>what</th><th>arithmetic per call</th></tr>
 * <tr><td>{@link org.pontoon.engine.kernel.PointTile}</td><td>packs tiles of points in two directions</td><td>copies</td></tr>
 * <tr><td>{@link org.pontoon.engine.kernel.DiagonalForms}</td><td>diagonal quadratic forms of a tile, and their adjoint</td><td>2 x components x D x points FMA each</td></tr>
 * <tr><td>{@link org.pontoon.engine.kernel.MatrixProduct}</td><td>small matrix products, accumulated: full quadratic forms</td><td>rows x steps x columns FMA</td></tr>
 * <tr><td>{@link org.pontoon.engine.kernel.DiagonalMixture}</td><td>parameters to coefficients, sums to gradients</td><td>one exp and two divisions per parameter</td></tr>
 * <tr><td>{@link org.pontoon.engine.kernel.Responsibilities}</td><td>softmax over mixture components, a tile of points at once</td><td>components x points exp</td></tr>
 * <tr><td>{@link org.pontoon.engine.kernel.QuadraticFeatures}</td><td>features of one point (x, squares or products, 1)</td><td>copies</td></tr>
 * <tr><td>{@link org.pontoon.engine.kernel.MixtureRow}</td><td>mixture logits and affine maps of one point: the latency path</td><td>features x components FMA</td></tr>
 * <tr><td>{@link org.pontoon.engine.kernel.Adam}</td><td>the optimiser's step</td><td>one root and one division per parameter</td></tr>
 * <tr><td>{@link org.pontoon.engine.kernel.PairDistance}</td><td>sums of Euclidean distances between points</td><td>D FMA and one root per pair</td></tr>
 * </table>
 */
package org.pontoon.engine.kernel;
