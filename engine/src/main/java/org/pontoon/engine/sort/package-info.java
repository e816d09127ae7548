/**
 * Sorting of float32 numbers: values alone, with their order, or with a second number each; runs merged; quantiles.
 *
 * <p>The order is total, -0 before +0, and NaN is refused. Values alone are sorted by partitions into four with vector compression down to
 * a bitonic network; values that carry something by a stable radix sort over packed 64-bit words. Which of the two, and where they hand
 * over, was decided by measuring them against each other.
 */
package org.pontoon.engine.sort;
