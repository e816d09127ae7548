package org.pontoon.bench;

/**
 * The JVM options of every benchmark's own process, for {@code @Fork}.
 *
 * <p>What the code needs goes into {@code jvmArgsPrepend} and the usual heap into {@code jvmArgs}; so {@code -jvmArgs} on JMH's command
 * line changes the heap, and {@code -jvmArgsAppend -XX:UseAVX=2} adds to both.
 */
final class ForkFlags {

    static final String VECTOR = "--add-modules=jdk.incubator.vector";
    /** Hot figures are those of vector loops: left to itself, a short warm-up ends before they take over. */
    static final String TIER = "-Dpontoon.tier=vector";
    static final String EXPORTS = "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED";
    static final String UNSAFE = "--sun-misc-unsafe-memory-access=allow";
    /** The collector that the launcher uses; clouds lie outside the heap. */
    static final String COLLECTOR = "-XX:+UseSerialGC";
    static final String LEAST_HEAP = "-Xms1g";
    static final String MOST_HEAP = "-Xmx1g";

    private ForkFlags() {
    }
}
