package org.pontoon.engine.internal.scalar;

/** The scalar twins of the loops of the same names. */
public final class Threefry {

    /** What the third key word is the parity with. */
    public static final int PARITY = 0x1BD11BDA;

    private Threefry() {
    }

    public static long bits(long key, long index) {
        int k0 = (int) key;
        int k1 = (int) (key >>> 32);
        int k2 = PARITY ^ k0 ^ k1;
        int x = (int) index + k0;
        int y = (int) (index >>> 32) + k1;
        for (int group = 0; group < 5; group++) {
            if ((group & 1) == 0) {
                x += y;
                y = Integer.rotateLeft(y, 13) ^ x;
                x += y;
                y = Integer.rotateLeft(y, 15) ^ x;
                x += y;
                y = Integer.rotateLeft(y, 26) ^ x;
                x += y;
                y = Integer.rotateLeft(y, 6) ^ x;
            } else {
                x += y;
                y = Integer.rotateLeft(y, 17) ^ x;
                x += y;
                y = Integer.rotateLeft(y, 29) ^ x;
                x += y;
                y = Integer.rotateLeft(y, 16) ^ x;
                x += y;
                y = Integer.rotateLeft(y, 24) ^ x;
            }
            x += switch (group % 3) {
                case 0 -> k1;
                case 1 -> k2;
                default -> k0;
            };
            y += switch (group % 3) {
                case 0 -> k2;
                case 1 -> k0;
                default -> k1;
            } + group + 1;
        }
        return Integer.toUnsignedLong(x) | (long) y << 32;
    }

    public static void fillBits(long key, long firstIndex, int[] low, int[] high, int count) {
        int k0 = (int) key;
        int k1 = (int) (key >>> 32);
        int k2 = PARITY ^ k0 ^ k1;
        for (int i = 0; i < count; i++) {
            long counter = firstIndex + i;
            low[i] = (int) counter + k0;
            high[i] = (int) (counter >>> 32) + k1;
        }
        evenRounds(low, high, count, k1, k2 + 1);
        oddRounds(low, high, count, k2, k0 + 2);
        evenRounds(low, high, count, k0, k1 + 3);
        oddRounds(low, high, count, k1, k2 + 4);
        evenRounds(low, high, count, k2, k0 + 5);
    }

    private static void evenRounds(int[] low, int[] high, int count, int addLow, int addHigh) {
        for (int i = 0; i < count; i++) {
            int x = low[i] + high[i];
            int y = Integer.rotateLeft(high[i], 13) ^ x;
            x += y;
            y = Integer.rotateLeft(y, 15) ^ x;
            x += y;
            y = Integer.rotateLeft(y, 26) ^ x;
            x += y;
            y = Integer.rotateLeft(y, 6) ^ x;
            low[i] = x + addLow;
            high[i] = y + addHigh;
        }
    }

    private static void oddRounds(int[] low, int[] high, int count, int addLow, int addHigh) {
        for (int i = 0; i < count; i++) {
            int x = low[i] + high[i];
            int y = Integer.rotateLeft(high[i], 17) ^ x;
            x += y;
            y = Integer.rotateLeft(y, 29) ^ x;
            x += y;
            y = Integer.rotateLeft(y, 16) ^ x;
            x += y;
            y = Integer.rotateLeft(y, 24) ^ x;
            low[i] = x + addLow;
            high[i] = y + addHigh;
        }
    }
}
