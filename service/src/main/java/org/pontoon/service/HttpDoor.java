package org.pontoon.service;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.pontoon.engine.bridge.BridgeSampler;
import org.pontoon.engine.bridge.LiveBridge;

/**
 * A plain HTTP door on the loopback interface, for people, scripts and monitoring; whoever is in a hurry uses {@link BridgeClient}.
 *
 * <table>
 * <caption>Requests</caption>
 * <tr><th>request</th><th>answer</th></tr>
 * <tr><td>{@code GET /health}</td><td>JSON: status and models with their versions</td></tr>
 * <tr><td>{@code GET /metrics}</td><td>Prometheus's text format</td></tr>
 * <tr><td>{@code POST /translate}</td><td>{@code {"points": [[...], ...]}}, with {@code "model"} (default: the first), {@code "kind"}
 * ({@code "sample"} or {@code "mean"}), {@code "time"} (1), {@code "seed"} (42) and {@code "index"} (0) if wanted; the answer has
 * {@code "version"} and {@code "points"}</td></tr>
 * <tr><td>{@code POST /reload}</td><td>{@code {"model": NAME}}: reads the model's file again; the answer has {@code "version"}</td></tr>
 * </table>
 *
 * <p>What is wrong with a request is told with status 4xx and {@code {"error": ...}}. Bodies end at 4 MiB, and slow ones after 10 seconds.
 * Requests from web pages are refused: a browser names their origin.
 */
public final class HttpDoor implements AutoCloseable {

    private static final int LONGEST_BODY = 4 << 20;
    private static final int THREADS = 4;
    private static final long MOST_EXACT = 1L << 53;
    private static final Set<String> FIELDS = Set.of("model", "kind", "time", "seed", "index", "points");

    private final BridgeServer server;
    private final Models models;
    private final HttpServer http;
    private final ExecutorService threads;

    /** What goes wrong with a request, and its status. */
    private static final class Wrong extends Exception {

        private static final long serialVersionUID = 1;

        private final int status;

        private Wrong(int status, String message) {
            super(message);
            this.status = status;
        }
    }

    private interface Answer {
        String to(HttpExchange exchange) throws IOException, Wrong;
    }

