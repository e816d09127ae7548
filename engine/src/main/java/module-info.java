/**
 * The Pontoon engine: particle clouds off-heap, vectorized kernels, optimal transport, light Schrödinger bridges and flows.
 *
 * <p>The engine performs no logging and no input or output outside {@code org.pontoon.engine.file}.
 */
// The vector module still incubates, which its users are told by a line on stderr when the JVM starts.
module org.pontoon.engine {
    // Transitive: the species that every kernel shares are public in simd.
    requires transitive jdk.incubator.vector;
    // Transitive: point clouds give out views of themselves as Agrona buffers.
    requires transitive org.agrona;
    // A warm-up is over when nothing allocates: the JDK's thread bean tells.
    requires java.management;
    requires jdk.management;

    // Bottom room first. A new room is exported here once it has a class (javac refuses an empty package), and takes its place in
    // ArchitectureTest.
    exports org.pontoon.engine.memory;
    exports org.pontoon.engine.simd;
    exports org.pontoon.engine.parallel;
    exports org.pontoon.engine.kernel;
    exports org.pontoon.engine.sort;
    exports org.pontoon.engine.transport;
    exports org.pontoon.engine.bridge;
    exports org.pontoon.engine.flow;
    exports org.pontoon.engine.file;
}
