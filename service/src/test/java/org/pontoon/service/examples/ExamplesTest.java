package org.pontoon.service.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pontoon.engine.bridge.BridgeSampler;
import org.pontoon.engine.bridge.LightBridge;
import org.pontoon.engine.bridge.LiveBridge;
import org.pontoon.engine.file.BridgeFile;
import org.pontoon.service.BridgeServer;
import org.pontoon.service.Idle;
import org.pontoon.service.Models;
import org.pontoon.service.ServiceOptions;

/** The examples compile, run, and say what samplers say. */
class ExamplesTest {

    private static final LightBridge BRIDGE = LightBridge.diagonal(0.3, new double[2], new double[] {1, 2, 3, -1, -2, -3}, new double[] {
        0.5, 0.6, 0.7, 0.8, 0.9, 1}).build();
    private static final float[] X = {0.5f, -0.5f, 1, 2, 3, 4};

    @TempDir
    private Path folder;

    private static float[] expected() {
        float[] y = new float[6];
        BridgeSampler sampler = new BridgeSampler(BRIDGE);
        sampler.sample(42, 0, X, 0, y, 0);
        sampler.sample(42, 1, X, 3, y, 3);
        return y;
    }

    @Test
    void aPlainLoopTranslates() {
        float[] y = new float[3];
        new BridgeSampler(BRIDGE).sample(42, 9, new float[3], 0, y, 0);
        assertThat(PlainLoop.run(BRIDGE, 10)).isEqualTo(y[2]);
    }

    @Test
    void anAgentTranslatesFromRingToRing() {
        RingBuffer in = new OneToOneRingBuffer(new UnsafeBuffer(ByteBuffer.allocateDirect(1024 + RingBufferDescriptor.TRAILER_LENGTH)));
        RingBuffer out = new OneToOneRingBuffer(new UnsafeBuffer(ByteBuffer.allocateDirect(1024 + RingBufferDescriptor.TRAILER_LENGTH)));
        TranslatingAgent agent = new TranslatingAgent(in, out, new LiveBridge(BRIDGE));
        UnsafeBuffer point = new UnsafeBuffer(new byte[12]);
        for (int n = 0; n < 2; n++) {
            for (int d = 0; d < 3; d++) {
                point.putFloat(4 * d, X[3 * n + d]);
            }
            in.write(1, point, 0, 12);
        }
        assertThat(agent.doWork()).isEqualTo(2);
        float[] y = new float[6];
        int[] at = {0};
        out.read((type, buffer, offset, length) -> {
            for (int d = 0; d < 3; d++) {
                y[at[0]++] = buffer.getFloat(offset + 4 * d);
            }
        });
        assertThat(y).isEqualTo(expected());
    }

    @Test
    void aBridgeIsSwapped() throws IOException {
        Path file = folder.resolve("bridge.npz");
        BridgeFile.write(file, BRIDGE);
        LiveBridge live = HotSwap.open(file);
        LiveBridge.Reader reader = live.reader();
        float[] y = new float[3];
        HotSwap.translate(reader, X, y);
        assertThat(HotSwap.reload(live, file)).isEqualTo(2);
        float[] z = new float[3];
        HotSwap.translate(reader, X, z);
        assertThat(reader.version()).isEqualTo(2);
        assertThat(z).isEqualTo(y);
    }

    @Test
    void aBatchIsTranslatedAsPointByPoint() {
        assertThat(Batch.run(BRIDGE, X)).isEqualTo(expected());
    }

    @Test
    void aServiceIsAsked() {
        Path directory = ServiceOptions.defaultDirectory().resolveSibling("pontoon-test-examples-" + ProcessHandle.current().pid());
        ServiceOptions options = ServiceOptions.builder().directory(directory).idle(Idle.PARKING).warmUp(Duration.ZERO).build();
        try (BridgeServer server = BridgeServer.start(Models.of(Map.of("default", BRIDGE)), options)) {
            assertThat(ServiceCall.run(directory, X)).isEqualTo(expected());
            assertThat(server.metrics().requests()).isEqualTo(1);
        }
    }
}
