package org.pontoon.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import com.sun.management.ThreadMXBean;
import org.pontoon.engine.bridge.BridgeSampler;
import org.pontoon.engine.bridge.LightBridge;
import org.pontoon.service.BridgeClient;
import org.pontoon.service.BridgeServer;
import org.pontoon.service.Idle;
import org.pontoon.service.LatencySummary;
import org.pontoon.service.LoadGenerator;
import org.pontoon.service.LoadOptions;
import org.pontoon.service.Models;
import org.pontoon.service.ServiceOptions;

/**
 * Wears the service down: a server in a process of its own answers millions of requests on a schedule while its models are swapped every few
 * milliseconds and other clients are killed in the middle of theirs. Every answer of the schedule is checked bit by bit; a second client
 * checks that each answer comes from the very version that it names. The server's memory, and the garbage of the thread that answers, are
 * read once a second.
 */
public final class ServiceSoak {

    private static final int DIMENSION = 50;
    private static final int COMPONENTS = 10;
    private static final String STEADY = "steady";
    private static final String CHANGING = "changing";
    private static final Path DIRECTORY = ServiceOptions.defaultDirectory().resolveSibling("pontoon-soak");
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** Memory is compared from here on, when the compilers have done their work. */
    private static final double SETTLED = 0.25;

    private ServiceSoak() {
    }

    /** What the server says of itself. */
    private record Vitals(long requests, long errors, long clients, long swaps, long garbage, long resident) {

        static Vitals parse(String line) {
            long[] v = Arrays.stream(line.split(" ")).mapToLong(Long::parseLong).toArray();
            return new Vitals(v[0], v[1], v[2], v[3], v[4], v[5]);
        }
    }

