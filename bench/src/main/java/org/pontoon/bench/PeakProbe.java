package org.pontoon.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.function.IntFunction;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.pontoon.engine.internal.kernel.FloatMath;
import org.pontoon.engine.internal.vector.VectorSupport;

/**
 * What this machine can do at most, measured in this process: the yardsticks that a benchmark's rate is a fraction of.
 *
 * <p>Each probe runs a loop that does nothing but the one thing, on so many threads at once, until C2 has compiled it, and then takes the
 * best of the windows of some 50 ms (two seconds of them or more, until it has not risen for a second): a yardstick is the most that was
 * seen, not the mean. Answers are kept for the life of the JVM; {@link #forget()} drops them, so that a long run can probe again at its
 * end.
 *
 * <p>Thread-safety: methods may be called from any thread; calls follow one another.
 */
public final class PeakProbe {

    private static final VectorSpecies<Float> F = VectorSupport.FLOATS;
    private static final int L = VectorSupport.LANES;

    private static final long WINDOW_NANOS = 50_000_000;
    /** A probe lasts at least so long, and until its best window has not risen by two percent for the next while. */
    private static final long LEAST_NANOS = 2_000_000_000;
    private static final long SETTLED_NANOS = 1_000_000_000;
    private static final long MOST_NANOS = 15_000_000_000L;
    private static final double RISE = 1.02;

    private static final int CHAINS = 12;
    private static final int CHAIN_STEPS = 4096;
    private static final int EXP_VALUES = 1024;
    private static final int TRIAD_PIECE = 1 << 18;

    private static final Map<String, Double> ANSWERS = new ConcurrentHashMap<>();

    private PeakProbe() {
    }

    /** One thread's share of a probe. */
    private interface Work {
        /** Does a piece of some microseconds, and returns how many units it was. */
        double piece();
    }

    /**
     * Returns the peak rate of fused multiply-adds in float32: 12 independent chains of vectors, kept in registers, one multiply-add each
     * in turn; enough to hide the latency on any machine with two units of latency 5.
     *
     * @param threads number of threads, at least 1
     * @return multiply-adds (not floating-point operations, which are twice as many) per second, all threads together
     */
    public static double fmaPeak(int threads) {
        return answer("fma", threads, thread -> {
            float[] from = new float[CHAINS * L];
            float[] to = new float[CHAINS * L];
            for (int i = 0; i < from.length; i++) {
                from[i] = i + thread;
            }
            return () -> {
                chains(CHAIN_STEPS, from, to);
                return (double) CHAIN_STEPS * CHAINS * L;
            };
        });
    }

    /**
     * Returns the bandwidth of the memory beyond the caches: the triad a = b + s c over buffers of which each is at least 64 MB and twice
     * the largest cache. Counted are two reads and one write of 4 bytes, not the read that a write to an absent cache line costs.
     *
     * @param threads number of threads, at least 1; each takes a part of the buffers
     * @return bytes per second, all threads together
     */
    public static double memoryBandwidth(int threads) {
        Double known = ANSWERS.get("memory/" + threads);
        if (known != null) {
            return known;
        }
        long bytes = bufferBytes(Math.max(1, threads));
        try (Arena arena = Arena.ofShared()) {
            MemorySegment a = arena.allocate(bytes, 64);
            MemorySegment b = arena.allocate(bytes, 64);
            MemorySegment c = arena.allocate(bytes, 64);
            return answer("memory", threads, thread -> {
                long part = bytes / threads;
                long[] at = {0};
                return () -> {
                    triad(a, b, c, thread * part + at[0], TRIAD_PIECE);
                    at[0] += 4L * TRIAD_PIECE;
                    if (at[0] + 4L * TRIAD_PIECE > part) {
                        at[0] = 0;
                    }
                    return 12.0 * TRIAD_PIECE;
                };
            });
        }
    }

    /**
     * Returns the rate of the engine's {@link FloatMath#exp(float[], int, int)} on 1024 values that stay in the first-level cache; copying
     * the arguments there counts too.
     *
     * @param threads number of threads, at least 1
     * @return exponentials per second, all threads together
     */
    public static double expThroughput(int threads) {
        return answer("exp", threads, thread -> {
            float[] arguments = new float[EXP_VALUES];
            for (int i = 0; i < EXP_VALUES; i++) {
                arguments[i] = -20f * i / EXP_VALUES;
            }
            float[] values = new float[EXP_VALUES];
            return () -> {
                for (int i = 0; i < 8; i++) {
                    System.arraycopy(arguments, 0, values, 0, EXP_VALUES);
                    FloatMath.exp(values, 0, EXP_VALUES);
                }
                return 8.0 * EXP_VALUES;
            };
        });
    }

    /** Drops the answers, so that the next calls measure again. */
    public static void forget() {
        ANSWERS.clear();
    }

    /**
     * Prints the three yardsticks for one thread and for all cores.
     *
     * @param args none
     */
    public static void main(String[] args) {
        PrintStream out = System.out;
        int cores = Runtime.getRuntime().availableProcessors();
        out.println(VectorSupport.describe());
        for (int threads = 1; threads <= cores; threads += Math.max(1, cores - 1)) {
            out.printf(Locale.ROOT, "%d thread%s: %.1f GFMA/s, triad %.1f GB/s, %.2f Gexp/s%n", threads, threads == 1 ? "" : "s",
                fmaPeak(threads) * 1e-9, memoryBandwidth(threads) * 1e-9, expThroughput(threads) * 1e-9);
        }
    }

