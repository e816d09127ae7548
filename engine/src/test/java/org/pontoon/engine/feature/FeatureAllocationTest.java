package org.pontoon.engine.feature;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.pontoon.engine.internal.kernel.SymmetricProduct;
import org.pontoon.engine.memory.AllocatedBytes;
import org.pontoon.engine.memory.Floats;

@Tag("allocation")
class FeatureAllocationTest {

    @Test
    void featuresAndTheirProductsMakeNoGarbage() {
        RandomFeatures map = RandomFeatures.draw(RandomFeatures.Spectrum.GAUSSIAN, 2, 100, 9, 0.5);
        float[] x = Floats.random(2, 2 * 64, 2f);
        float[] w = Floats.random(3, 128, 1f);
        float[] scale = Floats.random(4, 64, 1f);
        float[] values = new float[64 * 64];
        float[] slopes = new float[64 * 64];
        float[] u = new float[FeatureMap.TILE];
        float[] gradient = new float[2 * FeatureMap.TILE];
        float[] scratch = new float[map.scratchSize()];
        float[] block = new float[64 * 64];
        double[] out = new double[64 * 64];
        AllocatedBytes.assertNoneWhenHot("features, products, a function", 3_000, () -> {
            map.fill(0, x, 0, 64, 64, scale, values, 0, slopes, 0, 0);
            SymmetricProduct.add(values, 0, values, 0, 64, 64, true, block, out, 0);
            SymmetricProduct.add(values, 0, slopes, 0, 48, 64, false, block, out, 0);
            map.evaluate(w, x, 0, 64, 64, scratch, u, gradient);
        });
    }
}
