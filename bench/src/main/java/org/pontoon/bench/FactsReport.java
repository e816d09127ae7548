package org.pontoon.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.pontoon.engine.internal.kernel.FloatMath;
import org.pontoon.engine.internal.kernel.MatrixProduct;
import org.pontoon.engine.internal.vector.VectorSupport;
import org.pontoon.engine.random.CounterRandom;

/**
 * Do results change when C2 takes over? Evaluates operations of the Vector API, and kernels of the engine, once in cold code and again on
 * the same input after having run for some seconds, and counts the results whose bits differ. The engine's own must not change.
 *
 * <p>The command repeats this in JVMs of its own: as it is, with 256-bit and 128-bit vectors, and with the JDK's vector mathematics in Java
 * instead of SVML.
 */
public final class FactsReport {

    /**
     * What became of one operation.
     *
     * @param operation its name
     * @param results number of results compared
     * @param changed number of them whose bits differ
     * @param largest largest relative difference
     */
    public record Change(String operation, int results, int changed, double largest) {
    }

    private static final VectorSpecies<Float> F = VectorSupport.FLOATS;
    private static final VectorSpecies<Double> D = VectorSpecies.of(double.class, F.vectorShape());
    private static final int VALUES = 4096;

    private FactsReport() {
    }

    /** Fills an array with results, by one fixed code path. */
    private interface Operation {
        void run(double[] results);
    }

    /**
     * Compares cold with hot code in this JVM. It must not have run these operations before.
     *
     * @param seconds how long to run each operation between the two
     * @return one entry for each operation
     */
    public static List<Change> measure(double seconds) {
        float[] normals = Synthetic.normals(VALUES, 30);
        double[] doubles = new double[VALUES];
        float[] positive = new float[VALUES];
        for (int i = 0; i < VALUES; i++) {
            doubles[i] = normals[i] * 3.0 + 1e-9 * normals[VALUES - 1 - i];
            positive[i] = Math.abs(normals[i]) + 0.001f;
        }
        Map<String, Operation> operations = new LinkedHashMap<>();
        operations.put("float reduceLanes(ADD)", r -> floatSums(normals, r));
        operations.put("double reduceLanes(ADD)", r -> doubleSums(doubles, r));
        operations.put("float lanewise(EXP)", r -> floatExp(normals, r));
        operations.put("double lanewise(EXP)", r -> doubleExp(doubles, r));
        operations.put("float lanewise(LOG)", r -> floatLog(positive, r));
        operations.put("engine: FloatMath.exp", r -> engineExp(normals, r));
        operations.put("engine: CounterRandom.fillNormals", FactsReport::engineNormals);
        operations.put("engine: MatrixProduct.accumulate", r -> engineProduct(normals, r));
        List<Change> changes = new ArrayList<>();
        operations.forEach((name, operation) -> changes.add(compare(name, operation, seconds)));
        return changes;
    }

    private static Change compare(String name, Operation operation, double seconds) {
        double[] cold = new double[VALUES];
        double[] hot = new double[VALUES];
        Arrays.fill(cold, Double.NaN);
        operation.run(cold);
        long end = System.nanoTime() + (long) (seconds * 1e9);
        while (System.nanoTime() < end) {
            operation.run(hot);
        }
        int results = 0;
        int changed = 0;
        double largest = 0;
        for (int i = 0; i < VALUES && !Double.isNaN(cold[i]); i++) {
            results++;
            if (Double.doubleToRawLongBits(cold[i]) != Double.doubleToRawLongBits(hot[i])) {
                changed++;
                largest = Math.max(largest, Math.abs(cold[i] - hot[i]) / Math.abs(cold[i]));
            }
        }
        return new Change(name, results, changed, largest);
    }

    private static void floatSums(float[] values, double[] results) {
        for (int i = 0; i < VALUES; i += F.length()) {
            results[i / F.length()] = FloatVector.fromArray(F, values, i).reduceLanes(VectorOperators.ADD);
        }
    }

    private static void doubleSums(double[] values, double[] results) {
        for (int i = 0; i < VALUES; i += D.length()) {
            results[i / D.length()] = DoubleVector.fromArray(D, values, i).reduceLanes(VectorOperators.ADD);
        }
    }

    private static void floatExp(float[] values, double[] results) {
        float[] lanes = new float[VALUES];
        for (int i = 0; i < VALUES; i += F.length()) {
            FloatVector.fromArray(F, values, i).lanewise(VectorOperators.EXP).intoArray(lanes, i);
        }
        widen(lanes, results);
    }

