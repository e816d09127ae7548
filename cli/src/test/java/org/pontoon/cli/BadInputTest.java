package org.pontoon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.pontoon.cli.report.Pixels;
import org.pontoon.engine.file.NpyArray;
import org.pontoon.engine.file.NpyFile;
import org.pontoon.engine.file.NpzFile;

/** Every bad input: exit code 2, one line that names what is wrong, and no file more than before. */
class BadInputTest {

    @TempDir
    private static Path directory;

    @BeforeAll
    static void writeFiles() throws IOException {
        Run.cloud(file("x.npy"), 40, 3, 0, 1);
        Run.cloud(file("y.npy"), 50, 3, 1, 2);
        Run.cloud(file("wide.npy"), 40, 4, 0, 3);
        Run.cloud(file("one.npy"), 1, 3, 0, 4);
        NpyFile.write(file("flat.npy"), NpyArray.of(new float[40], 10, 4));
        NpyFile.write(file("none.npy"), NpyArray.of(new float[0], 0, 3));
        NpyFile.write(file("cube.npy"), NpyArray.of(new float[24], 2, 4, 3));
        NpyFile.write(file("words.npy"), NpyArray.of(new String[] {"a", "b"}, 2, 1));
        Files.writeString(file("text.npy"), "1,2,3\n4,5,6\n");
        byte[] whole = Files.readAllBytes(file("x.npy"));
        Files.write(file("cut.npy"), Arrays.copyOf(whole, whole.length - 5));
        Files.write(file("header-cut.npy"), Arrays.copyOf(whole, 30));
        Files.write(file("empty.npy"), new byte[0]);
        float[] values = new float[120];
        values[3 * 17 + 2] = Float.NaN;
        NpyFile.write(file("nan.npy"), NpyArray.of(values, 40, 3));
        values[3 * 17 + 2] = Float.NEGATIVE_INFINITY;
        NpyFile.write(file("infinite.npy"), NpyArray.of(values, 40, 3));
        Files.writeString(file("ragged.csv"), "1,2,3\n4,5\n");
        Files.writeString(file("letters.csv"), "1,2,3\n4,b,6\n");
        NpyFile.write(file("weights.npy"), NpyArray.of(new float[39], 39));
        float[] negative = new float[40];
        Arrays.fill(negative, 1);
        negative[7] = -1;
        NpyFile.write(file("negative.npy"), NpyArray.of(negative, 40));
        NpyFile.write(file("zeros.npy"), NpyArray.of(new float[40], 40));
        negative[7] = 1;
        negative[8] = 2;
        NpyFile.write(file("other.npy"), NpyArray.of(negative, 40));
        Run.of("fit", "--source", file("x.npy"), "--target", file("y.npy"), "--out", file("model.npz"), "--steps", 20, "--checkpoint",
            file("checkpoint.npz"), "--checkpoint-every", 10).done();
        SequencedMap<String, NpyArray> arrays = new LinkedHashMap<>(NpzFile.read(file("model.npz")));
        arrays.put("version", NpyArray.scalar(2L));
        NpzFile.write(file("future.npz"), arrays);
        arrays.put("version", NpyArray.scalar(1L));
        arrays.remove("S");
        NpzFile.write(file("part.npz"), arrays);
        Files.writeString(file("text.png"), "no picture");
        new Pixels(2, 2, new int[] {0xFFFFFF, 0xFFFFFF, 0xFFFFFF, 0xFFFFFF}).write(file("white.png"));
        Files.createDirectory(file("directory"));
        Files.createDirectory(file("directory.npz"));
    }

    private static Path file(String name) {
        return directory.resolve(name);
    }

