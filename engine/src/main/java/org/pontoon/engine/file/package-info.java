/**
 * Clouds and arrays in files: numpy's {@code .npy} and {@code .npz}.
 *
 * <p>This is the top room of the engine and the only one that touches a disk; everything below it works on memory. It needs the JDK and
 * {@link org.pontoon.engine.memory.PointCloud}; only {@code BridgeFile} knows the models above that.
 *
 * <ul>
 * <li>{@link org.pontoon.engine.file.NpyFile} reads a cloud (N, D) from a {@code .npy} file, mapped rather than copied where the layout
 *     allows, writes one, and streams arrays too large for the heap.</li>
 * <li>{@link org.pontoon.engine.file.Placement} takes an origin and a unit off float64 coordinates before they become float32, and puts
 *     them back; {@link org.pontoon.engine.file.ColumnRanges} tells whether that is worth it.</li>
 * <li>{@link org.pontoon.engine.file.NpzFile} does the same for named arrays in one {@code .npz} archive, plain or compressed.</li>
 * <li>{@link org.pontoon.engine.file.NpyArray} is an n-dimensional array in memory, for what is not a cloud: weights, parameters of a
 *     model, its format version.</li>
 * <li>{@link org.pontoon.engine.file.BridgeFile} keeps fitted models and checkpoints in such archives.</li>
 * <li>{@link org.pontoon.engine.file.WholeFile} makes an output appear whole or not at all; every writer goes through it.</li>
 * </ul>
 *
 * <h2>Errors</h2>
 *
 * <p>What a file holds is never trusted: lengths and shapes are checked against the bytes that are really there before anything is
 * allocated. A file that is missing, damaged or of another form is an {@link java.lang.IllegalArgumentException} with one line that names
 * the file, what was found and what was expected. A disk, a directory or a permission that fails is an {@link java.io.IOException} that
 * names the file. Rows and columns in messages count from 0.
 *
 * <p>A file that another program shortens while it is read or mapped is beyond what the JDK can guard: the access may end in an
 * {@link java.lang.InternalError}. Files that this package writes are replaced as a whole, never in place, so that an older mapping of them
 * stays intact.
 *
 * <h2>Threads</h2>
 *
 * <p>All static methods may be called from any thread. Writers belong to one thread.
 */
package org.pontoon.engine.file;
