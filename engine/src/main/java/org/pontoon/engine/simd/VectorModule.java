package org.pontoon.engine.simd;

/**
 * Tells whether the JVM was started with the Vector API. It refers to no vector class, so it can be asked before any of them loads.
 */
public final class VectorModule {

    private VectorModule() {
    }

    /**
     * Refuses to go on without the Vector API, with the flag that mends it.
     *
     * @throws IllegalStateException if module jdk.incubator.vector is not in the boot layer
     */
    public static void require() {
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            throw new IllegalStateException(
                "module jdk.incubator.vector is not loaded; start java with --add-modules jdk.incubator.vector");
        }
    }
}