    /**
     * Runs the soak.
     *
     * @param args {@code [--requests N]} (default 10,000,000) {@code [--rate R]} a second (default 100,000)
     * @throws IOException if a process cannot be started
     * @throws InterruptedException if interrupted
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        long requests = 10_000_000;
        double rate = 100_000;
        for (int i = 0; i < args.length; i += 2) {
            switch (args[i]) {
                case "--requests" -> requests = Long.parseLong(args[i + 1]);
                case "--rate" -> rate = Double.parseDouble(args[i + 1]);
                case "serve" -> {
                    serve();
                    return;
                }
                case "pester" -> {
                    pester(Long.parseLong(args[i + 1]));
                    return;
                }
                default -> throw new IllegalArgumentException("option " + args[i] + ", expected --requests or --rate");
            }
        }
        soak(requests, rate);
    }

    private static LightBridge bridge(int version) {
        return Synthetic.bridge(DIMENSION, version % 2 == 1 ? COMPONENTS : COMPONENTS + 1);
    }

    private static void soak(long requests, double rate) throws IOException, InterruptedException {
        Process server = process(List.of("serve"));
        AtomicLong checked = new AtomicLong();
        AtomicLong wrong = new AtomicLong();
        AtomicLong killed = new AtomicLong();
        AtomicBoolean done = new AtomicBoolean();
        List<Vitals> vitals = new ArrayList<>();
        try (BufferedReader said = server.inputReader(); PrintStream ask = new PrintStream(server.getOutputStream(), true)) {
            said.readLine();
            Thread[] company = {Thread.ofPlatform().unstarted(() -> check(checked, wrong, done)),
                Thread.ofPlatform().unstarted(() -> kill(killed)), Thread.ofPlatform().unstarted(() -> watch(said, ask, vitals))};
            for (Thread thread : company) {
                thread.start();
            }
            LoadGenerator.Result result;
            try {
                result = LoadGenerator.run(new LoadOptions(DIRECTORY, ServiceOptions.IPC, ServiceOptions.STREAM, STEADY, rate, requests,
                    (long) rate, 1, false, Idle.YIELDING, false, bridge(1), PATIENCE));
            } finally {
                // the one that checks stops between two answers, the others sleep
                done.set(true);
                company[0].join();
                for (Thread thread : company) {
                    thread.interrupt();
                    thread.join();
                }
            }
            report(result, vitals, checked.get(), wrong.get(), killed.get());
            if (!result.isFlawless() || wrong.get() > 0 || vitals.getLast().errors > 0) {
                throw new IllegalStateException("an answer was lost, refused or wrong, or the server met errors");
            }
        } finally {
            server.destroy();
        }
    }

    private static void report(LoadGenerator.Result result, List<Vitals> vitals, long checked, long wrong, long killed) {
        System.out.println(LatencySummary.HEADER);
        System.out.println(result.answers().row());
        System.out.println(result.nothing().row());
        System.out.printf(Locale.ROOT, "%n%,d sent, %,d answered, %d lost, %d refused, %d wrong, %d unexpected%n", result.sent(), result
            .answered(), result.lost(), result.refused(), result.wrong(), result.unexpected());
        Vitals first = vitals.get((int) (vitals.size() * SETTLED));
        Vitals last = vitals.getLast();
        System.out.printf(Locale.ROOT, "%,d answers of the model that changes held against their versions, %d wrong; %,d swaps; %d clients "
            + "killed; %d errors in the server%n", checked, wrong, last.swaps, killed, last.errors);
        System.out.printf(Locale.ROOT,
            "garbage of the thread that answers, from a quarter of the time on: %,d bytes over %,d requests and %,d "
                + "swaps%n",
            last.garbage - first.garbage, last.requests - first.requests, last.swaps - first.swaps);
        System.out.print("resident memory of the server in MB:");
        for (int i = 0; i <= 10; i++) {
            System.out.print(" " + vitals.get((vitals.size() - 1) * i / 10).resident / 1000);
        }
        System.out.println();
    }

    /** Asks the server for its vitals once a second. */
    private static void watch(BufferedReader said, PrintStream ask, List<Vitals> vitals) {
        try {
            while (true) {
                ask.println();
                vitals.add(Vitals.parse(said.readLine()));
                Thread.sleep(1000);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new IllegalStateException("the server does not tell its vitals any more", e);
        }
    }

    /** Holds answers against the bridge of the version that they name. */
    private static void check(AtomicLong checked, AtomicLong wrong, AtomicBoolean done) {
        float[] x = new float[DIMENSION];
        float[] y = new float[DIMENSION];
        float[] expected = new float[DIMENSION];
        BridgeSampler[] samplers = {new BridgeSampler(bridge(0)), new BridgeSampler(bridge(1))};
        try (BridgeClient client = BridgeClient.connect(DIRECTORY, ServiceOptions.IPC, ServiceOptions.STREAM, Idle.PARKING, PATIENCE)) {
            BridgeClient.Model model = client.model(CHANGING);
            for (long i = 0; !done.get(); i++) {
                Arrays.fill(x, i % 100 * 0.02f - 1);
                client.sample(model, 1, i, x, y);
                samplers[(int) (client.version() % 2)].sample(1, i, x, 0, expected, 0);
                checked.incrementAndGet();
                if (!Arrays.equals(y, expected)) {
                    wrong.incrementAndGet();
                }
            }
        }
    }

    /** Starts clients, and kills each within a second of its first request. */
    private static void kill(AtomicLong killed) {
        SplittableRandom random = new SplittableRandom(1);
        Process process = null;
        try {
            for (int i = 0; true; i++) {
                process = process(List.of("pester", Integer.toString(i)));
                process.inputReader().readLine();
                Thread.sleep(random.nextInt(1000));
                process.destroyForcibly().waitFor();
                killed.incrementAndGet();
                Thread.sleep(random.nextInt(1000));
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new IllegalStateException("a client to be killed could not be started", e);
        }
    }

    private static Process process(List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-Xmx64m", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"), ServiceSoak.class.getName()));
        command.addAll(arguments);
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    }

    /** Sends batches until it is killed. */
    private static void pester(long seed) {
        float[] x = new float[100 * DIMENSION];
        float[] y = new float[x.length];
        try (BridgeClient client = BridgeClient.connect(DIRECTORY, ServiceOptions.IPC, ServiceOptions.STREAM, Idle.PARKING, PATIENCE)) {
            BridgeClient.Model model = client.model(STEADY);
            System.out.println("pestering");
            for (long i = 0; true; i += 100) {
                client.sample(model, seed, i, x, y);
                Thread.sleep(1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void serve() throws IOException {
        Map<String, LightBridge> bridges = new LinkedHashMap<>();
        bridges.put(STEADY, bridge(1));
        bridges.put(CHANGING, bridge(1));
        Models models = Models.of(bridges);
        AtomicLong swaps = new AtomicLong();
        Thread swapper = Thread.ofPlatform().daemon().unstarted(() -> swap(models, swaps));
        try (BridgeServer server = BridgeServer.start(models, ServiceOptions.builder().directory(DIRECTORY).idle(Idle.YIELDING).build())) {
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long translator = Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds())).filter(thread -> thread.getThreadName()
                .equals("pontoon-translator")).mapToLong(ThreadInfo::getThreadId).findAny().orElseThrow();
            swapper.start();
            System.out.println("ready");
            BufferedReader asked = new BufferedReader(new InputStreamReader(System.in));
            while (asked.readLine() != null) {
                System.out.println(server.metrics().requests() + " " + server.metrics().errors() + " " + server.metrics().clients() + " "
                    + swaps + " " + threads.getThreadAllocatedBytes(translator) + " " + resident());
            }
        }
    }

    private static void swap(Models models, AtomicLong swaps) {
        SplittableRandom random = new SplittableRandom(2);
        try {
            for (int version = 2; true; version++) {
                models.bridge(0).replace(bridge(1));
                models.bridge(1).replace(bridge(version));
                swaps.addAndGet(2);
                TimeUnit.MILLISECONDS.sleep(random.nextInt(20));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Resident memory of this process in kB, 0 where the system does not tell. */
    private static long resident() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return 0;
        }
        return Files.readAllLines(status).stream().filter(line -> line.startsWith("VmRSS:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll(
                "\\D", "")))
            .findAny().orElse(0);
    }
}
