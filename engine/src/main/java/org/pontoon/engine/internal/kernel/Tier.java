package org.pontoon.engine.internal.kernel;

import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import com.sun.management.ThreadMXBean;

/**
 * Which of two loops with the same bits runs a call: the scalar twin until the vector loop is known to be compiled, and that from then on.
 *
 * <p>Vectors live in registers only in C2's code; everywhere else each of them is an object, and a loop on lanes takes thirty to a hundred
 * times as long as plain Java. So a door reads {@link #vector} once a call and, while it is false, tells {@link #scalar(long)} how much
 * work its twin gets. Once that is worth a compilation, a thread of this class primes the vector loop on small input of its own, in the
 * order in which loops were asked for, until whole windows of calls allocate nothing; then the field changes, and callers follow when they
 * see it. The thread ends when nothing is left to prime.
 *
 * <p>Where the Vector API's module is not loaded, or the JVM has no C2, the twins do all the work; a line of System.Logger says so once, if
 * there is work to speak of. The system property {@value #PROPERTY} chooses by hand: {@code scalar}, {@code vector}, or {@code auto}.
 *
 * <p>Safe for any number of threads.
 */
public final class Tier {

    /** System property that chooses the tier of all loops. */
    static final String PROPERTY = "pontoon.tier";

    /**
     * Elementary operations after which a loop is primed, some fifty milliseconds of plain Java. Priming it takes one to three hundred of
     * processor time, beside the work; earlier, most commands would be over before it pays (measured: a Sinkhorn divergence of 2000 points).
     */
    private static final long WORTH = 1_000_000_000;
    /** So many times more make it worth where the JVM takes the vector room no earlier than any other: primers then call for much longer. */
    private static final int LATE = 4;
    /**
     * Calls that are enough for C2 to take a loop on where the JVM was asked to be early with it, as the launcher does. Every call more, and
     * the Vector API's fallback is compiled too.
     */
    private static final int BATCH = 40;
    /** Pauses of a millisecond after which a loop that C2 was asked for early is called so often again. */
    private static final int PATIENCE = 30;
    /** What the look itself may allocate. */
    private static final long NOTHING = 64;
    /** So many calls in a row without an allocation, and a loop is compiled. */
    private static final int LOOKS = 4;
    /** How long a loop is primed before the next one's turn. */
    private static final long TURN_NANOS = 300_000_000L;
    /** After so many turns a loop that still allocates stays with its twin. */
    private static final int MOST_TURNS = 50;

    private static final List<Tier> ALL = new ArrayList<>();
    private static final ArrayDeque<Tier> ASKED = new ArrayDeque<>();
    private static final AtomicBoolean LOOKING = new AtomicBoolean();
    private static volatile boolean early;
    private static boolean priming;
    private static boolean told;

    /** What keeps vectors from being fast here; null if nothing does. */
    private static final String OBSTACLE = obstacle();
    private static final String CHOICE = choice();

    /** How this JVM was started; looked at beside the work when there is some to speak of, because asking takes some milliseconds. */
    private static final class Start {

        private static final String OPTION = "CompileThresholdScaling,org.pontoon.engine.internal.vector";
        private static final boolean EARLY = ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .anyMatch(argument -> argument.contains(OPTION));
    }

    /** Whether the vector loop runs. Plain: a thread that sees the change late loses time only. */
    boolean vector;

    private final String name;
    private final Supplier<Runnable> primer;
    private long done;
    private boolean asked;
    private Runnable call;
    private int turns = MOST_TURNS;

    private Tier(String name, Supplier<Runnable> primer) {
        this.name = name;
        this.primer = primer;
    }

    /**
     * Makes the switch of one loop.
     *
     * @param name of the loop, for reports
     * @param primer makes what calls the vector loop once, on arrays of its own, with lengths that take every path through it; a call
     *     allocates nothing but what the loop does
     * @return the switch, with the scalar twin chosen
     */
    static Tier of(String name, Supplier<Runnable> primer) {
        Tier tier = new Tier(name, primer);
        synchronized (ALL) {
            ALL.add(tier);
        }
        tier.vector = CHOICE.equals("vector");
        return tier;
    }

    /**
     * Tells that the scalar twin is about to run.
     *
     * @param operations elementary operations on a number that it will do, within a factor of a few: plain Java does twenty in a nanosecond
     *     where its loop becomes vectors; where it does not, as many as its time is worth
     */
    void scalar(long operations) {
        done += operations;
        if (done >= WORTH && !asked && (OBSTACLE != null || done >= LATE * WORTH || isEarly())) {
            ask();
        }
    }

