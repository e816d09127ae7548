/**
 * Sorting of float32 numbers: values alone, with their order, or with a second number each; runs merged; quantiles.
 *
 * <p>The order is total, -0 before +0, and NaN is refused. The sorts themselves are kernels,
 * {@link org.pontoon.engine.internal.kernel.KeySort} and {@link org.pontoon.engine.internal.kernel.PairSort}. In vectors, values alone are
 * halved by compression until the pieces suit a radix sort or a bitonic network; what carries something is dealt out to buckets until their
 * pieces do, and is stable. Radix sorts go by the digits of a value's place between the least and the greatest one where that takes fewer of
 * them than its bits. Where one hands over to the other was decided by measuring. In plain Java there is one radix sort of whole arrays.
 */
package org.pontoon.engine.sort;
