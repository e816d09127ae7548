package org.pontoon.engine.bridge;

/**
 * What a warm-up took, and whether it got there.
 *
 * @param compiled whether all vector loops ran compiled by C2 before the limit; until they do, plain Java answers, with the same bits but
 *     five times as slowly
 * @param calls number of points translated
 * @param seconds wall-clock time
 */
public record WarmUp(boolean compiled, long calls, double seconds) {
}
