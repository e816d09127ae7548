package org.pontoon.service.examples;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.pontoon.engine.bridge.LiveBridge;

/** An Agrona agent that translates points from one ring buffer into another, with a bridge that may be replaced at any time. */
final class TranslatingAgent implements Agent {

    private static final int POINT = 1;

    private final RingBuffer in;
    private final RingBuffer out;
    private final LiveBridge.Reader reader;
    private final MutableDirectBuffer y;
    private final MessageHandler handler = this::onPoint;
    private long index;

    TranslatingAgent(RingBuffer in, RingBuffer out, LiveBridge live) {
        this.in = in;
        this.out = out;
        this.reader = live.reader();
        this.y = new UnsafeBuffer(new byte[4 * live.bridge().dimension()]);
    }

    @Override
    public int doWork() {
        return in.read(handler, 16);
    }

    private void onPoint(int type, MutableDirectBuffer buffer, int at, int length) {
        DirectBuffer x = buffer;
        reader.sampler().sample(42, index++, x, at, y, 0);
        while (!out.write(POINT, y, 0, y.capacity())) {
            Thread.onSpinWait();
        }
    }

    @Override
    public String roleName() {
        return "translator";
    }
}
