package org.pontoon.engine.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pontoon.engine.memory.PointCloud;

/** Holds the files against numpy itself, where python3 has it. */
class NumpyTest {

    @TempDir
    Path folder;

    @BeforeAll
    static void numpyIsThere() {
        boolean there;
        try {
            there = new ProcessBuilder("python3", "-c", "import numpy").redirectErrorStream(true).start().waitFor() == 0;
        } catch (IOException e) {
            there = false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        assumeThat(there).as("python3 with numpy, which these tests compare with, is there").isTrue();
    }

    @Test
    void numpyOpensWhatIsWritten() throws Exception {
        try (PointCloud cloud = PointCloud.ofRows(new float[] {1, 2.5f, -3, 4, 5, 1e-30f}, 3, 2)) {
            NpyFile.writeCloud(folder.resolve("cloud.npy"), cloud);
            NpzFile.writeCloud(folder.resolve("cloud.npz"), "arr_0", cloud);
        }
        SequencedMap<String, NpyArray> arrays = new LinkedHashMap<>();
        arrays.put("format", NpyArray.scalar("Brücke 🌉"));
        arrays.put("version", NpyArray.scalar(3L));
        arrays.put("doubles", NpyArray.of(new double[] {1, 2, 3, 4, 5, 6}, 1, 2, 3));
        arrays.put("ints", NpyArray.of(new int[] {1, -2}, 2));
        arrays.put("texts", NpyArray.of(new String[] {"a", "bcd"}, 2, 1));
        arrays.put("none", NpyArray.of(new float[0], 0, 2));
        NpzFile.write(folder.resolve("model.npz"), arrays);
        python("""
                expected = np.array([[1, 2.5], [-3, 4], [5, 1e-30]], 'f4')
                for cloud in (np.load('cloud.npy'), np.load('cloud.npy', mmap_mode='r'), np.load('cloud.npz')['arr_0']):
                    assert cloud.dtype == '<f4' and cloud.flags.c_contiguous and (cloud == expected).all(), cloud
                model = np.load('model.npz')
                assert list(model) == ['format', 'version', 'doubles', 'ints', 'texts', 'none'], list(model)
                assert str(model['format']) == 'Brücke 🌉' and int(model['version']) == 3
                assert (model['doubles'] == np.arange(1, 7.).reshape(1, 2, 3)).all() and model['doubles'].dtype == '<f8'
                assert model['ints'].tolist() == [1, -2] and model['ints'].dtype == '<i4'
                assert model['texts'].tolist() == [['a'], ['bcd']] and model['none'].shape == (0, 2)
                """);
    }

    @Test
    void theBytesAreThoseThatNumpyWrites() throws Exception {
        python("""
                np.save('f4.npy', np.arange(6, dtype='f4').reshape(3, 2))
                np.save('f8.npy', np.array(1.5))
                np.save('i8.npy', np.zeros((0, 3), 'i8'))
                np.save('u.npy', np.array(['a', 'bcd']))
                """);
        sameBytes("f4.npy", NpyArray.of(new float[] {0, 1, 2, 3, 4, 5}, 3, 2));
        sameBytes("f8.npy", NpyArray.scalar(1.5));
        sameBytes("i8.npy", NpyArray.of(new long[0], 0, 3));
        sameBytes("u.npy", NpyArray.of(new String[] {"a", "bcd"}, 2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"<f4", ">f4", "<f8", ">f8"})
    void cloudsOfEveryLayoutAreRead(String dtype) throws Exception {
        python("""
                x = np.random.default_rng(1).normal(size=(1000, 7)).astype('%s')
                np.save('c.npy', x)
                np.save('f.npy', np.asfortranarray(x))
                np.savez('stored.npz', x)
                np.savez_compressed('compressed.npz', np.asfortranarray(x))
                np.lib.format.write_array(open('v2.npy', 'wb'), x, (2, 0))
                np.lib.format.write_array(open('v3.npy', 'wb'), x, (3, 0))
                x.astype('<f4').tofile('expected')
                """.formatted(dtype));
        byte[] expected = Files.readAllBytes(folder.resolve("expected"));
        for (String name : new String[] {"c.npy", "f.npy", "v2.npy", "v3.npy", "stored.npz", "compressed.npz"}) {
            Path file = folder.resolve(name);
            try (PointCloud cloud = name.endsWith("z") ? NpzFile.readCloud(file) : NpyFile.readCloud(file)) {
                assertThat(NpyBytes.floats(ByteOrder.LITTLE_ENDIAN, cloud.toRows())).as(name).isEqualTo(expected);
            }
        }
    }

    @Test
    void smallTypesAndTextsAreRead() throws Exception {
        python("""
                np.savez_compressed('types.npz', b=np.array([True, False]), i1=np.array([-1, 1], 'i1'), u2=np.array([65535], '>u2'),
                    u4=np.array([4294967295], 'u4'), text=np.array('naïve 🌉'), big=np.array(['ä', ''], '>U5'), one=7)
                """);
        SequencedMap<String, NpyArray> arrays = NpzFile.read(folder.resolve("types.npz"));
        assertThat(arrays.keySet()).containsExactly("b", "i1", "u2", "u4", "text", "big", "one");
        assertThat(arrays.get("b").toLongs()).containsExactly(1, 0);
        assertThat(arrays.get("i1").toLongs()).containsExactly(-1, 1);
        assertThat(arrays.get("u2").toLongs()).containsExactly(65535);
        assertThat(arrays.get("u4").toLongs()).containsExactly(4294967295L);
        assertThat(arrays.get("text").asText()).isEqualTo("naïve 🌉");
        assertThat(arrays.get("big").toTexts()).containsExactly("ä", "");
        assertThat(arrays.get("one").asLong()).isEqualTo(7);
    }

    private void sameBytes(String name, NpyArray array) throws IOException {
        byte[] numpys = Files.readAllBytes(folder.resolve(name));
        NpyFile.write(folder.resolve(name), array);
        assertThat(Files.readAllBytes(folder.resolve(name))).as(name).isEqualTo(numpys);
    }

    private void python(String script) throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("script.py"), "import numpy as np\n" + script);
        Process process = new ProcessBuilder("python3", file.toString()).directory(folder.toFile()).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }
}