    private static Stream<Arguments> cases() {
        return Stream.of(
            // files
            fit("missing source", "--source", "absent.npy", "absent.npy"),
            fit("truncated values", "--source", "cut.npy", "cut.npy"),
            fit("truncated header", "--source", "header-cut.npy", "header-cut.npy"),
            fit("empty file", "--source", "empty.npy", "empty.npy"),
            fit("text called .npy", "--source", "text.npy", "text.npy"),
            fit("wrong dtype", "--source", "words.npy", "words.npy", "<U1"),
            fit("3-D array", "--source", "cube.npy", "cube.npy", "(2, 4, 3)", "(N, D)"),
            fit("dimensions differ", "--target", "wide.npy", "wide.npy", "4", "3"),
            fit("one row", "--source", "one.npy", "one.npy", "1 row"),
            fit("one row of the target", "--target", "one.npy", "one.npy", "1 row"),
            fit("zero rows", "--source", "none.npy", "none.npy", "0"),
            fit("NaN", "--source", "nan.npy", "nan.npy", "NaN", "row 17", "column 2"),
            fit("infinity", "--target", "infinite.npy", "infinite.npy", "-Infinity", "row 17", "column 2"),
            fit("unknown kind of file", "--source", "x.txt", "x.txt", ".csv"),
            fit("ragged CSV", "--source", "ragged.csv", "ragged.csv", "line 2", "2 columns"),
            fit("CSV with a word", "--source", "letters.csv", "letters.csv", "line 2", "column 2", "'b'"),
            // weights
            fit("too few weights", "--weights-source", "weights.npy", "weights.npy", "39", "40"),
            fit("negative weight", "--weights-source", "negative.npy", "negative.npy", "row 7", "-1"),
            fit("no weight at all", "--weights-source", "zeros.npy", "zeros.npy", "positive sum"),
            // options of fit
            fit("more components than rows", "--components", "51", "--components", "51", "50", "y.npy"),
            fit("no component", "--components", "0", "--components"),
            fit("epsilon 0", "--epsilon", "0", "--epsilon", "0"),
            fit("epsilon negative", "--epsilon", "-1", "--epsilon", "-1"),
            fit("epsilon NaN", "--epsilon", "NaN", "--epsilon"),
            fit("epsilon a word", "--epsilon", "small", "--epsilon", "small"),
            fit("no step", "--steps", "0", "--steps"),
            fit("empty batch", "--batch", "0", "--batch"),
            fit("empty source batch", "--source-batch", "0", "--source-batch"),
            fit("learning rate", "--learning-rate", "0", "--learning-rate"),
            fit("initial scale", "--initial-scale", "-1", "--initial-scale"),
            fit("covariance", "--covariance", "round", "--covariance", "round"),
            fit("all held out", "--hold-out", "1", "--hold-out"),
            fit("next to nothing held out", "--hold-out", "0.001", "--hold-out", "x.npy"),
            fit("threads", "--threads", "0", "--threads"),
            fit("unknown option", "--epsilom", "1", "--epsilom"),
            fit("resume from nowhere", "--seed", "1 --resume", "--checkpoint"),
            fit("checkpoint of other components", "--components", "5 --resume --checkpoint checkpoint.npz", "checkpoint.npz", "10", "5"),
            fit("checkpoint of another epsilon", "--epsilon", "1 --resume --checkpoint checkpoint.npz", "checkpoint.npz", "0.1"),
            fit("checkpoint of another seed", "--seed", "7 --resume --checkpoint checkpoint.npz", "checkpoint.npz", "--seed", "42", "7"),
            fit("checkpoint of another rate", "--learning-rate", "1 --resume --checkpoint checkpoint.npz", "--learning-rate", "0.01"),
            fit("checkpoint of other clouds", "--weights-source", "other.npy --resume --checkpoint checkpoint.npz", "checkpoint.npz",
                "clouds"),
            fit("checkpoint beyond the steps", "--steps", "5 --resume --checkpoint checkpoint.npz", "checkpoint.npz", "20", "--steps"),
            fit("model as checkpoint", "--resume --checkpoint", "model.npz", "model.npz"),
            fit("checkpoint as model", "--warm-start", "checkpoint.npz", "checkpoint.npz"),
            fit("warm start of other components", "--components", "5 --warm-start model.npz", "model.npz", "10", "5"),
            fit("checkpoint over the model", "--checkpoint", "new.npz", "new.npz"),
            // outputs
            fit("output in no directory", "--out", "nowhere/new.npz", "nowhere"),
            fit("output is a directory", "--out", "directory.npz", "directory.npz"),
            fit("checkpoint in no directory", "--checkpoint", "nowhere/c.npz", "nowhere"),
            of("no source", "fit --target y.npy --out new.npz", "--source"),
            // transport
            transport("time above 1", "--time", "1.5", "--time", "1.5", "[0, 1]"),
            transport("time below 0", "--time", "-0.1", "--time", "-0.1"),
            transport("time NaN", "--time", "NaN", "--time"),
            transport("model of another version", "--model", "future.npz", "future.npz", "version 2", "version 1"),
            transport("model without S", "--model", "part.npz", "part.npz", "'S'"),
            transport("cloud as model", "--model", "x.npy", "x.npy"),
            transport("missing model", "--model", "absent.npz", "absent.npz"),
            transport("dimension of another model", "--source", "wide.npy", "wide.npy", "4", "3"),
            transport("samples", "--samples", "0", "--samples"),
            transport("far too many samples", "--samples", "2000000000", "--samples", "x.npy"),
            transport("several means", "--samples", "2 --mean", "--mean"),
            transport("unknown kind of output", "--out", "new.txt", "new.txt", ".csv"),
            transport("output in no directory", "--out", "nowhere/new.npy", "nowhere"),
            // path
            path("steps", "--steps", "0", "--steps"),
            path("method", "--method", "magic", "--method", "magic"),
            path("picture of unknown kind", "--plot", "new.gif", "new.gif", ".svg"),
            path("output of unknown kind", "--out", "new.csv", "new.csv", ".npy"),
            path("NaN", "--source", "nan.npy", "nan.npy", "row 17"),
            // distance and flow
            distance("unknown loss", "wasserstien x.npy y.npy", "wasserstien", "sinkhorn"),
            distance("dimension", "energy x.npy wide.npy", "wide.npy", "4", "3", "x.npy"),
            distance("missing file", "energy x.npy absent.npy", "absent.npy"),
            distance("missing shape", "energy x.npy blob", "blob", "heart"),
            distance("NaN", "sinkhorn nan.npy y.npy", "nan.npy", "row 17"),
            distance("blur of zero", "sinkhorn x.npy y.npy --blur 0", "--blur"),
            distance("blur of the energy", "energy x.npy y.npy --blur 1", "--blur", "energy"),
            distance("reach of a kernel", "gaussian x.npy y.npy --reach 1", "--reach", "gaussian"),
            distance("negative reach", "sinkhorn x.npy y.npy --reach -1", "--reach"),
            distance("p", "sinkhorn x.npy y.npy --p 3", "--p", "3"),
            distance("p of sliced", "sliced x.npy y.npy --p 0.5", "--p", "0.5"),
            distance("projections", "sliced x.npy y.npy --projections 0", "--projections"),
            distance("projections of the energy", "energy x.npy y.npy --projections 5", "--projections", "energy"),
            distance("line in space", "wasserstein-1d x.npy y.npy", "x.npy", "3", "expected 1"),
            distance("scaling", "sinkhorn x.npy y.npy --scaling 1", "--scaling"),
            distance("tolerance", "sinkhorn x.npy y.npy --tolerance NaN", "--tolerance"),
            distance("number of weights", "energy x.npy y.npy --weights-x weights.npy", "weights.npy", "39", "40"),
            distance("negative weight", "energy x.npy y.npy --weights-x negative.npy", "negative.npy", "row 7"),
            distance("gradient of unknown kind", "energy x.npy y.npy --gradient new.csv", "--gradient", ".npy"),
            distance("gradient in no directory", "energy x.npy y.npy --gradient nowhere/new.npy", "nowhere"),
            distance("picture that is none", "energy text.png y.npy", "text.png"),
            distance("white picture", "energy white.png y.npy", "white.png", "mass 0"),
            distance("no points", "energy disk y.npy --points 0", "--points"),
            flow("learning rate", "--learning-rate 0", "--learning-rate"),
            flow("steps", "--steps 0", "--steps"),
            flow("momentum", "--momentum 1", "--momentum"),
            flow("falling snapshots", "--snapshots 1,.5", "--snapshots", "0.5"),
            flow("output that is a file", "--out x.npy", "x.npy", "directory"),
            of("unknown flow", "flow usb x.npy y.npy --out directory", "usb", "usd", "sinkhorn"),
            descent("features of svgd", "svgd x.npy y.npy --features 10", "--features", "svgd"),
            descent("no feature", "usd x.npy y.npy --features 0", "--features", "0"),
            descent("blur of usd", "usd x.npy y.npy --blur 1", "--blur", "usd"),
            descent("blur of zero", "svgd x.npy y.npy --blur 0", "--blur", "0"),
            descent("alpha of sobolev", "sobolev x.npy y.npy --alpha 1", "--alpha", "sobolev"),
            descent("alpha of a loss", "energy x.npy y.npy --alpha 1", "--alpha", "energy"),
            descent("unknown critic", "usd x.npy y.npy --critic forest", "--critic", "forest"),
            descent("critic of a kernel", "mmd x.npy y.npy --critic neural", "--critic", "mmd"),
            descent("critic of a density", "svgd x.npy y.npy --critic neural", "--critic", "svgd"),
            descent("ridge of a network", "usd x.npy y.npy --critic neural --ridge 1", "--ridge", "neural"),
            descent("free mass of a network", "usd x.npy y.npy --critic neural --free-mass", "--free-mass", "neural"),
            descent("adaptive network", "usd x.npy y.npy --critic neural --adaptive", "--adaptive", "neural"),
            descent("free mass of births", "birth-death x.npy y.npy --free-mass", "--free-mass", "birth-death"),
            descent("negative ridge", "usd x.npy y.npy --ridge -1", "--ridge", "-1"),
            descent("bandwidth", "usd x.npy y.npy --bandwidths 1,0", "--bandwidths", "0"),
            descent("two bandwidths", "ksd x.npy y.npy --bandwidths 1,2", "--bandwidths", "2 values"),
            descent("everything held out", "usd x.npy y.npy --hold-out 1", "--hold-out"),
            descent("next to nothing held out", "usd x.npy y.npy --hold-out 0.001", "--hold-out", "y.npy"),
            descent("noise and adaptive steps", "mmd x.npy y.npy --noise 1 --adaptive", "noise", "adaptive"),
            descent("adaptive births", "birth-death x.npy y.npy --adaptive", "--adaptive"),
            descent("momentum of usd", "usd x.npy y.npy --momentum 0.5", "--momentum", "usd"),
            descent("weights of births", "birth-death x.npy y.npy --weights-x other.npy", "--weights-x"),
            descent("one state", "usd x.npy y.npy --steps 1", "--steps"),
            descent("dimension", "usd x.npy wide.npy", "wide.npy", "4", "3"),
            descent("flat target", "svgd wide.npy flat.npy", "singular"),
            of("flow without output", "flow energy x.npy y.npy", "--out"),
            descent("loss without a second cloud", "energy x.npy", "energy", "second cloud"),
            descent("descent without a second cloud", "usd x.npy", "usd", "second cloud"),
            descent("unknown flow of one cloud", "entropic x.npy", "entropic", "entropy"),
            descent("divergence without a second cloud", "hellinger x.npy", "hellinger", "second cloud"),
            descent("entropy with a second cloud", "entropy x.npy y.npy", "entropy", "X alone"),
            descent("weights of no second cloud", "entropy x.npy --weights-y weights.npy", "--weights-y"),
            descent("unknown scheme", "entropy x.npy --scheme heun", "--scheme", "heun", "sw-jko"),
            descent("scheme of a loss", "energy x.npy y.npy --scheme ula", "--scheme", "energy"),
            descent("Langevin steps of an entropy", "entropy x.npy --scheme ula", "ula", "free-energy"),
            descent("scheme of the sliced flow", "sliced-flow x.npy y.npy --scheme euler", "--scheme", "sliced-flow"),
            descent("entropy of a potential", "potential x.npy --entropy 1", "--entropy", "potential"),
            descent("negative entropy", "sliced-flow x.npy y.npy --entropy -1", "--entropy", "-1"),
            descent("momentum of Langevin steps", "free-energy x.npy --scheme mala --momentum .5", "--momentum", "mala"),
            descent("adaptive implicit steps", "free-energy x.npy --scheme sw-jko --adaptive", "--adaptive", "sw-jko"),
            descent("weights of implicit steps", "free-energy x.npy --scheme sw-jko --weights-x zeros.npy", "--weights-x", "sw-jko"),
            descent("blur of a quartic energy", "quartic x.npy --blur 1", "--blur", "quartic"),
            descent("projections", "sliced-flow x.npy y.npy --projections 0", "--projections", "0"),
            descent("features of an entropy", "entropy x.npy --features 10", "--features", "entropy"),
            descent("entropy of a flat cloud", "entropy flat.npy", "singular"),
            descent("entropy of one point", "entropy one.npy", "singular"),
            // the others
            of("files for an experiment that takes none", "reproduce swiss-roll x.npy", "swiss-roll", "none"),
            of("one image of two", "reproduce color-transfer white.png --out directory", "color-transfer", "2"),
            of("images that are none", "reproduce color-transfer text.png white.png --out directory", "text.png"),
            of("info on nothing", "info absent.npy", "absent.npy"),
            of("info on a damaged file", "info header-cut.npy", "header-cut.npy"),
            of("info on a directory", "info directory", "directory"),
            of("unknown experiment", "reproduce nothing", "nothing", "swiss-roll"),
            of("experiment without its data", "reproduce msci --out directory", "--data"),
            of("experiment into a file", "reproduce swiss-roll --out x.npy", "x.npy", "directory"),
            of("experiment with missing data", "reproduce msci --data directory --out directory", "full_cite_pcas_50_day_2.npy"),
            of("unknown command", "sing", "sing"));
    }

