package org.pontoon.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;

import com.sun.management.ThreadMXBean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("allocation")
class ServiceAllocationTest {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int CLEAN_WINDOWS = 4;
    /** What has not been compiled by then never will be. */
    private static final long DEADLINE_NANOS = Duration.ofMinutes(10).toNanos();

    @Test
    void hotRequestsAllocateNothingInTheServerAndInTheClient() {
        // parking: who yields between busy processes waits for a turn with each request
        try (BridgeServer server = BridgeServer.start(TestBridges.models(), TestBridges.options("allocation").build());
                BridgeClient client = TestBridges.client("allocation")) {
            BridgeClient.Model b = client.model("b");
            float[] x = TestBridges.points(50, 1);
            float[] y = new float[50];
            long translator = Arrays.stream(THREADS.getThreadInfo(THREADS.getAllThreadIds())).filter(t -> t.getThreadName().equals(
                "pontoon-translator")).findAny().orElseThrow().getThreadId();
            long end = System.nanoTime() + DEADLINE_NANOS;
            long inServer;
            long inClient;
            int clean = 0;
            // short windows: one with a request that is not compiled need not be played out on a busy machine
            do {
                long server0 = THREADS.getThreadAllocatedBytes(translator);
                long client0 = THREADS.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < 1000; i++) {
                    client.sample(b, 1, i, x, y);
                    client.mean(b, x, y);
                    client.sampleAt(b, 0.5, 1, i, x, y);
                }
                inClient = THREADS.getCurrentThreadAllocatedBytes() - client0;
                inServer = THREADS.getThreadAllocatedBytes(translator) - server0;
                clean = inServer + inClient == 0 ? clean + 1 : 0;
            } while (clean < CLEAN_WINDOWS && System.nanoTime() < end);
            assertThat(inServer).as("bytes in the server").isZero();
            assertThat(inClient).as("bytes in the client").isZero();
            assertThat(clean).as("windows without garbage, one after the other").isEqualTo(CLEAN_WINDOWS);
            assertThat(server.metrics().errors()).isZero();
        }
    }
}
