package org.pontoon.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import org.pontoon.cli.report.BadInput;
import org.pontoon.cli.report.Console;
import org.pontoon.cli.report.Interrupted;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** The {@code pontoon} command. */
@Command(name = "pontoon", mixinStandardHelpOptions = true, versionProvider = Version.class, synopsisSubcommandLabel = "COMMAND", footer = {
    "", "Clouds are .npy or .npz files of shape (N, D), or CSV. 'pontoon COMMAND --help' tells about a command.",
    "Exit codes: 0 done, 1 failed, 2 bad usage or bad input, 3 iterations did not converge (the result is "
        + "written all the same), 130 interrupted."}, description = "Moves clouds of particles between "
            + "probability distributions: light Schrödinger bridges on a CPU.")
public final class Pontoon {

    static final int DONE = 0;
    static final int FAILED = 1;
    private static final int BAD_INPUT = 2;
    /** An iteration did not meet its tolerance; the result and its gap are written all the same. */
    static final int NOT_CONVERGED = 3;
    private static final int INTERRUPTED = 130;

    private static final Set<String> VERSION = Set.of("-V", "--version");
    private static final Set<String> HELP = Set.of("-h", "--help");

    private static final List<Subcommand> SUBCOMMANDS = List.of(new Subcommand("fit", Fit.class, Fit::new),
        new Subcommand("transport", Transport.class, Transport::new), new Subcommand("path", Trajectories.class, Trajectories::new),
        new Subcommand("distance", Distance.class, Distance::new), new Subcommand("flow", Flow.class, Flow::new),
        new Subcommand("serve", Serve.class, Serve::new), new Subcommand("load", Load.class, Load::new),
        new Subcommand("info", Info.class, Info::new), new Subcommand("validate", Validate.class, Validate::new),
        new Subcommand("reproduce", Reproduce.class, Reproduce::new),
        new Subcommand("bench", Bench.class, console -> new CommandLine(new Bench(console)).addSubcommand(new Bench.Compare(console))),
        new Subcommand("completion", Completion.class, Completion::new));

    /** A subcommand, which is made when it is asked for. */
    private record Subcommand(String name, Class<?> type, Function<Console, Object> maker) {
    }

    /** Set to anything, it makes failures print where they come from. */
    private static final String TRACE_VARIABLE = "PONTOON_STACKTRACE";

    private Pontoon() {
    }

    /**
     * Runs a command and exits with its code.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        // UTF-8 whatever the locale says: a table that goes into a file must not lose its letters.
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        Console console = new Console(out, err, Console.isErrorTerminal());
        CountDownLatch returned = new CountDownLatch(1);
        // On Ctrl-C the JVM runs this beside the command and then exits with 130.
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
            console.interrupt();
            try {
                // Long work looks at the flag every few milliseconds and may still want to write its checkpoint.
                returned.await(3, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            console.discardUnfinished();
        }));
        int code;
        try {
            code = run(args, console);
        } finally {
            returned.countDown();
        }
        System.exit(code);
    }

    /**
     * Runs a command within this process.
     *
     * @param args the command line
     * @param out standard output
     * @param err standard error, never a terminal
     * @return exit code
     */
    public static int run(String[] args, PrintStream out, PrintStream err) {
        return run(args, new Console(out, err, false));
    }

    private static int run(String[] args, Console console) {
        try {
            if (args.length == 1 && VERSION.contains(args[0])) {
                for (String about : new Version().getVersion()) {
                    console.out().println(about);
                }
                return DONE;
            }
            return commandLine(console, args.length == 0 ? "" : args[0]).execute(args);
        } catch (OutOfMemoryError e) {
            return report(e, console);
        }
    }

    /** The command with all its subcommands. */
    static CommandLine commandLine(Console console) {
        return commandLine(console, "");
    }

