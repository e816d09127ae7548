/**
 * Off-heap particle memory.
 *
 * <p>A {@link org.pontoon.engine.memory.PointCloud} is the one container that travels through the engine: N points in D dimensions as a
 * structure of arrays, float32, one column per coordinate. Files, services and callers see rows (N, D); inside, everything is columns,
 * because kernels read one coordinate of many particles at a time. Kernels never loop over this memory directly: they copy a tile of it
 * into packed heap scratch first (measured: loads from a segment inside a pair loop cost two to three times a packed tile).
 *
 * <p>This is the lowest room of the engine: it knows no vectors, no threads and no algorithms.
 */
package org.pontoon.engine.memory;
