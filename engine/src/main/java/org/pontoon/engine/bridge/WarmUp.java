package org.pontoon.engine.bridge;

/**
 * What a warm-up took, and whether it got there.
 *
 * @param compiled whether the kernels ran compiled by C2 before the limit; until they do, a call may take a hundred times longer and allocate
 * @param calls number of points translated
 * @param seconds wall-clock time
 */
public record WarmUp(boolean compiled, long calls, double seconds) {
}
