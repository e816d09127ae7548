package org.pontoon.service;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

import io.aeron.Aeron;
import io.aeron.logbuffer.Header;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
import org.pontoon.service.sbe.FindModelEncoder;
import org.pontoon.service.sbe.Kind;
import org.pontoon.service.sbe.MessageHeaderDecoder;
import org.pontoon.service.sbe.MessageHeaderEncoder;
import org.pontoon.service.sbe.ModelDecoder;
import org.pontoon.service.sbe.RefusedDecoder;
import org.pontoon.service.sbe.TranslateEncoder;
import org.pontoon.service.sbe.TranslatedDecoder;

/**
 * Translates points at a server, one request at a time: send, spin until the answer is there or the timeout is over.
 *
 * <pre>{@code
 * try (BridgeClient client = BridgeClient.connect(Duration.ofSeconds(1))) {
 *     BridgeClient.Model model = client.model("default");
 *     client.sample(model, seed, index, x, y);
 * }
 * }</pre>
 *
 * <p>Translations allocate nothing once compiled. An instance belongs to one thread. A timeout leaves the client usable: the late answer is
 * skipped when it comes.
 */
public final class BridgeClient implements AutoCloseable {

    private static final int DATA = MessageHeaderEncoder.ENCODED_LENGTH + TranslateEncoder.BLOCK_LENGTH + Integer.BYTES;

    private final Aeron aeron;
    private final Connection connection;
    private final IdleStrategy idle;
    private final long timeout;
    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final TranslateEncoder translate = new TranslateEncoder();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final TranslatedDecoder translated = new TranslatedDecoder();
    private final ModelDecoder model = new ModelDecoder();
    private final RefusedDecoder refused = new RefusedDecoder();
    private UnsafeBuffer message = new UnsafeBuffer(ByteBuffer.allocateDirect(4096));
    private long correlation;
    private boolean answered;
    private boolean isRefused;
    private long version;
    private Model found;
    private float[] receiver;

    /**
     * A model of the server's.
     *
     * @param name its name
     * @param number what it is called in requests
     * @param version its version when it was asked for
     * @param dimension number of coordinates D
     * @param components number of components K
     */
    public record Model(String name, int number, long version, int dimension, int components) {
    }

    private BridgeClient(Path directory, String channel, int stream, Idle idle, Duration timeout) {
        this.timeout = timeout.toNanos();
        this.idle = idle.strategy();
        this.aeron = Connection.aeron(directory, this.timeout);
        try {
            this.connection = new Connection(aeron, channel, stream, this::onAnswer, Idle.PARKING.strategy(), this.timeout);
        } catch (Throwable t) {
            aeron.close();
            throw t;
        }
    }

    /**
     * Connects to the server of this machine that runs with the default options.
     *
     * @param timeout for connecting, and for each request
     * @return the client
     * @throws ServiceException if there is no server
     */
    public static BridgeClient connect(Duration timeout) {
        return connect(ServiceOptions.defaultDirectory(), ServiceOptions.IPC, ServiceOptions.STREAM, Idle.YIELDING, timeout);
    }

    /**
     * Connects to a server.
     *
     * @param directory directory of the media driver, on this machine
     * @param channel Aeron channel of the server's requests
     * @param stream stream of the server's requests
     * @param idle what to do while waiting for an answer
     * @param timeout for connecting, and for each request
     * @return the client
     * @throws ServiceException if there is no media driver or no server
     */
    public static BridgeClient connect(Path directory, String channel, int stream, Idle idle, Duration timeout) {
        return new BridgeClient(directory, channel, stream, idle, timeout);
    }

    /**
     * Finds a model.
     *
     * @param name its name
     * @return the model
     * @throws ServiceException if the server has no model of that name, or does not answer in time
     */
    public Model model(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        FindModelEncoder find = new FindModelEncoder();
        grow(MessageHeaderEncoder.ENCODED_LENGTH + FindModelEncoder.BLOCK_LENGTH + Integer.BYTES + bytes.length);
        find.wrapAndApplyHeader(message, 0, headerEncoder).correlation(++correlation).putModel(bytes, 0, bytes.length);
        ask(MessageHeaderEncoder.ENCODED_LENGTH + find.encodedLength());
        return new Model(name, found.number, found.version, found.dimension, found.components);
    }

