package org.pontoon.service;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import io.aeron.Aeron;
import io.aeron.ChannelUri;
import io.aeron.ExclusivePublication;
import io.aeron.FragmentAssembler;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.logbuffer.FragmentHandler;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
import org.pontoon.service.sbe.ConnectEncoder;
import org.pontoon.service.sbe.MessageHeaderEncoder;

/** A client's two streams: requests to a server, and what comes back. Belongs to one thread. */
final class Connection implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Connection.class.getName());

    private final Subscription answers;
    private final ExclusivePublication requests;
    private final FragmentAssembler assembler;

    /** Connects, and returns once answers can come. */
    Connection(Aeron aeron, String channel, int stream, FragmentHandler handler, IdleStrategy idle, long timeoutNanos) {
        long end = System.nanoTime() + timeoutNanos;
        // a number that no other client of the driver has
        int answerStream = (int) aeron.nextCorrelationId() & Integer.MAX_VALUE;
        boolean udp = ChannelUri.parse(channel).isUdp();
        Subscription subscription = aeron.addSubscription(udp ? "aeron:udp?endpoint=" + localHost(channel) + ":0" : ServiceOptions.IPC,
            answerStream);
        ExclusivePublication publication = null;
        try {
            String address = ServiceOptions.IPC;
            while (udp && (address = subscription.tryResolveChannelEndpointPort()) == null) {
                pause(idle, end, "no port for answers");
            }
            publication = aeron.addExclusivePublication(channel, stream);
            UnsafeBuffer message = new UnsafeBuffer(ByteBuffer.allocateDirect(2048));
            ConnectEncoder connect = new ConnectEncoder().wrapAndApplyHeader(message, 0, new MessageHeaderEncoder());
            byte[] bytes = address.getBytes(StandardCharsets.US_ASCII);
            connect.stream(answerStream).putChannel(bytes, 0, bytes.length);
            int length = MessageHeaderEncoder.ENCODED_LENGTH + connect.encodedLength();
            while (publication.offer(message, 0, length) < 0) {
                pause(idle, end, "no server on " + channel + ", stream " + stream);
            }
            while (subscription.imageCount() == 0) {
                pause(idle, end, "the server on " + channel + " does not answer");
            }
        } catch (Throwable t) {
            subscription.close();
            if (publication != null) {
                publication.close();
            }
            throw t;
        }
        this.answers = subscription;
        this.requests = publication;
        this.assembler = new FragmentAssembler(handler);
    }

    /** The interface by which answers come: the loopback's where the server is on it. */
    private static String localHost(String channel) {
        String endpoint = ChannelUri.parse(channel).get("endpoint");
        boolean loopback = endpoint != null && (endpoint.startsWith("localhost:") || endpoint.startsWith("127."));
        return loopback ? "localhost" : "0.0.0.0";
    }

    private static void pause(IdleStrategy idle, long end, String otherwise) {
        if (System.nanoTime() > end) {
            throw new ServiceException(otherwise);
        }
        idle.idle();
    }

    /** Sends a message. Returns false if the server has not yet read enough of what went before. */
    boolean offer(DirectBuffer message, int length) {
        long position = requests.offer(message, 0, length);
        if (position > 0) {
            return true;
        }
        if (position == Publication.BACK_PRESSURED || position == Publication.ADMIN_ACTION) {
            return false;
        }
        throw new ServiceException(position == Publication.NOT_CONNECTED ? "the server is gone" : "the connection is closed");
    }

    /** The longest message that can be sent, in bytes. */
    int maxLength() {
        return requests.maxMessageLength();
    }

    int poll() {
        return answers.poll(assembler, 16);
    }

    /** Whether answers can still come. */
    boolean isConnected() {
        return answers.isConnected();
    }

    @Override
    public void close() {
        requests.close();
        answers.close();
    }

    static Aeron aeron(Path directory, long timeoutNanos) {
        try {
            // Aeron's own handler of errors ends the process when the driver is gone
            return Aeron.connect(new Aeron.Context().aeronDirectoryName(directory.toString())
                .errorHandler(e -> LOG.log(System.Logger.Level.DEBUG, e.toString()))
                .driverTimeoutMs(Math.max(1, TimeUnit.NANOSECONDS.toMillis(timeoutNanos))));
        } catch (io.aeron.exceptions.DriverTimeoutException e) {
            throw new ServiceException("no media driver is running on " + directory, e);
        }
    }
}
