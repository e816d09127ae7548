package org.pontoon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pontoon.cli.report.Console;
import picocli.CommandLine.Command;

class PontoonTest {

    @Test
    void noCommandShowsTheHelpAndIsBadUsage() {
        Run run = Run.of();
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("Usage: pontoon", "fit", "transport", "path", "info", "validate", "reproduce", "completion");
    }

    @Test
    void subcommandsHaveTheNamesThatTheirClassesSay() {
        Console console = new Console(System.out, System.err, false);
        assertThat(Pontoon.commandLine(console).getSubcommands()).isNotEmpty().allSatisfy(
            (name, command) -> assertThat(command.getCommandSpec().userObject().getClass().getAnnotation(Command.class).name()).isEqualTo(
                name));
    }

    @Test
    void helpNamesEveryCommandAsItsOwnHelpDoes() {
        String help = Run.of("--help").done().out();
        Console console = new Console(System.out, System.err, false);
        assertThat(help).isEqualTo(Pontoon.commandLine(console).getUsageMessage());
    }

    @Test
    void versionIsPrinted() {
        assertThat(Run.of("--version").done().out()).startsWith("pontoon ").contains("Java 25");
    }

    @ParameterizedTest
    @ValueSource(strings = {"fit", "transport", "path", "info", "validate", "reproduce"})
    void everyCommandHasHelpAndTheCommonOptions(String command) {
        assertThat(Run.of(command, "--help").done().out()).startsWith("Usage: pontoon " + command).contains("--seed=N", "--threads=N",
            "--json",
            "--quiet");
    }

    @Test
    void completionScriptKnowsTheCommandsAndTheirOptions() {
        assertThat(Run.of("completion").done().out()).startsWith("#!/").contains("complete -F", "--checkpoint-every", "swiss-roll",
            "reproduce");
    }

    @Test
    void machineIsDescribed() {
        assertThat(Run.of("info", "--json").done().json()).containsKeys("pontoon", "java", "processor", "cores", "vectors",
            "heapMegabytes");
        assertThat(Run.of("info").done().out()).contains("float lanes", "heap megabytes");
    }

    @Test
    void quietKeepsTheResult() {
        Run quiet = Run.of("info", "--quiet").done();
        assertThat(quiet.out()).contains("float lanes");
        assertThat(quiet.err()).isEmpty();
    }

    @Test
    void benchTellsItsPlanWithoutRunning() {
        assertThat(Run.of("bench", "--plan").done().out()).contains("| sinkhorn ", "minutes: at most 3 forks");
        assertThat(Run.of("bench", "fit", "--quick", "--plan", "--json").done().json()).containsEntry("benchmarks", 4.0).containsKeys(
            "seconds", "suites");
    }
}