    /**
     * Draws from the conditional plan of each point.
     *
     * @param at the model
     * @param seed chooses the random numbers, together with the index
     * @param index number of the first point's draw; one more for each next point
     * @param x points, row after row
     * @param y receives the draws, as many; may be x
     * @throws ServiceException if the request is refused or not answered in time
     */
    public void sample(Model at, long seed, long index, float[] x, float[] y) {
        translate(at, Kind.SAMPLE, 1, seed, index, x, y);
    }

    /**
     * Draws the position of the bridge at time t from each point.
     *
     * @param at the model
     * @param t time in [0, 1]
     * @param seed chooses the random numbers, together with the index
     * @param index number of the first point's draw; one more for each next point
     * @param x points, row after row
     * @param y receives the positions, as many; may be x
     * @throws ServiceException if the request is refused or not answered in time
     */
    public void sampleAt(Model at, double t, long seed, long index, float[] x, float[] y) {
        translate(at, Kind.SAMPLE, t, seed, index, x, y);
    }

    /**
     * Maps each point to the mean of its conditional plan.
     *
     * @param at the model
     * @param x points, row after row
     * @param y receives the means, as many; may be x
     * @throws ServiceException if the request is refused or not answered in time
     */
    public void mean(Model at, float[] x, float[] y) {
        translate(at, Kind.MEAN, 1, 0, 0, x, y);
    }

    /**
     * Returns the version of the model that gave the last answer.
     *
     * @return the version
     */
    public long version() {
        return version;
    }

    private void translate(Model at, Kind kind, double t, long seed, long index, float[] x, float[] y) {
        int length = x.length;
        if (length == 0 || length % at.dimension != 0 || y.length != length) {
            throw new IllegalArgumentException("x has " + length + " and y " + y.length + " values, expected as many, in rows of "
                + at.dimension);
        }
        int total = DATA + Math.multiplyExact(length, Float.BYTES);
        if (total > connection.maxLength()) {
            throw new IllegalArgumentException("x has " + length + " values, expected at most "
                + (connection.maxLength() - DATA) / Float.BYTES + " in one request");
        }
        grow(total);
        translate.wrapAndApplyHeader(message, 0, headerEncoder).correlation(++correlation).seed(seed).index(index).time(t)
            .model(at.number).count(length / at.dimension).kind(kind);
        message.putInt(DATA - Integer.BYTES, length * Float.BYTES, ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < length; i++) {
            message.putFloat(DATA + i * Float.BYTES, x[i], ByteOrder.LITTLE_ENDIAN);
        }
        receiver = y;
        ask(total);
    }

    private void grow(int bytes) {
        if (message.capacity() < bytes) {
            message = new UnsafeBuffer(ByteBuffer.allocateDirect(bytes));
        }
    }

    private void ask(int length) {
        answered = false;
        isRefused = false;
        long end = System.nanoTime() + timeout;
        while (!connection.offer(message, length)) {
            connection.poll();
            pause(end);
        }
        while (!answered) {
            if (connection.poll() == 0) {
                pause(end);
            } else {
                idle.reset();
            }
        }
        if (isRefused) {
            throw new ServiceException("the server refused: " + refused.reason());
        }
    }

    private void pause(long end) {
        if (System.nanoTime() > end) {
            throw new ServiceException(connection.isConnected() ? "no answer within " + timeout / 1_000_000 + " ms"
                : "the server is gone");
        }
        idle.idle();
    }

    private void onAnswer(DirectBuffer buffer, int offset, int length, Header position) {
        header.wrap(buffer, offset);
        int body = offset + MessageHeaderDecoder.ENCODED_LENGTH;
        if (buffer.getLong(body, ByteOrder.LITTLE_ENDIAN) != correlation) {
            // the late answer to a request that was given up
            return;
        }
        switch (header.templateId()) {
            case TranslatedDecoder.TEMPLATE_ID -> {
                translated.wrap(buffer, body, header.blockLength(), header.version());
                version = translated.version();
                int data = body + header.blockLength() + Integer.BYTES;
                for (int i = 0; i < receiver.length; i++) {
                    receiver[i] = buffer.getFloat(data + i * Float.BYTES, ByteOrder.LITTLE_ENDIAN);
                }
            }
            case ModelDecoder.TEMPLATE_ID -> {
                model.wrap(buffer, body, header.blockLength(), header.version());
                version = model.version();
                found = new Model("", model.number(), model.version(), model.dimension(), model.components());
            }
            case RefusedDecoder.TEMPLATE_ID -> {
                refused.wrap(buffer, body, header.blockLength(), header.version());
                isRefused = true;
            }
            default -> {
                return;
            }
        }
        answered = true;
    }

    @Override
    public void close() {
        connection.close();
        aeron.close();
    }
}
