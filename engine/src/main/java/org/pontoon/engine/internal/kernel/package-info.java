/**
 * The doors to the inner loops: what each does, and which of its two tiers runs a call.
 *
 * <p>One final class per family of kernels. Behind it stand a loop on lanes in {@code internal.vector} and its twin in
 * {@code internal.scalar}, with the same name, arguments and bits; {@link org.pontoon.engine.internal.kernel.Tier} chooses. A kernel works
 * on packed {@code float[]} scratch that its caller owns and expects finite input (bad numbers stop at the API); its vector loop allocates
 * nothing. Every kernel is a fixed sequence of correctly rounded operations per output element, so tests compare with {@code ==}. Lanes
 * never meet inside a kernel, which is also why the results do not depend on the vector width.
 *
 * <table>
 * <caption>Kernels</caption>
 * <tr><th>class</th><th>what</th><th>arithmetic per call</th></tr>
 * <tr><td>{@link org.pontoon.engine.internal.kernel.PointTile}</td><td>packs tiles of points in two directions</td><td>copies</td></tr>
 * <tr><td>{@link org.pontoon.engine.internal.kernel.DiagonalForms}</td><td>diagonal quadratic forms of a tile, and their adjoint</td><td>2 x components x D x points FMA each</td></tr>
 * <tr><td>{@link org.pontoon.engine.internal.kernel.MatrixProduct}</td><td>small matrix products, accumulated: full quadratic forms</td><td>rows x steps x columns FMA</td></tr>
 * <tr><td>{@link org.pontoon.engine.internal.kernel.DiagonalMixture}</td><td>parameters to coefficients, sums to gradients</td><td>one exp and two divisions per parameter</td></tr>
 * <tr><td>{@link org.pontoon.engine.internal.kernel.Responsibilities}</td><td>softmax over mixture components, a tile of points at once</td><td>components x points exp</td></tr>
 * <tr><td>{@link org.pontoon.engine.internal.kernel.QuadraticFeatures}</td><td>features of one point (x, squares or products, 1)</td><td>copies</td></tr>
 * <tr><td>{@link org.pontoon.engine.internal.kernel.MixtureRow}</td><td>mixture logits, softmax and affine maps of one point: the latency path</td><td>features x components FMA</td></tr>
 * <tr><td>{@link org.pontoon.engine.internal.kernel.Adam}</td><td>the optimiser's step</td><td>one root and one division per parameter</td></tr>
 * <tr><td>{@link org.pontoon.engine.internal.kernel.PairTile}</td><td>squared distances of pairs, and weighted sums of differences</td><td>D subtractions and FMA per pair each</td></tr>
 * <tr><td>{@link org.pontoon.engine.internal.kernel.PairProfile}</td><td>sums and slopes of a radial kernel over pairs, a class for each kernel</td><td>per pair, Gaussian: 6 FMA; Laplacian: and a root; energy: a root; inverse multiquadric: a root and a division</td></tr>
 * <tr><td>{@link org.pontoon.engine.internal.kernel.PairLogSumExp}</td><td>log-sum-exp over pairs</td><td>per pair 5 FMA, and a root for p = 1</td></tr>
 * <tr><td>{@link org.pontoon.engine.internal.kernel.SymmetricProduct}</td><td>blocks of A^T A, flushed to float64</td><td>64 x 64 x steps FMA</td></tr>
 * <tr><td>{@link org.pontoon.engine.feature.RandomFeatures}</td><td>random Fourier features and their slopes</td><td>D FMA, a sine and a cosine per feature and point</td></tr>
 * <tr><td>{@link org.pontoon.engine.internal.kernel.Chebyshev}</td><td>polynomials of points</td><td>one float64 FMA per polynomial and point</td></tr>
 * <tr><td>{@link org.pontoon.engine.internal.kernel.RowProduct}</td><td>products of few long rows, and their columns</td><td>rows x rows x length FMA</td></tr>
 * <tr><td>{@link org.pontoon.engine.internal.kernel.CholeskyFactor}</td><td>Cholesky factorisation in float64</td><td>size^3 / 6 FMA</td></tr>
 * <tr><td>{@link org.pontoon.engine.internal.kernel.KeySort}, {@link org.pontoon.engine.internal.kernel.PairSort}</td><td>sorts of floats, alone and with something to carry</td><td>two or three passes over keys</td></tr>
 * </table>
 *
 * <p>Pairs go through three loops on a tile in the first-level cache: squared distances of four rows, a kernel's profile on two of them, and
 * with gradients the weighted sums of differences. Each is a static loop, or the one loop of a {@code PairProfile}, called once per
 * thousand pairs: no call in a loop has more than one target, whatever kernels a program mixes, and a new kernel is a profile. Measured at
 * D = 3, each part by itself is as fast as its share of one fused loop; a whole sweep takes a fifth more than the parts. These loops must be
 * compiled by themselves: C2 keeps their constants in registers, but inlined into a method that also calls it reloads each at every use, at
 * half the speed. Those with many constants are therefore longer than the 325 bytecodes that C2 inlines at most.
 */
package org.pontoon.engine.internal.kernel;
