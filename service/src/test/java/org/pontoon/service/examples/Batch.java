package org.pontoon.service.examples;

import org.pontoon.engine.bridge.BridgeTransport;
import org.pontoon.engine.bridge.LightBridge;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;

/** Translates a cloud on all cores: the same bytes as point by point. */
final class Batch {

    private Batch() {
    }

    static float[] run(LightBridge bridge, float[] rows) {
        try (TileScheduler scheduler = new TileScheduler(Runtime.getRuntime().availableProcessors());
                PointCloud x = PointCloud.ofRows(rows, rows.length / bridge.dimension(), bridge.dimension());
                PointCloud y = new BridgeTransport(bridge, scheduler).sample(x, 1, 42)) {
            return y.toRows();
        }
    }
}
