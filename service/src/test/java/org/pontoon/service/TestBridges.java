package org.pontoon.service;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import org.pontoon.engine.bridge.BridgeSampler;
import org.pontoon.engine.bridge.LightBridge;
import org.pontoon.engine.random.CounterRandom;

/** Seeded bridges, points and options for tests. */
final class TestBridges {

    /** Longer than any machine keeps a thread waiting: what takes so long hangs. */
    static final Duration PATIENCE = Duration.ofMinutes(2);

    private TestBridges() {
    }

    static LightBridge bridge(int dimension, long seed) {
        int components = 5;
        long key = CounterRandom.key(seed, 1);
        double[] logWeights = new double[components];
        double[] locations = new double[components * dimension];
        double[] scales = new double[components * dimension];
        for (int i = 0; i < locations.length; i++) {
            locations[i] = CounterRandom.normal(key, i);
            scales[i] = 0.2 + CounterRandom.uniform(key, 1L << 40 | i);
        }
        return LightBridge.diagonal(0.3, logWeights, locations, scales).build();
    }

    static float[] points(int count, long seed) {
        long key = CounterRandom.key(seed, 2);
        float[] x = new float[count];
        for (int i = 0; i < count; i++) {
            x[i] = CounterRandom.normal(key, i);
        }
        return x;
    }

    /** Two models, "a" of dimension 7 and "b" of dimension 50. */
    static Models models() {
        Map<String, LightBridge> models = new LinkedHashMap<>();
        models.put("a", bridge(7, 1));
        models.put("b", bridge(50, 2));
        return Models.of(models);
    }

    static float[] samples(LightBridge bridge, long seed, long index, float[] x) {
        float[] y = new float[x.length];
        BridgeSampler sampler = new BridgeSampler(bridge);
        for (int n = 0; n < x.length / bridge.dimension(); n++) {
            sampler.sample(seed, index + n, x, n * bridge.dimension(), y, n * bridge.dimension());
        }
        return y;
    }

    /** Shared memory of the test's own. */
    static Path directory(String test) {
        return ServiceOptions.defaultDirectory().resolveSibling("pontoon-test-" + test + "-" + ProcessHandle.current().pid());
    }

    /** Options of a server that cuts nobody off because the machine is busy. */
    static ServiceOptions.Builder options(String test) {
        return ServiceOptions.builder().directory(directory(test)).idle(Idle.PARKING).warmUp(Duration.ZERO).patience(PATIENCE);
    }

    static BridgeClient client(String test) {
        return BridgeClient.connect(directory(test), ServiceOptions.IPC, ServiceOptions.STREAM, Idle.PARKING, PATIENCE);
    }
}
