package org.pontoon.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.LogBuffers;
import io.aeron.Subscription;
import io.aeron.logbuffer.LogBufferDescriptor;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pontoon.engine.bridge.LightBridge;
import org.pontoon.engine.file.BridgeFile;
import org.pontoon.service.sbe.ConnectEncoder;
import org.pontoon.service.sbe.Kind;
import org.pontoon.service.sbe.MessageHeaderEncoder;
import org.pontoon.service.sbe.TranslateEncoder;

@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BridgeServerTest {

    private static final Duration PATIENCE = TestBridges.PATIENCE;
    private static final long PATIENCE_NANOS = PATIENCE.toNanos();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void clientsGetTheSamplersAnswersWhateverTheIdling(Idle idle) {
        Models models = TestBridges.models();
        try (BridgeServer server = BridgeServer.start(models, TestBridges.options("answers").idle(idle).build());
                BridgeClient client = TestBridges.client("answers");
                BridgeClient other = TestBridges.client("answers")) {
            BridgeClient.Model b = client.model("b");
            BridgeClient.Model a = other.model("a");
            assertThat(b).isEqualTo(new BridgeClient.Model("b", 1, 1, 50, 5));
            // one point, a datagram's worth, and many fragments
            for (int count : new int[] {1, 6, 500}) {
                float[] x = TestBridges.points(count * 50, count);
                float[] y = new float[x.length];
                client.sample(b, 3, 4, x, y);
                assertThat(y).isEqualTo(TestBridges.samples(models.bridge(1).bridge(), 3, 4, x));
                float[] small = TestBridges.points(count * 7, count);
                float[] z = new float[small.length];
                other.sample(a, 5, 6, small, z);
                assertThat(z).isEqualTo(TestBridges.samples(models.bridge(0).bridge(), 5, 6, small));
            }
            float[] x = TestBridges.points(50, 1);
            float[] y = new float[50];
            client.sampleAt(b, 0, 1, 1, x, y);
            assertThat(y).isEqualTo(x);
            client.mean(b, x, y);
            assertThat((double) y[3]).isEqualTo(models.bridge(1).bridge().conditionalMean(toDouble(x))[3],
                org.assertj.core.api.Assertions.within(1e-4));
            x[5] = Float.NaN;
            assertThatThrownBy(() -> client.mean(b, x, y)).isInstanceOf(ServiceException.class)
                .hasMessage("the server refused: NOT_FINITE");
            assertThatThrownBy(() -> client.model("c")).hasMessage("the server refused: UNKNOWN_MODEL");
            assertThat(server.metrics().clients()).isEqualTo(2);
            assertThat(server.metrics().errors()).isZero();
        }
    }

    private static double[] toDouble(float[] x) {
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = x[i];
        }
        return y;
    }

    @Test
    void requestsOverUdpStayOnLoopback() throws IOException {
        Models models = TestBridges.models();
        String channel = "aeron:udp?endpoint=localhost:" + freePort();
        try (BridgeServer server = BridgeServer.start(models, TestBridges.options("udp").channel(channel).build());
                BridgeClient client = BridgeClient.connect(TestBridges.directory("udp"), channel, ServiceOptions.STREAM, Idle.PARKING,
                    PATIENCE)) {
            BridgeClient.Model b = client.model("b");
            float[] x = TestBridges.points(100 * 50, 1);
            float[] y = new float[x.length];
            client.sample(b, 3, 4, x, y);
            assertThat(y).isEqualTo(TestBridges.samples(models.bridge(1).bridge(), 3, 4, x));
            assertThat(server.metrics().errors()).isZero();
        }
    }

    private static int freePort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void aReloadedModelAnswersWithItsNewVersion() throws IOException {
        Path file = folder.resolve("bridge.npz");
        LightBridge first = TestBridges.bridge(7, 1);
        LightBridge second = TestBridges.bridge(7, 2);
        BridgeFile.write(file, first);
        Models models = Models.read(Map.of("m", file));
        try (BridgeServer server = BridgeServer.start(models, TestBridges.options("reload").build());
                BridgeClient client = TestBridges.client("reload")) {
            BridgeClient.Model m = client.model("m");
            float[] x = TestBridges.points(7, 1);
            float[] y = new float[7];
            client.sample(m, 1, 1, x, y);
            assertThat(client.version()).isEqualTo(1);
            assertThat(y).isEqualTo(TestBridges.samples(first, 1, 1, x));
            BridgeFile.write(file, second);
            assertThat(server.models().reload("m")).isEqualTo(2);
            client.sample(m, 1, 1, x, y);
            assertThat(client.version()).isEqualTo(2);
            assertThat(y).isEqualTo(TestBridges.samples(second, 1, 1, x));
            BridgeFile.write(file, TestBridges.bridge(8, 2));
            assertThatThrownBy(() -> models.reload("m")).hasMessageContaining("dimension 8");
            Files.writeString(file, "no bridge");
            assertThatThrownBy(() -> models.reload("m")).hasMessageContaining("not an intact .npz archive");
            client.sample(m, 1, 1, x, y);
            assertThat(client.version()).isEqualTo(2);
            assertThatThrownBy(() -> models.reload("n")).hasMessage("no model 'n', expected one of [m]");
        }
    }

    @Test
    void twoServersOnOneDirectoryAreOneTooMany() {
        try (BridgeServer server = BridgeServer.start(TestBridges.models(), TestBridges.options("two").build())) {
            assertThatThrownBy(() -> BridgeServer.start(TestBridges.models(), TestBridges.options("two").build()))
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("already running");
            assertThat(server.metrics().errors()).isZero();
        }
        assertThat(TestBridges.directory("two")).doesNotExist();
        assertThatThrownBy(() -> BridgeClient.connect(TestBridges.directory("two"), ServiceOptions.IPC, 1, Idle.PARKING,
            Duration.ofMillis(200))).isInstanceOf(ServiceException.class).hasMessageContaining("no media driver");
    }

    @Test
    void anExternalMediaDriverServesAsWell() {
        try (BridgeServer driver = BridgeServer.start(TestBridges.models(), TestBridges.options("external").build());
                BridgeServer second = BridgeServer.start(TestBridges.models(), TestBridges.options("external").embedded(false).stream(9)
                    .build());
                BridgeClient client = BridgeClient.connect(TestBridges.directory("external"), ServiceOptions.IPC, 9, Idle.PARKING,
                    PATIENCE)) {
            assertThat(client.model("a").dimension()).isEqualTo(7);
            assertThat(driver.metrics().clients()).isZero();
            assertThat(second.metrics().clients()).isEqualTo(1);
        }
    }

    @Test
    void loadIsAnsweredOnceInOrderAndRightWhileModelsAreSwapped() throws InterruptedException {
        Models models = TestBridges.models();
        LightBridge same = models.bridge(1).bridge();
        try (BridgeServer server = BridgeServer.start(models, TestBridges.options("swap").echo(true).build())) {
            CountDownLatch done = new CountDownLatch(1);
            Thread swapper = Thread.ofPlatform().start(() -> {
                // the same bridge again and again: every answer can be checked, and every version is new
                while (done.getCount() > 0) {
                    models.bridge(1).replace(same);
                    Thread.onSpinWait();
                }
            });
            LoadOptions load = new LoadOptions(TestBridges.directory("swap"), ServiceOptions.IPC, ServiceOptions.STREAM, "b", 10_000,
                20_000,
                1000, 10, false, Idle.PARKING, true, same, PATIENCE);
            try {
                do {
                    LoadGenerator.Result result = LoadGenerator.run(load);
                    assertThat(result.isFlawless()).as("%s", result).isTrue();
                    assertThat(result.answers().count()).isEqualTo(20_000);
                    assertThat(result.echoes().count()).isEqualTo(20_000);
                    assertThat(result.nothing().count()).isEqualTo(5_000);
                } while (models.bridge(1).version() <= 100);
            } finally {
                done.countDown();
                swapper.join();
            }
            LoadGenerator.Result wrong = LoadGenerator.run(new LoadOptions(load.directory(), load.channel(), load.stream(), "b", 0, 100, 0,
                1, false, Idle.PARKING, false, TestBridges.bridge(50, 77), load.timeout()));
            assertThat(wrong.wrong()).as("answers of another bridge are noticed").isEqualTo(100);
            assertThat(server.metrics().errors()).isZero();
        }
    }

    /** Mutated requests on the wire, of a client that may say anything; a good client is served beside it. */
    @Test
    void aHundredThousandMutatedMessagesOnTheWireDoNoHarm() {
        Models models = TestBridges.models();
        SplittableRandom random = new SplittableRandom(11);
        try (BridgeServer server = BridgeServer.start(models, TestBridges.options("fuzz").build());
                BridgeClient client = TestBridges.client("fuzz");
                Aeron aeron = Connection.aeron(TestBridges.directory("fuzz"), PATIENCE_NANOS);
                Connection bad = new Connection(aeron, ServiceOptions.IPC, ServiceOptions.STREAM, (b, o, l, h) -> {
                }, Idle.PARKING.strategy(), PATIENCE_NANOS)) {
            BridgeClient.Model b = client.model("b");
            float[] x = TestBridges.points(2 * 50, 1);
            float[] y = new float[x.length];
            float[] expected = TestBridges.samples(models.bridge(1).bridge(), 5, 3, x);
            byte[] points = new byte[4 * x.length];
            int length = 8 + TranslateEncoder.BLOCK_LENGTH + 4 + points.length;
            UnsafeBuffer message = new UnsafeBuffer(new byte[length]);
            TranslateEncoder encoder = new TranslateEncoder();
            for (int i = 0; i < 100_000; i++) {
                encoder.wrapAndApplyHeader(message, 0, new MessageHeaderEncoder());
                encoder.correlation(i).seed(5).index(3).time(1).model(1).count(2).kind(Kind.SAMPLE).putPoints(points, 0, points.length);
                for (int c = random.nextInt(4); c >= 0; c--) {
                    message.putByte(random.nextInt(random.nextBoolean() ? 60 : length), (byte) random.nextInt());
                }
                int cut = random.nextInt(4) == 0 ? random.nextInt(length + 1) : length;
                while (!bad.offer(message, cut)) {
                    bad.poll();
                }
                bad.poll();
                if (i % 1000 == 0) {
                    client.sample(b, 5, 3, x, y);
                    assertThat(y).isEqualTo(expected);
                }
            }
            client.sample(b, 5, 3, x, y);
            assertThat(y).isEqualTo(expected);
            assertThat(server.metrics().refused()).isGreaterThan(10_000);
            assertThat(server.metrics().errors()).isZero();
            assertThat(server.metrics().clients()).isEqualTo(2);
        }
    }

    /** Floods a server from a process of its own until it is killed. */
    static final class Flood {
        private Flood() {
        }

        static void main(String[] args) {
            Path directory = Path.of(args[0]);
            try (Aeron aeron = Connection.aeron(directory, PATIENCE_NANOS);
                    Connection connection = new Connection(aeron, ServiceOptions.IPC, ServiceOptions.STREAM, (b, o, l, h) -> {
                    }, Idle.PARKING.strategy(), PATIENCE_NANOS)) {
                float[] x = TestBridges.points(300 * 50, 1);
                UnsafeBuffer message = new UnsafeBuffer(new byte[8 + TranslateEncoder.BLOCK_LENGTH + 4 + 4 * x.length]);
                TranslateEncoder encoder = new TranslateEncoder().wrapAndApplyHeader(message, 0, new MessageHeaderEncoder());
                byte[] bytes = new byte[4 * x.length];
                encoder.time(1).model(1).count(300).kind(Kind.SAMPLE).putPoints(bytes, 0, bytes.length);
                System.out.println("flooding");
                boolean reads = args[1].equals("reads");
                while (true) {
                    connection.offer(message, message.capacity());
                    if (reads) {
                        connection.poll();
                    }
                }
            }
        }
    }

    private static Process flood(String test, String reads) throws IOException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--add-modules",
            "jdk.incubator.vector", "--add-exports", "java.base/jdk.internal.misc=ALL-UNNAMED", "-Xmx128m", "-cp",
            System.getProperty("java.class.path"), Flood.class.getName(), TestBridges.directory(test).toString(), reads));
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        assertThat(process.inputReader().readLine()).isEqualTo("flooding");
        return process;
    }

    private static int cutOff(BridgeServer server, Models models) {
        String name = "\npontoon_cut_off_total ";
        String text = server.metrics().prometheus(models);
        int at = text.indexOf(name) + name.length();
        return Integer.parseInt(text.substring(at, text.indexOf('\n', at)));
    }

    @Test
    void killedAndSluggishClientsHurtNobodyElse() throws IOException, InterruptedException {
        Models models = TestBridges.models();
        SplittableRandom random = new SplittableRandom(1);
        try (BridgeServer server = BridgeServer.start(models, TestBridges.options("killed").patience(Duration.ofMillis(300)).build());
                BridgeClient client = TestBridges.client("killed")) {
            BridgeClient.Model b = client.model("b");
            float[] x = TestBridges.points(50, 1);
            float[] y = new float[50];
            float[] expected = TestBridges.samples(models.bridge(1).bridge(), 1, 2, x);
            for (int round = 0; round < 3; round++) {
                Process flood = flood("killed", round == 0 ? "never reads" : "reads");
                try {
                    int answers = 500 + random.nextInt(200);
                    // the one that never reads floods until it is cut off
                    for (int i = 0; i < answers || round == 0 && cutOff(server, models) == 0; i++) {
                        client.sample(b, 1, 2, x, y);
                        assertThat(y).isEqualTo(expected);
                    }
                } finally {
                    flood.destroyForcibly().waitFor();
                }
            }
            for (int i = 0; i < 100; i++) {
                client.sample(b, 1, 2, x, y);
                assertThat(y).isEqualTo(expected);
            }
            // one that reads may be cut off too where the machine does not let it run
            assertThat(cutOff(server, models)).isPositive();
            awaitClients(server, 1);
            assertThat(server.metrics().errors()).isZero();
        }
    }

    /** Waits until the dead are forgotten; the class's time limit guards against waiting for ever. */
    private static void awaitClients(BridgeServer server, long count) throws InterruptedException {
        while (server.metrics().clients() != count) {
            assertThat(server.isRunning()).isTrue();
            Thread.sleep(20);
        }
    }

    /** Aeron alone never comes to the end of a log whose writer has claimed room and died before it wrote. */
    @Test
    void aClientThatDiesInTheMidstOfARequestIsForgotten() throws InterruptedException {
        try (BridgeServer server = BridgeServer.start(TestBridges.models(), TestBridges.options("midst").build());
                BridgeClient client = TestBridges.client("midst")) {
            try (Aeron aeron = Connection.aeron(TestBridges.directory("midst"), PATIENCE_NANOS)) {
                ExclusivePublication requests = aeron.addExclusivePublication(ServiceOptions.IPC, ServiceOptions.STREAM);
                Subscription answers = aeron.addSubscription(ServiceOptions.IPC, 1234);
                UnsafeBuffer message = new UnsafeBuffer(new byte[100]);
                ConnectEncoder connect = new ConnectEncoder().wrapAndApplyHeader(message, 0, new MessageHeaderEncoder());
                byte[] channel = ServiceOptions.IPC.getBytes(StandardCharsets.US_ASCII);
                connect.stream(1234).putChannel(channel, 0, channel.length);
                while (requests.offer(message, 0, MessageHeaderEncoder.ENCODED_LENGTH + connect.encodedLength()) < 0
                    || !answers.isConnected()) {
                    Thread.sleep(1);
                }
                awaitClients(server, 2);
                Path log = TestBridges.directory("midst").resolve("publications").resolve(requests.registrationId() + ".logbuffer");
                try (LogBuffers buffers = new LogBuffers(log.toString())) {
                    buffers.metaDataBuffer().getAndAddLong(LogBufferDescriptor.TERM_TAIL_COUNTERS_OFFSET, 4096);
                }
            }
            awaitClients(server, 1);
            float[] y = new float[7];
            client.mean(client.model("a"), new float[7], y);
            assertThat(server.metrics().errors()).isZero();
        }
    }

    @Test
    void aClientOutlivesATimeoutAndNoticesTheServersEnd() {
        BridgeServer server = BridgeServer.start(TestBridges.models(), TestBridges.options("end").build());
        try (BridgeClient client = impatientClient("end")) {
            BridgeClient.Model a = new BridgeClient.Model("a", 0, 1, 7, 5);
            server.close();
            assertThatThrownBy(() -> client.mean(a, new float[7], new float[7])).isInstanceOf(RuntimeException.class);
        }
    }

    /** A client that waits no longer than three seconds; it has connected, after several tries where the machine is busy. */
    private static BridgeClient impatientClient(String test) {
        while (true) {
            try {
                return BridgeClient.connect(TestBridges.directory(test), ServiceOptions.IPC, ServiceOptions.STREAM, Idle.PARKING,
                    Duration.ofSeconds(3));
            } catch (ServiceException e) {
                // the machine was too busy: again
                Thread.onSpinWait();
            }
        }
    }
}