    private HttpDoor(BridgeServer server, int port) throws IOException {
        this.server = server;
        this.models = server.models();
        // the JDK's server reads these once, when it is first used
        System.setProperty("sun.net.httpserver.maxReqTime", "10");
        System.setProperty("sun.net.httpserver.maxRspTime", "10");
        System.setProperty("jdk.httpserver.maxConnections", "100");
        this.http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 50);
        this.threads = Executors.newFixedThreadPool(THREADS, Thread.ofPlatform().daemon().name("pontoon-http-", 0).factory());
        http.setExecutor(threads);
        open("/health", "GET", "application/json", exchange -> health());
        open("/metrics", "GET", "text/plain; version=0.0.4", exchange -> server.metrics().prometheus(models));
        open("/translate", "POST", "application/json", this::translate);
        open("/reload", "POST", "application/json", this::reload);
        open("/", null, "application/json", exchange -> {
            throw new Wrong(404, "no such page, expected /health, /metrics, /translate or /reload");
        });
        http.start();
    }

    /**
     * Opens the door.
     *
     * @param server whose models to translate with, and whose metrics to show
     * @param port port on the loopback interface, or 0 for any that is free
     * @return the door; close it before the server
     * @throws IOException if the port is taken
     */
    public static HttpDoor open(BridgeServer server, int port) throws IOException {
        return new HttpDoor(server, port);
    }

    /**
     * Returns the port.
     *
     * @return the port on the loopback interface
     */
    public int port() {
        return http.getAddress().getPort();
    }

    private void open(String path, String method, String type, Answer answer) {
        http.createContext(path, exchange -> {
            server.metrics().doorRequest();
            int status = 200;
            String body;
            try {
                if (exchange.getRequestHeaders().containsKey("Origin")) {
                    throw new Wrong(403, "requests from web pages are not answered");
                }
                if (!path.equals("/") && !exchange.getRequestURI().getPath().equals(path)) {
                    throw new Wrong(404, "no such page, expected " + path);
                }
                if (method != null && !exchange.getRequestMethod().equals(method)) {
                    throw new Wrong(405, "method is " + exchange.getRequestMethod() + ", expected " + method);
                }
                body = answer.to(exchange);
            } catch (Wrong e) {
                status = e.status;
                body = error(e.getMessage());
            } catch (IllegalArgumentException e) {
                status = 400;
                body = error(e.getMessage());
            } catch (RuntimeException e) {
                status = 500;
                body = error("internal error");
                System.getLogger(HttpDoor.class.getName()).log(System.Logger.Level.WARNING, "translating over HTTP", e);
            }
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", status == 200 ? type : "application/json");
            if (status == 405) {
                exchange.getResponseHeaders().set("Allow", method);
            }
            boolean headOnly = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(status, headOnly ? -1 : bytes.length);
            try (OutputStream out = exchange.getResponseBody()) {
                if (!headOnly) {
                    out.write(bytes);
                }
            }
        });
    }

    private static String error(String message) {
        return "{\"error\":" + JsonText.quote(message) + "}\n";
    }

    private String health() {
        StringBuilder text = new StringBuilder("{\"status\":\"up\",\"models\":[");
        for (int i = 0; i < models.size(); i++) {
            LiveBridge live = models.bridge(i);
            text.append(i == 0 ? "" : ",").append("{\"name\":").append(JsonText.quote(models.name(i))).append(",\"version\":")
                .append(live.version()).append(",\"dimension\":").append(live.bridge().dimension()).append(",\"components\":")
                .append(live.bridge().components()).append('}');
        }
        return text.append("]}\n").toString();
    }

    private String reload(HttpExchange exchange) throws IOException, Wrong {
        Map<?, ?> request = body(exchange);
        int number = model(request);
        try {
            return "{\"version\":" + models.reload(models.name(number)) + "}\n";
        } catch (IOException e) {
            throw new Wrong(409, "cannot read the model's file: " + e.getMessage());
        }
    }

    private String translate(HttpExchange exchange) throws IOException, Wrong {
        Map<?, ?> request = body(exchange);
        for (Object field : request.keySet()) {
            if (!FIELDS.contains(field)) {
                throw new Wrong(400, "field \"" + field + "\" is unknown, expected points, model, kind, time, seed or index");
            }
        }
        int number = model(request);
        Object kind = request.containsKey("kind") ? request.get("kind") : "sample";
        boolean mean = "mean".equals(kind);
        if (!mean && !"sample".equals(kind)) {
            throw new Wrong(400, "\"kind\" is " + kind + ", expected \"sample\" or \"mean\"");
        }
        double time = request.containsKey("time") ? number(request, "time") : 1;
        long seed = request.containsKey("seed") ? integer(request, "seed") : 42;
        long index = request.containsKey("index") ? integer(request, "index") : 0;
        if (!(time >= 0 && time <= 1) || index < 0) {
            throw new Wrong(400, "\"time\" is " + time + " and \"index\" " + index + ", expected a time within [0, 1] and an index from 0");
        }
        if (!(request.get("points") instanceof List<?> rows)) {
            throw new Wrong(400, "\"points\" is missing or no list");
        }
        LiveBridge.Reader reader = models.bridge(number).reader();
        BridgeSampler sampler = reader.sampler();
        float[] y = new float[sampler.bridge().dimension()];
        StringBuilder text = new StringBuilder(32 + 12 * rows.size() * y.length).append("{\"version\":").append(reader.version())
            .append(",\"points\":[");
        for (int n = 0; n < rows.size(); n++) {
            float[] x = row(rows.get(n), n, y.length);
            if (mean) {
                sampler.mean(x, 0, y, 0);
                for (int d = 0; d < y.length && time != 1; d++) {
                    y[d] = (float) ((1 - time) * x[d] + time * y[d]);
                }
            } else if (time == 1) {
                sampler.sample(seed, index + n, x, 0, y, 0);
            } else {
                sampler.sampleAt(time, seed, index + n, x, 0, y, 0);
            }
            if (!sampler.isAnswerFinite()) {
                throw new Wrong(400, "point " + n + " is so far away that its answer overflows");
            }
            text.append(n == 0 ? "[" : ",[");
            for (int d = 0; d < y.length; d++) {
                text.append(d == 0 ? "" : ",").append(y[d]);
            }
            text.append(']');
        }
        return text.append("]}\n").toString();
    }

    private static float[] row(Object row, int n, int dimension) throws Wrong {
        if (!(row instanceof List<?> values) || values.size() != dimension) {
            throw new Wrong(400, "point " + n + " is no list of " + dimension + " numbers");
        }
        float[] x = new float[dimension];
        for (int d = 0; d < dimension; d++) {
            if (!(values.get(d) instanceof Double value) || !Float.isFinite(value.floatValue())) {
                throw new Wrong(400, "coordinate " + d + " of point " + n + " is " + values.get(d) + ", expected a finite number");
            }
            x[d] = value.floatValue();
        }
        return x;
    }

    private int model(Map<?, ?> request) throws Wrong {
        if (!request.containsKey("model")) {
            return 0;
        }
        int number = request.get("model") instanceof String name ? models.find(name) : -1;
        if (number < 0) {
            throw new Wrong(404, "no model " + request.get("model"));
        }
        return number;
    }

    private static double number(Map<?, ?> request, String field) throws Wrong {
        if (!(request.get(field) instanceof Double value)) {
            throw new Wrong(400, "\"" + field + "\" is " + request.get(field) + ", expected a number");
        }
        return value;
    }

    private static long integer(Map<?, ?> request, String field) throws Wrong {
        double value = number(request, field);
        if (value != Math.rint(value) || Math.abs(value) > MOST_EXACT) {
            throw new Wrong(400, "\"" + field + "\" is " + value + ", expected an integer of at most 53 bits");
        }
        return (long) value;
    }

    private static Map<?, ?> body(HttpExchange exchange) throws IOException, Wrong {
        byte[] bytes = exchange.getRequestBody().readNBytes(LONGEST_BODY + 1);
        if (bytes.length > LONGEST_BODY) {
            throw new Wrong(413, "the body is longer than " + LONGEST_BODY + " bytes");
        }
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(java.nio.ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new Wrong(400, "the body is not UTF-8");
        }
        if (!(JsonText.read(text) instanceof Map<?, ?> map)) {
            throw new Wrong(400, "the body is no JSON object");
        }
        return map;
    }

    /** Closes the door; requests under way have a second. */
    @Override
    public void close() {
        http.stop(1);
        threads.shutdownNow();
    }
}