    private static synchronized double answer(String probe, int threads, IntFunction<Work> work) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads is " + threads + ", expected at least 1");
        }
        return ANSWERS.computeIfAbsent(probe + "/" + threads, key -> measure(threads, work));
    }

    /** Best sum of the threads' rates in a window, once it has not risen for a while. */
    private static double measure(int threads, IntFunction<Work> work) {
        double[] rates = new double[threads];
        Throwable[] failures = new Throwable[threads];
        Windows windows = new Windows();
        // the last thread to end a window adds up; all see its answer, because they wait for it
        CyclicBarrier end = new CyclicBarrier(threads, () -> windows.add(Arrays.stream(rates).sum()));
        Thread[] runners = new Thread[threads];
        for (int t = 0; t < threads; t++) {
            int thread = t;
            runners[t] = Thread.ofPlatform().name("peak-probe-" + t).daemon().start(() -> {
                try {
                    Work mine = work.apply(thread);
                    do {
                        rates[thread] = rate(mine, WINDOW_NANOS);
                        end.await();
                    } while (!windows.settled);
                } catch (RuntimeException | Error | InterruptedException | BrokenBarrierException e) {
                    failures[thread] = e;
                    end.reset();
                }
            });
        }
        for (int t = 0; t < threads; t++) {
            try {
                runners[t].join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("the probe was interrupted", e);
            }
            if (failures[t] != null) {
                throw new IllegalStateException("the probe failed", failures[t]);
            }
        }
        return windows.best;
    }

    /** Decides when C2 has come and the best window is known. */
    private static final class Windows {

        private final long begin = System.nanoTime();
        private long lastRise = begin;
        private double best;
        private boolean settled;

        void add(double rate) {
            long now = System.nanoTime();
            if (rate > best * RISE) {
                lastRise = now;
            }
            best = Math.max(best, rate);
            settled = now - begin > LEAST_NANOS && now - lastRise > SETTLED_NANOS || now - begin > MOST_NANOS;
        }
    }

    private static double rate(Work work, long nanos) {
        double units = 0;
        long begin = System.nanoTime();
        long now = begin;
        while (now - begin < nanos) {
            units += work.piece();
            now = System.nanoTime();
        }
        return units * 1e9 / (now - begin);
    }

    /** Chains start from different values, or C2 would compute them once; all tend to 1, so nothing overflows. */
    private static void chains(int steps, float[] from, float[] to) {
        FloatVector half = FloatVector.broadcast(F, 0.5f);
        FloatVector a = FloatVector.fromArray(F, from, 0);
        FloatVector b = FloatVector.fromArray(F, from, L);
        FloatVector c = FloatVector.fromArray(F, from, 2 * L);
        FloatVector d = FloatVector.fromArray(F, from, 3 * L);
        FloatVector e = FloatVector.fromArray(F, from, 4 * L);
        FloatVector f = FloatVector.fromArray(F, from, 5 * L);
        FloatVector g = FloatVector.fromArray(F, from, 6 * L);
        FloatVector h = FloatVector.fromArray(F, from, 7 * L);
        FloatVector i = FloatVector.fromArray(F, from, 8 * L);
        FloatVector j = FloatVector.fromArray(F, from, 9 * L);
        FloatVector k = FloatVector.fromArray(F, from, 10 * L);
        FloatVector l = FloatVector.fromArray(F, from, 11 * L);
        for (int s = 0; s < steps; s++) {
            a = a.fma(half, half);
            b = b.fma(half, half);
            c = c.fma(half, half);
            d = d.fma(half, half);
            e = e.fma(half, half);
            f = f.fma(half, half);
            g = g.fma(half, half);
            h = h.fma(half, half);
            i = i.fma(half, half);
            j = j.fma(half, half);
            k = k.fma(half, half);
            l = l.fma(half, half);
        }
        a.intoArray(to, 0);
        b.intoArray(to, L);
        c.intoArray(to, 2 * L);
        d.intoArray(to, 3 * L);
        e.intoArray(to, 4 * L);
        f.intoArray(to, 5 * L);
        g.intoArray(to, 6 * L);
        h.intoArray(to, 7 * L);
        i.intoArray(to, 8 * L);
        j.intoArray(to, 9 * L);
        k.intoArray(to, 10 * L);
        l.intoArray(to, 11 * L);
    }

    private static void triad(MemorySegment a, MemorySegment b, MemorySegment c, long offset, int floats) {
        FloatVector scale = FloatVector.broadcast(F, 0.5f);
        for (int i = 0; i < floats; i += L) {
            long at = offset + 4L * i;
            FloatVector.fromMemorySegment(F, c, at, ByteOrder.nativeOrder())
                .fma(scale, FloatVector.fromMemorySegment(F, b, at, ByteOrder.nativeOrder()))
                .intoMemorySegment(a, at, ByteOrder.nativeOrder());
        }
    }

    private static long bufferBytes(int threads) {
        long piece = 4L * TRIAD_PIECE * threads;
        long wanted = Math.clamp(2 * largestCacheBytes(), 64L << 20, 512L << 20);
        return (wanted + piece - 1) / piece * piece;
    }

    /** Size of the first processor's largest cache, 0 where the system does not tell. */
    private static long largestCacheBytes() {
        long most = 0;
        for (int index = 0; index < 8; index++) {
            try {
                String size = Files.readString(Path.of("/sys/devices/system/cpu/cpu0/cache/index" + index + "/size")).strip();
                long bytes = Long.parseLong(size.substring(0, size.length() - 1)) * (size.endsWith("M") ? 1 << 20 : 1 << 10);
                most = Math.max(most, bytes);
            } catch (IOException | RuntimeException e) {
                // no such cache, or another system: the caller has a least size of its own
                break;
            }
        }
        return most;
    }
}
