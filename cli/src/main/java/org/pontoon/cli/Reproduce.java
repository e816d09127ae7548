package org.pontoon.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

import org.pontoon.cli.report.BadInput;
import org.pontoon.cli.report.Console;
import org.pontoon.cli.report.ResultFolder;
import org.pontoon.cli.reproduce.Experiment;
import org.pontoon.cli.reproduce.Results;
import org.pontoon.cli.reproduce.Setting;
import org.pontoon.engine.parallel.TileScheduler;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pontoon reproduce}. */
@Command(name = "reproduce", mixinStandardHelpOptions = true, sortOptions = false, description = "Runs an experiment of a "
    + "paper, end to end, against its published numbers. Without a name it lists them.")
final class Reproduce implements Callable<Integer> {

    private final Console console;

    @Parameters(index = "0", arity = "0..1", paramLabel = "EXPERIMENT", description = "Name of the experiment.", completionCandidates = Names.class)
    private String name;

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "FILE", description = "The user's own inputs, for experiments that take "
        + "them: two images for color-transfer.")
    private List<Path> files = new ArrayList<>();

    /** For shell completion. */
    static final class Names implements Iterable<String> {

        @Override
        public Iterator<String> iterator() {
            return Experiment.all().stream().map(Experiment::name).iterator();
        }
    }

    @Option(names = "--data", paramLabel = "DIR", description = "Directory of the data, for experiments on data.")
    private Path data;

    @Option(names = "--out", paramLabel = "DIR", description = "Where tables and pictures go (default: out/EXPERIMENT).")
    private Path out;

    @Option(names = "--overwrite", description = ResultFolder.OVERWRITE)
    private boolean overwrite;

    @Option(names = "--quick", description = "A smaller run, to see how it goes; its numbers are not the paper's.")
    private boolean quick;

    @Mixin
    private CommonOptions common;

    Reproduce(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        common.apply(console);
        if (name == null) {
            list();
            return Pontoon.DONE;
        }
        Experiment experiment = Experiment.all().stream().filter(e -> e.name().equals(name)).findFirst().orElseThrow(
            () -> new BadInput("there is no experiment '" + name + "', expected one of "
                + String.join(", ", Experiment.all().stream().map(Experiment::name).toList())));
        BadInput.unless(!experiment.needsData() || data != null, "%s needs --data DIR: %s", name, experiment.description());
        BadInput.unless(files.isEmpty() || files.size() == experiment.files(), "%s is given %d files, expected %s", name, files.size(),
            experiment.files() == 0 ? "none" : "none or " + experiment.files());
        ResultFolder folder = ResultFolder.claim(out == null ? Path.of("out", name) : out, Results.NAMES, overwrite, console);
        long began = System.nanoTime();
        Results results;
        try (TileScheduler scheduler = common.scheduler()) {
            results = experiment.run(new Setting(console, scheduler, common.seed, data, files, quick));
        }
        console.checkInterrupted();
        double seconds = (System.nanoTime() - began) * 1e-9;
        List<String> files = folder.write(results::write);
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("experiment", name);
        summary.put("quick", quick);
        summary.put("seconds", seconds);
        summary.put("tables", results.records());
        summary.put("files", files);
        summary.put("failures", results.failures());
        console.report(summary,
            results.markdown() + String.format(Locale.ROOT, "%n%n%.1f s; written: %s", seconds, String.join(", ", files)));
        results.failures().forEach(console::error);
        return results.failures().isEmpty() ? Pontoon.DONE : Pontoon.FAILED;
    }

    private void list() {
        List<Map<String, Object>> experiments = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (Experiment experiment : Experiment.all()) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("name", experiment.name());
            entry.put("description", experiment.description());
            experiments.add(entry);
            text.append(String.format("%-15s %s%n", experiment.name(), experiment.description()));
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("experiments", experiments);
        console.report(result, text.toString().stripTrailing());
    }
}
