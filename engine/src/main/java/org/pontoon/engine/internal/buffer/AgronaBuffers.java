package org.pontoon.engine.internal.buffer;

import java.nio.ByteBuffer;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * All that reaches Agrona's use of the JDK's internal Unsafe. It is loaded by the methods that take or give a buffer of Agrona's and by
 * nobody else, so that only they need the JVM's option that opens it, and say which it is where it is missing.
 */
public final class AgronaBuffers {

    private static final boolean OPEN = Object.class.getModule().isExported("jdk.internal.misc", UnsafeApi.class.getModule());
    private static final long FIRST_FLOAT = OPEN ? UnsafeApi.arrayBaseOffset(float[].class) : 0;

    private AgronaBuffers() {
    }

    /**
     * Makes a view of memory.
     *
     * @param memory that is looked at
     * @return the view
     * @throws IllegalStateException if the JVM was started without the option that Agrona needs
     */
    public static UnsafeBuffer view(ByteBuffer memory) {
        requireOpen();
        return new UnsafeBuffer(memory);
    }

    // Both in one go: Agrona's own way, float by float, takes longer than the translation of a point.

    /**
     * Copies floats in native byte order out of a buffer.
     *
     * @param from the buffer
     * @param offset where they start, in bytes
     * @param to receives them from its start
     * @param count how many
     * @throws IllegalStateException if the JVM was started without the option that Agrona needs
     * @throws IndexOutOfBoundsException if the buffer is too short
     */
    public static void copy(DirectBuffer from, int offset, float[] to, int count) {
        requireOpen();
        int bytes = count * Float.BYTES;
        from.boundsCheck(offset, bytes);
        UnsafeApi.copyMemory(from.byteArray(), from.addressOffset() + offset, to, FIRST_FLOAT, bytes);
    }

    /**
     * Copies floats in native byte order into a buffer.
     *
     * @param from holds them from its start
     * @param count how many
     * @param to the buffer
     * @param offset where to start, in bytes
     * @throws IllegalStateException if the JVM was started without the option that Agrona needs
     * @throws IndexOutOfBoundsException if the buffer is too short
     */
    public static void copy(float[] from, int count, MutableDirectBuffer to, int offset) {
        requireOpen();
        int bytes = count * Float.BYTES;
        to.boundsCheck(offset, bytes);
        UnsafeApi.copyMemory(from, FIRST_FLOAT, to.byteArray(), to.addressOffset() + offset, bytes);
    }

    private static void requireOpen() {
        if (!OPEN) {
            Module agrona = UnsafeApi.class.getModule();
            throw new IllegalStateException("Agrona's buffers use an internal package of the JDK; start java with "
                + "--add-exports java.base/jdk.internal.misc=" + (agrona.isNamed() ? agrona.getName() : "ALL-UNNAMED")
                + ", or use arrays or memory segments");
        }
    }
}