    /**
     * For a command line that starts with a word: the one subcommand that it names, for only its options need be known; or all of them,
     * with no more than what they are about where the word asks for help.
     */
    private static CommandLine commandLine(Console console, String word) {
        CommandLine line = new CommandLine(new Pontoon());
        boolean all = SUBCOMMANDS.stream().noneMatch(subcommand -> subcommand.name.equals(word));
        for (Subcommand subcommand : SUBCOMMANDS) {
            if (HELP.contains(word)) {
                CommandLine.Model.CommandSpec about = CommandLine.Model.CommandSpec.create();
                about.usageMessage().description(subcommand.type.getAnnotation(Command.class).description());
                line.addSubcommand(subcommand.name, about);
            } else if (all || subcommand.name.equals(word)) {
                line.addSubcommand(subcommand.name, subcommand.maker.apply(console));
            }
        }
        line.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8));
        line.setExpandAtFiles(false);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.registerConverter(Path.class, Pontoon::path);
        line.setExecutionStrategy(parsed -> {
            console.command(parsed.originalArgs());
            nameFiles(parsed, console);
            return new CommandLine.RunLast().execute(parsed);
        });
        line.setParameterExceptionHandler((e, args) -> usageError(e, args, console));
        line.setExecutionExceptionHandler((e, command, parsed) -> report(e, console));
        return line;
    }

    /** The launcher sees to a locale of UTF-8; whoever starts a JVM without it is told what is wrong. */
    private static Path path(String name) {
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            throw new TypeConversionException("'" + name + "' is no file name here (" + e.getReason() + "); file names are spelled in "
                + System.getProperty("sun.jnu.encoding") + ", which the locale chooses: LC_ALL=C.UTF-8 may help");
        }
    }

    /** Tells the console of every file that an option or a parameter names. */
    private static void nameFiles(CommandLine.ParseResult parsed, Console console) {
        CommandLine.ParseResult last = parsed;
        while (last.hasSubcommand()) {
            last = last.subcommand();
        }
        for (ArgSpec argument : last.matchedArgs()) {
            String role = argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
            Object value = argument.getValue();
            for (Object entry : value instanceof Collection<?> several ? several : Collections.singletonList(value)) {
                if (entry instanceof Path file) {
                    console.name(role, file);
                }
            }
        }
    }

    private static int usageError(ParameterException e, String[] args, Console console) {
        if (e.getCause() instanceof BadInput bad) {
            return report(bad, console);
        }
        if (args.length == 0) {
            console.remark(e.getCommandLine().getUsageMessage().stripTrailing());
            return BAD_INPUT;
        }
        String name = e.getCommandLine().getCommandSpec().qualifiedName();
        console.error(e.getMessage() + " (see '" + name + " --help')");
        return BAD_INPUT;
    }

    private static int report(Throwable e, Console console) {
        if (System.getenv(TRACE_VARIABLE) != null) {
            e.printStackTrace();
        }
        return switch (e) {
            case BadInput bad -> fail(console, bad.getMessage(), BAD_INPUT);
            case Interrupted stopped -> fail(console, stopped.getMessage(), INTERRUPTED);
            // The engine's own checks: they name what is wrong with an argument, and arguments here come from the user.
            case IllegalArgumentException bad when bad.getMessage() != null -> fail(console, bad.getMessage(), BAD_INPUT);
            // The engine gives up and says why, for example where a fit diverges.
            case IllegalStateException stopped when stopped.getMessage() != null -> fail(console, stopped.getMessage(), FAILED);
            case IOException io -> fail(console, io.getMessage() == null ? io.toString() : io.getMessage(), FAILED);
            case OutOfMemoryError full ->
                fail(console, "out of memory (" + full.getMessage() + "); a larger heap may help, for example -Xmx8g",
                    FAILED);
            default -> fail(console, "internal error: " + e + " (" + TRACE_VARIABLE + "=1 shows where)", FAILED);
        };
    }

    private static int fail(Console console, String message, int code) {
        console.error(message);
        return code;
    }
}
