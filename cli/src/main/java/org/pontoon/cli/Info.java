package org.pontoon.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

import org.pontoon.cli.report.BadInput;
import org.pontoon.cli.report.Console;
import org.pontoon.cli.report.Machine;
import org.pontoon.engine.bridge.LightBridge;
import org.pontoon.engine.bridge.TrainingState;
import org.pontoon.engine.file.ArrayDescription;
import org.pontoon.engine.file.BridgeFile;
import org.pontoon.engine.file.NpzFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code pontoon info}. */
@Command(name = "info", mixinStandardHelpOptions = true, description = "Tells what a file holds, or what machine this is.")
final class Info implements Callable<Integer> {

    private final Console console;

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "A .npy, .npz or CSV file; none describes the machine.")
    private Path file;

    @Mixin
    private CommonOptions common;

    Info(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        common.apply(console);
        if (file == null) {
            Map<String, Object> machine = new LinkedHashMap<>();
            machine.put("pontoon", Version.number());
            machine.putAll(Machine.describe());
            console.report(machine);
            return Pontoon.DONE;
        }
        BadInput.unless(Files.exists(file), "there is no file %s", file);
        try {
            describeFile();
        } catch (IOException e) {
            throw Inputs.unreadable(e);
        }
        return Pontoon.DONE;
    }

    private void describeFile() throws IOException {
        Map<String, Object> result = new LinkedHashMap<>();
        List<ArrayDescription> arrays = CloudFiles.describe(file, console::remark);
        result.put("file", file.toString());
        result.put("bytes", Files.size(file));
        List<Map<String, Object>> list = new ArrayList<>();
        for (ArrayDescription a : arrays) {
            list.add(array(a));
        }
        result.put("arrays", list);
        if (isOurs(arrays)) {
            switch (NpzFile.read(file, "format").asText()) {
                case "pontoon.bridge" -> result.put("bridge", bridge(BridgeFile.read(file)));
                case "pontoon.checkpoint" -> result.put("checkpoint", checkpoint(BridgeFile.readState(file)));
                default -> {
                    // Another program's format.
                }
            }
        }
        console.report(result, text(result));
    }

    private static boolean isOurs(List<ArrayDescription> arrays) {
        return arrays.stream().anyMatch(a -> a.name().equals("format") && a.dtype().contains("U") && a.shape().isEmpty());
    }

    private static Map<String, Object> array(ArrayDescription description) {
        Map<String, Object> array = new LinkedHashMap<>();
        array.put("name", description.name());
        array.put("dtype", description.dtype());
        array.put("shape", description.shape());
        array.put("order", description.fortranOrder() ? "Fortran" : "C");
        return array;
    }

    private static Map<String, Object> bridge(LightBridge bridge) {
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("dimension", bridge.dimension());
        model.put("components", bridge.components());
        model.put("covariance", bridge.covariance().name().toLowerCase(Locale.ROOT));
        model.put("epsilon", bridge.epsilon());
        return model;
    }

    private static Map<String, Object> checkpoint(TrainingState state) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("step", state.step());
        result.put("steps", state.options().steps());
        result.put("dimension", state.dimension());
        result.put("components", state.options().components());
        result.put("covariance", state.options().covariance().name().toLowerCase(Locale.ROOT));
        result.put("epsilon", state.options().epsilon());
        result.put("learningRate", state.options().learningRate());
        result.put("seed", state.options().seed());
        return result;
    }

    private static String text(Map<String, Object> result) {
        StringBuilder text = new StringBuilder(result.get("file") + ", " + result.get("bytes") + " bytes");
        for (Object entry : (List<?>) result.get("arrays")) {
            Map<?, ?> array = (Map<?, ?>) entry;
            text.append(String.format("%n  %-18s %-6s (%s)%s", array.get("name"), array.get("dtype"),
                array.get("shape").toString().replaceAll("[\\[\\]]", ""), array.get("order").equals("Fortran") ? " Fortran order" : ""));
        }
        if (result.get("bridge") instanceof Map<?, ?> model) {
            text.append(String.format("%n  a light Schrödinger bridge: D = %s, K = %s, %s covariance, epsilon = %s", model.get("dimension"),
                model.get("components"), model.get("covariance"), model.get("epsilon")));
        }
        if (result.get("checkpoint") instanceof Map<?, ?> state) {
            text.append(
                String.format("%n  a checkpoint of step %s of a fit: D = %s, K = %s, %s covariance, epsilon = %s", state.get("step"),
                    state.get("dimension"), state.get("components"), state.get("covariance"), state.get("epsilon")));
        }
        return text.toString();
    }
}
