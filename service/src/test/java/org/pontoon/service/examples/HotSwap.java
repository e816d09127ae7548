package org.pontoon.service.examples;

import java.io.IOException;
import java.nio.file.Path;

import org.pontoon.engine.bridge.LiveBridge;
import org.pontoon.engine.file.BridgeFile;

/** Replaces a bridge while another thread translates with it: no pause, and no answer of half a bridge. */
final class HotSwap {

    private HotSwap() {
    }

    static LiveBridge open(Path file) throws IOException {
        return new LiveBridge(BridgeFile.read(file));
    }

    /** On the thread that translates: one sampler for one request. */
    static void translate(LiveBridge.Reader reader, float[] x, float[] y) {
        reader.sampler().mean(x, 0, y, 0);
    }

    /** On any other thread. */
    static long reload(LiveBridge live, Path file) throws IOException {
        return live.replace(BridgeFile.read(file));
    }
}
