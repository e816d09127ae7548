package org.pontoon.service.examples;

import java.nio.file.Path;
import java.time.Duration;

import org.pontoon.service.BridgeClient;
import org.pontoon.service.Idle;
import org.pontoon.service.ServiceOptions;

/** Asks a running {@code pontoon serve}. */
final class ServiceCall {

    private ServiceCall() {
    }

    static float[] run(Path directory, float[] x) {
        try (BridgeClient client = BridgeClient.connect(directory, ServiceOptions.IPC, ServiceOptions.STREAM, Idle.YIELDING,
            Duration.ofSeconds(30))) {
            BridgeClient.Model model = client.model("default");
            float[] y = new float[x.length];
            client.sample(model, 42, 0, x, y);
            return y;
        }
    }
}
