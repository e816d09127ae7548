package org.pontoon.cli;

import java.util.concurrent.Callable;

import org.pontoon.cli.report.Console;
import picocli.AutoComplete;
import picocli.CommandLine.Command;

/** {@code pontoon completion}. */
@Command(name = "completion", mixinStandardHelpOptions = true, description = "Prints a completion script for bash and zsh.", footer = {"",
    "bash: source <(pontoon completion)", "zsh:  autoload -U bashcompinit; bashcompinit; source <(pontoon completion)"})
final class Completion implements Callable<Integer> {

    private final Console console;

    Completion(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        console.out().print(AutoComplete.bash("pontoon", Pontoon.commandLine(console)));
        console.out().flush();
        return Pontoon.DONE;
    }
}
