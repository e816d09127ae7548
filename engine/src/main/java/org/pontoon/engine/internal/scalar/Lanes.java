package org.pontoon.engine.internal.scalar;

/**
 * The 16 virtual lanes in which every sum that crosses lanes is taken, whatever the machine's width: layouts are padded to them, and they are
 * folded in one order.
 */
public final class Lanes {

    /** Virtual lanes: all layouts are padded to this many floats whatever the machine's width. */
    public static final int VIRTUAL = 16;

    private Lanes() {
    }
}