    /** Whether the JVM takes the vector room early; false until that is known. */
    private static boolean isEarly() {
        if (!early && LOOKING.compareAndSet(false, true)) {
            daemon(() -> early = Start.EARLY, "pontoon-start").start();
        }
        return early;
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    private void ask() {
        synchronized (ALL) {
            if (asked) {
                return;
            }
            asked = true;
            if (OBSTACLE != null) {
                tell();
            } else if (!CHOICE.equals("scalar")) {
                ASKED.add(this);
                if (!priming) {
                    priming = true;
                    Thread thread = daemon(Tier::primeAll, "pontoon-primer");
                    thread.setPriority(Thread.MIN_PRIORITY);
                    thread.start();
                }
            }
        }
    }

    /**
     * Runs calls of the caller's, asks at once for the vector loops of all twins that run meanwhile, and waits for them: for who knows that
     * many such calls will follow.
     *
     * @param calls once each that will follow
     * @param nanos the longest time to wait; priming goes on after it
     * @return the loops that were asked for, each with its tier now, and whether all run on compiled vectors
     */
    public static Primed prime(Runnable calls, long nanos) {
        long end = System.nanoTime() + nanos;
        Map<Tier, Long> before = new HashMap<>();
        synchronized (ALL) {
            ALL.forEach(tier -> before.put(tier, tier.done));
        }
        calls.run();
        synchronized (ALL) {
            List<Tier> used = new ArrayList<>(ALL);
            used.removeIf(tier -> tier.vector || tier.done == before.getOrDefault(tier, 0L));
            used.forEach(Tier::ask);
            long left = end - System.nanoTime();
            while (priming && left > 0 && used.stream().anyMatch(tier -> !tier.vector && tier.turns > 0)) {
                try {
                    TimeUnit.NANOSECONDS.timedWait(ALL, left);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    break;
                }
                left = end - System.nanoTime();
            }
            return new Primed(used.stream().map(Tier::toString).toList(), used.stream().allMatch(tier -> tier.vector));
        }
    }

    /**
     * What asking for loops led to.
     *
     * @param loops that were not compiled before, each with its tier now
     * @param compiled whether none of them is left to its twin
     */
    public record Primed(List<String> loops, boolean compiled) {
    }

    /**
     * Tells what keeps vectors from being used in this JVM.
     *
     * @return the reason and what to do, or null if nothing does
     */
    public static String hindrance() {
        return OBSTACLE;
    }

    private static void tell() {
        if (!told) {
            told = true;
            System.getLogger("org.pontoon.engine").log(System.Logger.Level.WARNING,
                "Pontoon computes without vectors, with the same results but several times slower: " + OBSTACLE);
        }
    }

    private static void primeAll() {
        while (true) {
            Tier next;
            synchronized (ALL) {
                next = ASKED.poll();
                if (next == null) {
                    priming = false;
                    return;
                }
            }
            next.prime();
            synchronized (ALL) {
                if (!next.vector && --next.turns > 0) {
                    ASKED.add(next);
                }
                ALL.notifyAll();
            }
        }
    }

    /** One after the other, since loops that are primed at once hold up each other; but one that C2 is slow with makes room for the next. */
    private void prime() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        if (call == null) {
            call = primer.get();
        }
        long end = System.nanoTime() + TURN_NANOS;
        for (int round = 0; !vector && System.nanoTime() < end; round++) {
            if (!Start.EARLY || round % PATIENCE == 0) {
                for (int k = 0; k < BATCH; k++) {
                    call.run();
                }
            }
            vector = isCompiled(call, threads);
            if (!vector) {
                pause();
            }
        }
    }

    private static boolean isCompiled(Runnable call, ThreadMXBean threads) {
        for (int look = 0; look < LOOKS; look++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            call.run();
            if (threads.getCurrentThreadAllocatedBytes() - before > NOTHING) {
                return false;
            }
        }
        return true;
    }

    /** Lets the compiler catch up: calls before it has would only feed it with the Vector API's fallback. */
    private static void pause() {
        try {
            Thread.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Sets all switches, for tests of what must not depend on them. */
    static void setAll(boolean vector) {
        synchronized (ALL) {
            for (Tier tier : ALL) {
                tier.vector = vector;
            }
        }
    }

    private static String choice() {
        String choice = System.getProperty(PROPERTY, "auto");
        return switch (choice) {
            case "auto" -> choice;
            case "scalar" -> choice;
            case "vector" -> OBSTACLE == null || !OBSTACLE.contains("module") ? choice : "auto";
            default -> throw new IllegalArgumentException("system property " + PROPERTY + " is \"" + choice
                + "\", expected auto, scalar or vector");
        };
    }

    private static String obstacle() {
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            return "module jdk.incubator.vector is not loaded; start java with --add-modules jdk.incubator.vector";
        }
        String mode = System.getProperty("java.vm.info", "");
        if (mode.contains("interpreted") || mode.contains("emulated-client")) {
            return "this JVM runs without the C2 compiler (" + mode + "); start java without -Xint and -XX:TieredStopAtLevel";
        }
        return null;
    }

    @Override
    public String toString() {
        return name + (vector ? ": vectors" : ": scalar");
    }
}
