package org.pontoon.engine.file;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Files of the .npy format made by hand, so that the reader is not tested with its own writer. */
final class NpyBytes {

    private NpyBytes() {
    }

    /** A file of version 1.0 with a header of the usual form. */
    static byte[] npy(String dtype, boolean fortranOrder, String shape, byte[] values) {
        return npy(1, "{'descr': '" + dtype + "', 'fortran_order': " + (fortranOrder ? "True" : "False") + ", 'shape': " + shape + ", }",
            values);
    }

    static byte[] npy(int version, String dictionary, byte[] values) {
        byte[] text = dictionary.getBytes(version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
        int prefix = version == 1 ? 10 : 12;
        int offset = (prefix + text.length + 1 + 63) / 64 * 64;
        ByteBuffer file = ByteBuffer.allocate(offset + values.length).order(ByteOrder.LITTLE_ENDIAN);
        file.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
        if (version == 1) {
            file.putShort((short) (offset - prefix));
        } else {
            file.putInt(offset - prefix);
        }
        file.put(text);
        while (file.position() < offset - 1) {
            file.put((byte) ' ');
        }
        return file.put((byte) '\n').put(values).array();
    }

    static byte[] floats(ByteOrder order, float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(order);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    static byte[] doubles(ByteOrder order, double... values) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(order);
        bytes.asDoubleBuffer().put(values);
        return bytes.array();
    }

    static byte[] ints(ByteOrder order, int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(order);
        bytes.asIntBuffer().put(values);
        return bytes.array();
    }

    static byte[] longs(ByteOrder order, long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(order);
        bytes.asLongBuffer().put(values);
        return bytes.array();
    }
}