    private static void floatLog(float[] values, double[] results) {
        float[] lanes = new float[VALUES];
        for (int i = 0; i < VALUES; i += F.length()) {
            FloatVector.fromArray(F, values, i).lanewise(VectorOperators.LOG).intoArray(lanes, i);
        }
        widen(lanes, results);
    }

    private static void doubleExp(double[] values, double[] results) {
        for (int i = 0; i < VALUES; i += D.length()) {
            DoubleVector.fromArray(D, values, i).lanewise(VectorOperators.EXP).intoArray(results, i);
        }
    }

    private static void engineExp(float[] values, double[] results) {
        float[] copy = values.clone();
        FloatMath.exp(copy, 0, VALUES);
        widen(copy, results);
    }

    private static void engineNormals(double[] results) {
        float[] normals = new float[VALUES];
        new CounterRandom().fillNormals(CounterRandom.key(1, 2), 0, normals, 0, VALUES);
        widen(normals, results);
    }

    private static void engineProduct(float[] values, double[] results) {
        float[] product = new float[VALUES];
        MatrixProduct.accumulate(values, 0, 16, 1, values, 0, 64, 64, 64, 16, product, 0, 64);
        widen(product, results);
    }

    private static void widen(float[] values, double[] results) {
        for (int i = 0; i < VALUES; i++) {
            results[i] = values[i];
        }
    }

    /**
     * Runs the comparison under several options of the JVM and prints a Markdown table.
     *
     * @param args {@code [--seconds S] [--out FILE.md]}; {@code --here} measures in this JVM and prints JSON
     * @throws IOException if a JVM cannot be started or the file not be written
     * @throws InterruptedException if interrupted
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        double seconds = 3;
        Path file = null;
        boolean here = false;
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--here" -> here = true;
                case "--seconds" -> seconds = Double.parseDouble(args[++i]);
                case "--out" -> file = Path.of(args[++i]);
                default -> throw new IllegalArgumentException("unknown option " + args[i] + ", expected --seconds S, --out FILE or --here");
            }
        }
        if (here) {
            for (Change c : measure(seconds)) {
                Map<String, Object> line = new LinkedHashMap<>();
                line.put("operation", c.operation());
                line.put("results", c.results());
                line.put("changed", c.changed());
                line.put("largest", c.largest());
                System.out.println(Json.line(line));
            }
            return;
        }
        String table = table(seconds);
        System.out.print(table);
        if (file != null) {
            Files.writeString(file, table);
        }
    }

    private static String table(double seconds) throws IOException, InterruptedException {
        Map<String, String> variants = new LinkedHashMap<>();
        variants.put("widest vectors", "");
        variants.put("256 bits", "-XX:UseAVX=2");
        variants.put("128 bits", "-XX:MaxVectorSize=16");
        variants.put("no SVML", "-Djdk.incubator.vector.VectorMathLibrary=java");
        Map<String, List<String>> rows = new LinkedHashMap<>();
        for (String option : variants.values()) {
            for (Change c : child(option, seconds)) {
                rows.computeIfAbsent(c.operation(), name -> new ArrayList<>()).add(c.changed() == 0 ? "0 of " + c.results()
                    : String.format(Locale.ROOT, "%d of %d (%.1e)", c.changed(), c.results(), c.largest()));
            }
        }
        StringBuilder out = new StringBuilder("Results that changed their bits between cold and hot code (largest relative change):\n\n");
        out.append("| operation | ").append(String.join(" | ", variants.keySet())).append(" |\n");
        out.append("|---|").append("---|".repeat(variants.size())).append('\n');
        rows.forEach(
            (operation, cells) -> out.append("| ").append(operation).append(" | ").append(String.join(" | ", cells)).append(" |\n"));
        return out.toString();
    }

    private static List<Change> child(String option, double seconds) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), ForkFlags.VECTOR,
            ForkFlags.EXPORTS, "-XX:+IgnoreUnrecognizedVMOptions"));
        if (!option.isEmpty()) {
            command.add(option);
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), FactsReport.class.getName(), "--here", "--seconds",
            Double.toString(seconds)));
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        List<Change> changes = new ArrayList<>();
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Map<String, Object> c = Json.parseObject(line);
                changes.add(new Change((String) c.get("operation"), ((Double) c.get("results")).intValue(), ((Double) c.get("changed"))
                    .intValue(), (Double) c.get("largest")));
            }
        }
        if (process.waitFor() != 0) {
            throw new IOException("the JVM with " + option + " ended with " + process.exitValue());
        }
        return changes;
    }
}
