package org.pontoon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.pontoon.cli.report.JsonReader;
import org.pontoon.engine.bridge.LightBridge;
import org.pontoon.engine.file.BridgeFile;

/** The commands serve and load. */
@DisabledOnOs(OS.WINDOWS)
class ServeTest {

    @TempDir
    private Path folder;

    private Path model(String name, double location) throws IOException {
        Path file = folder.resolve(name);
        BridgeFile.write(file,
            LightBridge.diagonal(0.2, new double[2], new double[] {location, 1, -1, 2}, new double[] {1, 1, 1, 1}).build());
        return file;
    }

    @Test
    @Tag("process")
    void aServerAnswersLoadReloadsAndStopsWhenTold() throws IOException, InterruptedException {
        Path model = model("bridge.npz", 3);
        Path driver = folder.resolve("driver");
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--add-modules",
            "jdk.incubator.vector", "--add-exports", "java.base/jdk.internal.misc=ALL-UNNAMED", "-cp",
            System.getProperty("java.class.path"), Pontoon.class.getName(), "serve", "--model", "two=" + model, "--aeron-dir",
            driver.toString(), "--http-port", "0", "--idle", "parking", "--warm-up", "0", "--echo", "--json"));
        Process server = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try {
            Map<String, Object> ready = JsonReader.object(server.inputReader().readLine());
            assertThat(ready).containsEntry("ready", true).containsEntry("models", List.of("two"));
            Map<String, Object> load = Run
                .of("load", "--aeron-dir", driver, "--model", "two", "--rate", 2000, "--requests", 2000, "--warm-up",
                    100, "--idle", "parking", "--echo", "--check", model, "--out", folder.resolve("out"), "--json")
                .json();
            assertThat(load).containsEntry("answered", 2100.0).containsEntry("lost", 0.0).containsEntry("wrong", 0.0);
            assertThat(folder.resolve("out/translate.hgrm")).content().contains("#[Mean");
            assertThat(folder.resolve("out/latency.svg")).content().startsWith("<svg").contains(">echo</text>").endsWith("</svg>\n");
            assertThat(Run.of("load", "--aeron-dir", driver, "--model", "three").err()).contains("UNKNOWN_MODEL");

            model("bridge.npz", 4);
            HttpRequest reload = HttpRequest.newBuilder(URI.create(ready.get("http") + "/reload"))
                .POST(HttpRequest.BodyPublishers.ofString("{\"model\":\"two\"}")).build();
            try (HttpClient client = HttpClient.newHttpClient()) {
                assertThat(client.send(reload, HttpResponse.BodyHandlers.ofString()).body()).isEqualTo("{\"version\":2}\n");
            }
            server.destroy();
            assertThat(server.waitFor(5, TimeUnit.MINUTES)).isTrue();
            assertThat(driver).as("the media driver's files").doesNotExist();
        } finally {
            server.destroyForcibly();
        }
    }

    @Test
    void badInputIsToldInOneLine() throws IOException {
        Path model = model("bridge.npz", 3);
        Path none = folder.resolve("none.npz");
        assertThat(Run.of("serve", "--model", none).err()).contains(none.toString());
        assertThat(Run.of("serve", "--model", model, "--model", model).err()).contains("--model names 'default' twice");
        assertThat(Run.of("serve", "--model", model, "--channel", "tcp://x").err()).contains("channel is 'tcp://x'");
        assertThat(Run.of("serve", "--model", model, "--http-port", "70000").code()).isEqualTo(2);
        Run unserved = Run.of("load", "--aeron-dir", folder.resolve("nobody"), "--requests", 1);
        assertThat(unserved.err()).isEqualTo("pontoon: no media driver is running on " + folder.resolve("nobody") + "\n");
        assertThat(unserved.code()).isEqualTo(1);
        assertThat(Files.exists(folder.resolve("nobody"))).isFalse();
    }

    @Test
    void aFolderThatIsNoMediaDriversIsRefusedAndLeftAsItIs() throws IOException {
        Path model = model("bridge.npz", 3);
        Path mine = Files.createDirectory(folder.resolve("mine"));
        Files.writeString(mine.resolve("thesis.txt"), "years of work");
        Path link = Files.createSymbolicLink(folder.resolve("link"), mine);
        Run full = Run.of("serve", "--model", model, "--aeron-dir", mine, "--http-port", "-1");
        assertThat(full.err()).isEqualTo("pontoon: " + mine
            + " is not empty and holds no cnc.dat of a media driver, expected a new or empty directory\n");
        assertThat(full.code()).isEqualTo(2);
        Run linked = Run.of("serve", "--model", model, "--aeron-dir", link, "--http-port", "-1");
        assertThat(linked.err())
            .isEqualTo("pontoon: " + link + " is a symbolic link, expected a directory for the media driver alone\n");
        assertThat(linked.code()).isEqualTo(2);
        assertThat(mine.resolve("thesis.txt")).hasContent("years of work");
    }
}
