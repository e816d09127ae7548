package org.pontoon.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpDoorTest {

    private static final Models MODELS = TestBridges.models();
    private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static BridgeServer server;
    private static HttpDoor door;

    @BeforeAll
    static void open() throws IOException {
        server = BridgeServer.start(MODELS, TestBridges.options("http").build());
        door = HttpDoor.open(server, 0);
    }

    @AfterAll
    static void close() {
        door.close();
        server.close();
        CLIENT.close();
    }

    private static HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + door.port() + path));
    }

    private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return CLIENT.send(to(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return CLIENT.send(to(path).POST(HttpRequest.BodyPublishers.ofString(body)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static float[] points(String body) {
        List<?> rows = (List<?>) ((Map<?, ?>) JsonText.read(body)).get("points");
        int dimension = ((List<?>) rows.getFirst()).size();
        float[] y = new float[rows.size() * dimension];
        for (int i = 0; i < y.length; i++) {
            y[i] = ((Double) ((List<?>) rows.get(i / dimension)).get(i % dimension)).floatValue();
        }
        return y;
    }

    @Test
    void healthAndMetricsAreTold() throws IOException, InterruptedException {
        assertThat(get("/health").body()).startsWith("{\"status\":\"up\",\"models\":[{\"name\":\"a\",\"version\":1,\"dimension\":7,");
        HttpResponse<String> metrics = get("/metrics");
        assertThat(metrics.headers().firstValue("Content-Type")).hasValue("text/plain; version=0.0.4");
        assertThat(metrics.body()).contains("# TYPE pontoon_requests_total counter\npontoon_requests_total ",
            "pontoon_model_version{model=\"b\"} 1\n", "pontoon_handling_seconds{quantile=\"0.999\"} ");
        for (String line : metrics.body().split("\n")) {
            assertThat(line).matches("# (HELP|TYPE) .*|[a-z_]+(\\{[a-z]+=\"[^\"]*\"})? (NaN|[-0-9.E]+)");
        }
    }

    @Test
    void pointsComeBackAsTheSamplersAnswers() throws IOException, InterruptedException {
        float[] x = TestBridges.points(14, 1);
        String points = "[" + Arrays.toString(Arrays.copyOf(x, 7)) + "," + Arrays.toString(Arrays.copyOfRange(x, 7, 14)) + "]";
        String body = post("/translate", "{\"points\": " + points + ", \"seed\": 5, \"index\": 3, \"model\": \"a\"}").body();
        assertThat(points(body)).isEqualTo(TestBridges.samples(MODELS.bridge(0).bridge(), 5, 3, x));
        assertThat(points(post("/translate", "{\"points\":" + points + ",\"kind\":\"mean\",\"time\":0}").body())).isEqualTo(x);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "/translate | {\"points\":[[1,2]]} | 400 | point 0 is no list of 7 numbers",
        "/translate | {\"points\":[[1,2,3,4,5,6,1e39]]} | 400 | coordinate 6 of point 0 is 1.0E39, expected a finite number",
        "/translate | {\"points\":[[1,2,3,4,5,6,3.4e38]]} | 400 | point 0 is so far away that its answer overflows",
        "/translate | {\"points\":[[1,2,3,4,5,6,\\\"7\\\"]]} | 400 | not JSON: expected a value at character 24",
        "/translate | {\"points\":[],\"time\":1.5} | 400 | \"time\" is 1.5 and \"index\" 0, expected a time within [0, 1] and an index from 0",
        "/translate | {\"points\":[],\"seed\":0.5} | 400 | \"seed\" is 0.5, expected an integer of at most 53 bits",
        "/translate | {\"points\":[],\"kind\":\"median\"} | 400 | \"kind\" is median, expected \"sample\" or \"mean\"",
        "/translate | {\"points\":[],\"sede\":1} | 400 | field \"sede\" is unknown, expected points, model, kind, time, seed or index",
        "/translate | {\"points\":[],\"model\":\"c\"} | 404 | no model c",
        "/translate | {} | 400 | \"points\" is missing or no list",
        "/translate | [] | 400 | the body is no JSON object",
        "/translate | {\"points\":[] | 400 | not JSON: expected '}' at character 12",
        "/reload | {\"model\":\"a\"} | 400 | model 'a' was not read from a file",
        "/elsewhere | {} | 404 | no such page, expected /health, /metrics, /translate or /reload",
        "/translate/more | {} | 404 | no such page, expected /translate",
        "/health | {} | 405 | method is POST, expected GET"})
    void badRequestsAreToldWhatIsWrong(String path, String body, int status, String error) throws IOException, InterruptedException {
        HttpResponse<String> response = post(path, body);
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(((Map<?, ?>) JsonText.read(response.body())).get("error")).isEqualTo(error);
    }

    @Test
    void oversizedBodiesAndWebPagesAreRefused() throws IOException, InterruptedException {
        assertThat(post("/translate", " ".repeat((4 << 20) + 1)).statusCode()).isEqualTo(413);
        HttpRequest page = to("/health").header("Origin", "http://example.org").build();
        assertThat(CLIENT.send(page, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(403);
        assertThat(post("/translate", "[".repeat(100_000)).body()).contains("nested deeper than 64 levels");
    }

    @Test
    void nothingListensBeyondLoopback() throws IOException {
        InetAddress elsewhere = InetAddress.getLocalHost();
        assumeThat(elsewhere.isLoopbackAddress()).isFalse();
        assertThatThrownBy(() -> new Socket(elsewhere, door.port()).close()).isInstanceOf(IOException.class);
    }

    /** Mutated bodies and raw bytes do no harm: the door still answers rightly afterwards. */
    @Test
    void mutatedRequestsDoNoHarm() throws IOException, InterruptedException {
        SplittableRandom random = new SplittableRandom(3);
        byte[] good = "POST /translate HTTP/1.1\r\nHost: localhost\r\nContent-Length: 42\r\n\r\n{\"points\":[[1,2,3,4,5,6,7]],\"seed\":1234567}"
            .getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < 300; i++) {
            byte[] bad = mutate(good, random);
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), door.port())) {
                socket.getOutputStream().write(bad);
                socket.shutdownOutput();
                socket.setSoTimeout(2000);
                if (i % 2 == 0) {
                    socket.getInputStream().readNBytes(12);
                }
            } catch (IOException e) {
                // refused, which is right
            }
        }
        pointsComeBackAsTheSamplersAnswers();
        // the same for the reader of bodies alone, which takes no sockets
        String body = "{\"points\":[[1.5,-2e3,3,4,5,6,7]],\"seed\":12,\"kind\":\"mean\",\"x\":[true,false,null,\"\\u00e9\\n\"]}";
        int read = 0;
        for (int i = 0; i < 100_000; i++) {
            String bad = new String(mutate(body.getBytes(StandardCharsets.UTF_8), random), StandardCharsets.ISO_8859_1);
            try {
                JsonText.read(bad);
                read++;
            } catch (IllegalArgumentException e) {
                assertThat(e.getMessage()).startsWith("not JSON: ").contains("expected");
            }
        }
        assertThat(read).isBetween(1000, 99_000);
    }

    private static byte[] mutate(byte[] good, SplittableRandom random) {
        byte[] bad = Arrays.copyOf(good, random.nextInt(3) == 0 ? random.nextInt(good.length + 1) : good.length);
        for (int c = random.nextInt(3); c >= 0 && bad.length > 0; c--) {
            bad[random
                .nextInt(bad.length)] = (byte) (random.nextBoolean() ? random.nextInt() : "{}[]\",:.-0e \r\n".charAt(random.nextInt(14)));
        }
        return bad;
    }

    @Test
    void thePythonClientOfTheDocsRuns() throws IOException, InterruptedException {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("mvnw"))) {
            root = root.getParent();
        }
        Process python;
        try {
            python = new ProcessBuilder("python3", root.resolve("docs/client.py").toString(), "--port", Integer.toString(door.port()),
                "--model",
                "a", "--mean", "1", "2", "3", "4", "5", "6", "7").redirectErrorStream(true).start();
        } catch (IOException e) {
            assumeThat(e).as("python3 is not installed").isNull();
            return;
        }
        String output = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(python.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(python.exitValue()).as(output).isZero();
        double[] mean = MODELS.bridge(0).bridge().conditionalMean(new double[] {1, 2, 3, 4, 5, 6, 7});
        String[] values = output.strip().split(" ");
        assertThat(values).hasSize(7);
        assertThat(Double.parseDouble(values[6])).isEqualTo(mean[6], org.assertj.core.api.Assertions.within(1e-4));
    }
}
