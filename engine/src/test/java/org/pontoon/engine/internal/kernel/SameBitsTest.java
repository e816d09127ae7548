package org.pontoon.engine.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.pontoon.engine.memory.Floats;

/**
 * Holds every kernel to bits that were written down once, so that no vector width, compiler or machine has bits of its own. A checksum may
 * change only together with the arithmetic of its kernel.
 */
@Tag("widths")
@Tag("widths-small")
class SameBitsTest {

    @Test
    void matrixProduct() {
        float[] p = Floats.random(1, 13 * 37, 2f);
        float[] q = Floats.random(2, 37 * 144, 2f);
        float[] out = Floats.random(3, 13 * 144, 2f);
        org.pontoon.engine.internal.vector.MatrixProduct.accumulate(p, 0, 37, 1, q, 0, 144, 13, 144, 37, out, 0, 144);
        assertThat(Floats.checksum(out)).isEqualTo("6c5c43dd");
    }

    @Test
    void responsibilities() {
        float[] logits = Floats.random(1, 37 * 64, 60f);
        org.pontoon.engine.internal.vector.Responsibilities.softmax(logits, 37, 64, Floats.random(2, 64, 1f));
        assertThat(Floats.checksum(logits)).isEqualTo("92397fc3");
    }

    @Test
    void responsibilitySums() {
        float[] sums = Floats.random(1, 37, 1f);
        org.pontoon.engine.internal.vector.Responsibilities.addSums(Floats.random(2, 37 * 64, 1f), 37, 64, sums, new float[16]);
        assertThat(Floats.checksum(sums)).isEqualTo("749c9f25");
    }

    @Test
    void pointTile() {
        float[] rows = Floats.random(1, PointTile.SIZE * 112, 3f);
        float[] columns = new float[PointTile.SIZE * 104];
        org.pontoon.engine.internal.vector.PointTile.transpose(rows, 112, 13, columns);
        PointTile.products(13, rows, 112, columns);
        assertThat(Floats.checksum(rows)).isEqualTo("fb548265");
        assertThat(Floats.checksum(columns)).isEqualTo("3e4bae6b");
    }

    @Test
    void diagonalForms() {
        float[] logits = Floats.random(1, 13 * 64, 1f);
        float[] slope = Floats.random(2, 13 * 48, 1f);
        float[] curve = Floats.random(3, 13 * 48, 1f);
        org.pontoon.engine.internal.vector.DiagonalForms.forward(slope, curve, 48, 13, 37, Floats.random(4, 37 * 64, 2f), logits);
        assertThat(Floats.checksum(logits)).isEqualTo("d961447e");
        org.pontoon.engine.internal.vector.DiagonalForms.backward(logits, 13, 61, Floats.random(5, 64 * 64, 2f), 64, 48, slope, curve);
        assertThat(Floats.checksum(slope)).isEqualTo("616b72e5");
        assertThat(Floats.checksum(curve)).isEqualTo("1abeb5a7");
    }

    @Test
    void logits() {
        float[] out = new float[112];
        org.pontoon.engine.internal.vector.MixtureRow.logits(null, MemorySegment.ofArray(Floats.random(1, 67 * 112, 2f)), 112,
            Floats.random(2, 67, 2f), 67, out);
        assertThat(Floats.checksum(out)).isEqualTo("3c3e9be3");
    }

    @Test
    void softmaxOfOnePoint() {
        float[] out = Floats.random(1, 112, 60f);
        org.pontoon.engine.internal.vector.MixtureRow.softmax(out, 100, 112, new int[100]);
        assertThat(Floats.checksum(Arrays.copyOf(out, 100))).isEqualTo("9c9abd13");
    }

    @Test
    void affineMap() {
        float[] out = Floats.random(5, 112, 1f);
        org.pontoon.engine.internal.vector.MixtureRow.affine(Floats.random(1, 50, 1f), IntStream.range(0, 50).toArray(), 50,
            Floats.random(2, 50 * 112, 2f),
            Floats.random(3, 50 * 112, 2f), 112, out, Floats.random(4, 112, 2f), out);
        assertThat(Floats.checksum(out)).isEqualTo("8885e22a");
    }

    @Test
    void draw() {
        float[] out = Floats.random(6, 112, 1f);
        org.pontoon.engine.internal.vector.MixtureRow.addDraw(Floats.random(1, 224, 2f), Floats.random(2, 224, 2f),
            Floats.random(3, 224, 2f), 112, 112,
            Floats.random(4, 112, 2f), Floats.random(5, 112, 2f), out);
        assertThat(Floats.checksum(out)).isEqualTo("7bf15bda");
    }

    @Test
    void matrixTimesVector() {
        float[] out = Floats.random(3, 48, 1f);
        org.pontoon.engine.internal.vector.MixtureRow.addProduct(Floats.random(1, 37 * 48, 2f), 0, 48, 37, 0.3f, Floats.random(2, 37, 2f),
            out);
        assertThat(Floats.checksum(out)).isEqualTo("7f353b2a");
    }

    @Test
    void adam() {
        float[] parameters = Floats.random(1, 112, 1f);
        float[] first = new float[112];
        float[] second = new float[112];
        for (int step = 1; step <= 20; step++) {
            org.pontoon.engine.internal.vector.Adam.step(parameters, Floats.random(10 + step, 112, 3f), first, second, 1e-2, step);
        }
        assertThat(Floats.checksum(parameters)).isEqualTo("fe1a9332");
    }

    @Test
    void diagonalMixture() {
        float[] location = Floats.random(1, 48, 2f);
        float[][] out = new float[8][48];
        org.pontoon.engine.internal.vector.DiagonalMixture.coefficients(location, Floats.random(2, 48, 5f), 0, 48, 0.3f, out[0], out[1],
            out[2], out[3], out[4], out[5]);
        org.pontoon.engine.internal.vector.DiagonalMixture.gradients(Floats.random(3, 48, 2f), Floats.random(4, 48, 2f),
            Floats.random(5, 48, 2f), Floats.random(6, 48, 2f),
            0.7f,
            location, out[4], 0, 33, 0.3f, out[6], out[7]);
        float[] all = new float[8 * 48];
        for (int i = 0; i < 8; i++) {
            System.arraycopy(out[i], 0, all, i * 48, 48);
        }
        assertThat(Floats.checksum(all)).isEqualTo("c2257322");
    }
}
