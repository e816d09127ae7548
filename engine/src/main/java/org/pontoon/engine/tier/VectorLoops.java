package org.pontoon.engine.tier;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

import org.pontoon.engine.internal.kernel.Tier;

/**
 * Every loop of the engine starts in plain Java and goes over to vectors, with the same bits, once there is work enough and C2 has compiled
 * them. An application that knows what is coming can ask for them beforehand and wait: for a bridge, a loss, a fit, a flow, whatever it runs.
 *
 * <p>Safe for any number of threads.
 */
public final class VectorLoops {

    private VectorLoops() {
    }

    /**
     * What a warm-up compiled, and how long it took.
     *
     * @param compiled whether all loops of the work now run on vectors; false if the limit came first, or {@link #hindrance} says why
     * @param loops names of the loops that were asked for, each with its tier now; none if all were compiled before
     * @param seconds wall-clock time
     */
    public record WarmUp(boolean compiled, List<String> loops, double seconds) {
    }

    /**
     * Runs some work once, asks for the vector loops of everything that it did in plain Java, and waits for them.
     *
     * @param work like what will follow, but small: a loss of some hundred points, a fit of ten steps
     * @param limit when to give up waiting; what is not compiled then still will be
     * @return what was compiled
     */
    public static WarmUp warmUp(Runnable work, Duration limit) {
        Objects.requireNonNull(work, "work");
        long began = System.nanoTime();
        Tier.Primed primed = Tier.prime(work, limit.toNanos());
        return new WarmUp(primed.compiled() && hindrance() == null, primed.loops(), (System.nanoTime() - began) * 1e-9);
    }

    /**
     * Tells what keeps vectors from being used in this JVM.
     *
     * @return the reason and what to add to the command line, or null if nothing does
     */
    public static String hindrance() {
        return Tier.hindrance();
    }
}
