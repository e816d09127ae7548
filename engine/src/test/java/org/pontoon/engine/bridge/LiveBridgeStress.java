package org.pontoon.engine.bridge;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;

import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The hot swap of {@link LiveBridge} under jcstress: a few instructions of two threads, in every order that compilers and processor make
 * of them. {@link LiveBridgeTest} starts it.
 */
public final class LiveBridgeStress {

    private static final float[] POINT = {0.5f, -1f};
    private static final LightBridge[] BRIDGES = {bridge(1), bridge(2), bridge(3)};
    private static final int[] ANSWERS = {answer(BRIDGES[0]), answer(BRIDGES[1]), answer(BRIDGES[2])};

    private LiveBridgeStress() {
    }

    private static LightBridge bridge(long seed) {
        return TestClouds.bridge(1, 2, Covariance.DIAGONAL, 0.3, seed);
    }

    private static int answer(LightBridge bridge) {
        return answer(new BridgeSampler(bridge));
    }

    private static int answer(BridgeSampler sampler) {
        float[] y = new float[2];
        sampler.mean(POINT, 0, y, 0);
        return Float.floatToRawIntBits(y[0]) + 31 * Float.floatToRawIntBits(y[1]);
    }

    /** Number of the bridge, from 1, of which a sampler is; 0 for none. */
    private static int numberOf(LightBridge bridge) {
        for (int i = 0; i < BRIDGES.length; i++) {
            if (BRIDGES[i] == bridge) {
                return i + 1;
            }
        }
        return 0;
    }

    private static int numberOf(int answer) {
        for (int i = 0; i < ANSWERS.length; i++) {
            if (ANSWERS[i] == answer) {
                return i + 1;
            }
        }
        return 0;
    }

    /** A request during a replacement: its version, its bridge and what it answers are all of the old or all of the new. */
    @JCStressTest
    @Outcome(id = "1, 1, 1", expect = Expect.ACCEPTABLE, desc = "before the replacement")
    @Outcome(id = "2, 2, 2", expect = Expect.ACCEPTABLE, desc = "after it")
    @Outcome(expect = Expect.FORBIDDEN, desc = "torn")
    @State
    public static class Request {

        private final LiveBridge live = new LiveBridge(BRIDGES[0]);

        @Actor
        public void replace() {
            live.replace(BRIDGES[1]);
        }

        @Actor
        public void ask(III_Result result) {
            LiveBridge.Reader reader = live.reader();
            BridgeSampler sampler = reader.sampler();
            result.r1 = (int) reader.version();
            result.r2 = numberOf(sampler.bridge());
            result.r3 = numberOf(answer(sampler));
        }
    }

    /** Two requests of one reader during two replacements: versions never go back. */
    @JCStressTest
    @Outcome(id = {"1, 1", "1, 2", "1, 3", "2, 2", "2, 3", "3, 3"}, expect = Expect.ACCEPTABLE, desc = "in order")
    @Outcome(expect = Expect.FORBIDDEN, desc = "back, or torn")
    @State
    public static class Order {

        private final LiveBridge live = new LiveBridge(BRIDGES[0]);
        private final LiveBridge.Reader reader = live.reader();

        @Actor
        public void replace() {
            live.replace(BRIDGES[1]);
            live.replace(BRIDGES[2]);
        }

        @Actor
        public void ask(II_Result result) {
            result.r1 = version();
            result.r2 = version();
        }

        /** The version that its bridge says, too; 0 where they differ. */
        private int version() {
            int bridge = numberOf(reader.sampler().bridge());
            return bridge == reader.version() ? bridge : 0;
        }
    }

    /** Two replacements at once: each has a version of its own, and the later one's bridge stays. */
    @JCStressTest
    @Outcome(id = {"2, 3, 3", "3, 2, 2"}, expect = Expect.ACCEPTABLE, desc = "one after the other")
    @Outcome(expect = Expect.FORBIDDEN, desc = "one lost")
    @State
    public static class Writers {

        private final LiveBridge live = new LiveBridge(BRIDGES[0]);

        @Actor
        public void second(III_Result result) {
            result.r1 = (int) live.replace(BRIDGES[1]);
        }

        @Actor
        public void third(III_Result result) {
            result.r2 = (int) live.replace(BRIDGES[2]);
        }

        @Arbiter
        public void last(III_Result result) {
            result.r3 = live.version() == 3 ? numberOf(live.bridge()) : 0;
        }
    }
}