    /** A fit that would succeed, but for one option. */
    private static Arguments fit(String name, String option, String value, String... expected) {
        return changed(name, "fit", List.of("--source", "x.npy", "--target", "y.npy", "--out", "new.npz", "--steps", "20"), option, value,
            expected);
    }

    private static Arguments transport(String name, String option, String value, String... expected) {
        return changed(name, "transport", List.of("--model", "model.npz", "--source", "x.npy", "--out", "new.npy"), option, value,
            expected);
    }

    private static Arguments path(String name, String option, String value, String... expected) {
        return changed(name, "path", List.of("--model", "model.npz", "--source", "x.npy", "--out", "new.npy"), option, value, expected);
    }

    private static Arguments distance(String name, String line, String... expected) {
        return of("distance, " + name, "distance " + line, expected);
    }

    private static Arguments flow(String name, String line, String... expected) {
        return of("flow, " + name, "flow energy x.npy y.npy " + (line.startsWith("--out") ? "" : "--out directory ") + line, expected);
    }

    private static Arguments descent(String name, String line, String... expected) {
        return of("flow, " + name, "flow " + line + " --out directory", expected);
    }

    private static Arguments changed(String name, String command, List<String> good, String option, String value, String... expected) {
        List<String> args = new ArrayList<>(good);
        int at = args.indexOf(option);
        if (at >= 0) {
            args.subList(at, at + 2).clear();
        }
        args.add(option);
        args.add(value);
        return of(command + ", " + name, command + " " + String.join(" ", args), expected);
    }

    private static Arguments of(String name, String line, String... expected) {
        return Arguments.of(name, line, expected);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void badInputIsOneLineAndLeavesNoFile(String name, String line, String[] expected) {
        Object[] args = Arrays.stream(line.split(" ")).map(word -> word.matches("[a-z-]+(/[a-z]+)?\\.[a-z]+|directory") ? file(word) : word)
            .toArray();
        TreeSet<String> before = list();
        Run run = Run.of(args);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).startsWith("pontoon: ").contains(expected).doesNotContain("internal error");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(list()).isEqualTo(before);
    }

    private static TreeSet<String> list() {
        try (Stream<Path> files = Files.walk(directory)) {
            TreeSet<String> names = new TreeSet<>();
            files.forEach(file -> names.add(file.toString()));
            return names;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
