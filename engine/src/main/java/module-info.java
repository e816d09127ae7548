/**
 * The Pontoon engine: particle clouds off-heap, vectorized kernels, optimal transport, light Schrödinger bridges and flows.
 *
 * <p>The engine performs no input or output outside {@code org.pontoon.engine.file}.
 */
// The vector module still incubates, which its users are told by a line on stderr when the JVM starts.
@SuppressWarnings("module") // the benchmarks are compiled later
module org.pontoon.engine {
    // Static: without it the scalar twins run, with the same bits.
    requires static jdk.incubator.vector;
    // Transitive: point clouds give out views of themselves as Agrona buffers.
    requires transitive org.agrona;
    // A warm-up is over when nothing allocates: the JDK's thread bean tells.
    requires java.management;
    requires jdk.management;

    // Bottom room first. A new room is exported here once it has a class (javac refuses an empty package), and takes its place in
    // ArchitectureTest. What is internal is open to the benchmarks alone.
    exports org.pontoon.engine.memory;
    exports org.pontoon.engine.parallel;
    exports org.pontoon.engine.internal.scalar to org.pontoon.bench;
    exports org.pontoon.engine.internal.vector to org.pontoon.bench, org.pontoon.cli;
    exports org.pontoon.engine.internal.kernel to org.pontoon.bench, org.pontoon.validation;
    exports org.pontoon.engine.tier;
    exports org.pontoon.engine.random;
    exports org.pontoon.engine.sort;
    exports org.pontoon.engine.feature;
    exports org.pontoon.engine.transport;
    exports org.pontoon.engine.bridge;
    exports org.pontoon.engine.flow;
    exports org.pontoon.engine.flow.descent;
    exports org.pontoon.engine.flow.diffusion;
    exports org.pontoon.engine.flow.jko;
    exports org.pontoon.engine.flow.sliced;
    exports org.pontoon.engine.file;
}
