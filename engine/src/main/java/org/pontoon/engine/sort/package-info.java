/**
 * Sorting of float32 numbers: values alone, with their order, or with a second number each; runs merged; quantiles.
 *
 * <p>The order is total, -0 before +0, and NaN is refused. Values alone are halved with vector compression until the
 * pieces suit a radix sort or a bitonic network; values that carry something go through a stable radix sort over packed 64-bit words.
 * Where one hands over to the other was decided by measuring.
 */
package org.pontoon.engine.sort;
