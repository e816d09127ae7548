package org.pontoon.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import org.pontoon.cli.report.BadInput;
import org.pontoon.cli.report.Console;
import org.pontoon.cli.report.Interrupted;
import org.pontoon.service.BridgeServer;
import org.pontoon.service.HttpDoor;
import org.pontoon.service.Idle;
import org.pontoon.service.Models;
import org.pontoon.service.ServiceOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code pontoon serve}. */
@Command(name = "serve", mixinStandardHelpOptions = true, sortOptions = false, description = "Translates points for other processes, "
    + "over Aeron and over HTTP on the loopback interface, until it is interrupted.")
final class Serve implements Callable<Integer> {

    static final int HTTP_PORT = 7051;

    private final Console console;

    @Option(names = "--model", required = true, paramLabel = "[NAME=]MODEL.npz", description = "A fitted bridge; again for more of "
        + "them (default name: default).")
    private List<String> models;

    @Option(names = "--channel", paramLabel = "CHANNEL", defaultValue = ServiceOptions.IPC, description = "Aeron channel of the "
        + "requests: ${DEFAULT-VALUE} (the default, shared memory), or for example aeron:udp?endpoint=localhost:7052.")
    private String channel;

    @Option(names = "--stream", paramLabel = "N", defaultValue = "" + ServiceOptions.STREAM, description = "Aeron stream of the "
        + "requests (default: ${DEFAULT-VALUE}).")
    private int stream;

    @Option(names = "--aeron-dir", paramLabel = "DIR", description = "The media driver's directory: new, empty, or left by a driver "
        + "that died (default: pontoon-USER in shared memory).")
    private Path directory;

    @Option(names = "--external-driver", description = "Use the media driver that runs on the directory instead of one in this process.")
    private boolean external;

    @Option(names = "--idle", paramLabel = "HOW", defaultValue = "yielding", description = "What to do between requests: busy_spin, "
        + "yielding or parking (default: ${DEFAULT-VALUE}).")
    private Idle idle;

    @Option(names = "--http-port", paramLabel = "PORT", defaultValue = "" + HTTP_PORT, description = "Port of the HTTP door on the "
        + "loopback interface; 0 for any that is free, -1 for none (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(names = "--warm-up", paramLabel = "SECONDS", defaultValue = "0.8", description = "The longest time to spend on compiling "
        + "before being ready (default: ${DEFAULT-VALUE}).")
    private double warmUp;

    @Option(names = "--echo", description = "Echo what comes on the next stream, as a yardstick for 'pontoon load --echo'.")
    private boolean echo;

    @Mixin
    private CommonOptions common;

    Serve(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        common.apply(console);
        BadInput.unless(port >= -1 && port <= 65_535, "--http-port is %d, expected -1 to 65535", port);
        BadInput.unless(warmUp >= 0 && warmUp <= 600, "--warm-up is %s, expected 0 to 600 seconds", warmUp);
        ServiceOptions options = ServiceOptions.builder().channel(channel).stream(stream).embedded(!external).idle(idle).echo(echo)
            .directory(directory == null ? ServiceOptions.defaultDirectory() : directory)
            .warmUp(Duration.ofNanos((long) (warmUp * 1e9))).build();
        try (BridgeServer server = BridgeServer.start(read(), options); HttpDoor door = port < 0 ? null : HttpDoor.open(server, port)) {
            report(server, door, options);
            while (server.isRunning()) {
                console.checkInterrupted();
                Thread.sleep(20);
            }
            console.error("the server has stopped by itself");
            return Pontoon.FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Interrupted("interrupted");
        }
    }

    private Models read() {
        Map<String, Path> files = new LinkedHashMap<>();
        for (String model : models) {
            int equals = model.indexOf('=');
            String name = equals < 0 ? "default" : model.substring(0, equals);
            BadInput.unless(files.put(name, Path.of(model.substring(equals + 1))) == null, "--model names '%s' twice", name);
        }
        try {
            return Models.read(files);
        } catch (IOException e) {
            throw Inputs.unreadable(e);
        }
    }

    private void report(BridgeServer server, HttpDoor door, ServiceOptions options) {
        Map<String, Object> summary = new LinkedHashMap<>();
        List<Object> names = new ArrayList<>();
        for (int i = 0; i < server.models().size(); i++) {
            names.add(server.models().name(i));
        }
        summary.put("ready", true);
        summary.put("models", names);
        summary.put("channel", options.channel());
        summary.put("stream", options.stream());
        summary.put("directory", options.directory().toString());
        if (door != null) {
            summary.put("http", "http://127.0.0.1:" + door.port());
        }
        summary.put("compiled", server.warmUp().compiled());
        summary.put("secondsOfWarmUp", server.warmUp().seconds());
        summary.put("seconds",
            ProcessHandle.current().info().startInstant().map(start -> Duration.between(start, Instant.now()).toMillis() * 1e-3)
                .orElse(Double.NaN));
        console.report(summary);
    }
}
