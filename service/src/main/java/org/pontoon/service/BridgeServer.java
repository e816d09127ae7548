package org.pontoon.service;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.aeron.Aeron;
import io.aeron.ChannelUri;
import io.aeron.ControlledFragmentAssembler;
import io.aeron.ExclusivePublication;
import io.aeron.Image;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.exceptions.AeronEvent;
import io.aeron.exceptions.AeronException;
import io.aeron.exceptions.RegistrationException;
import io.aeron.logbuffer.ControlledFragmentHandler;
import io.aeron.logbuffer.Header;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.collections.IntArrayList;
import org.agrona.concurrent.AgentInvoker;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.pontoon.engine.bridge.WarmUp;
import org.pontoon.service.sbe.ConnectDecoder;
import org.pontoon.service.sbe.MessageHeaderDecoder;

/**
 * Translates points for clients in other processes, over Aeron.
 *
 * <p>One thread does everything: it reads requests where they lie in the clients' logs, translates, and writes answers into the logs of the
 * answers. A client whose log of answers is full has its own requests wait, nobody else's; after the {@linkplain ServiceOptions#patience
 * patience} it is cut off. A client that dies goes when the media driver notices. What cannot be understood is refused, or ignored where it
 * names no one to answer.
 *
 * <p>Messages: {@code messages.xml} beside this class. Thread-safety: all methods may be called from any thread.
 */
public final class BridgeServer implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(BridgeServer.class.getName());
    private static final int FRAGMENTS = 16;
    private static final int LONGEST_CHANNEL = 1024;
    private static final long DRIVER_TIMEOUT_MILLIS = 3000;
    /** How long a stopping server goes on reading what clients had already sent. */
    private static final long DRAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    /** How long nobody reads a client's answers before the client is turned away. */
    private static final long LOST_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final String UNREAD = "nobody reads the answers";
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ServiceOptions options;
    private final Models models;
    private final ServiceMetrics metrics = new ServiceMetrics();
    private final RequestHandler handler;
    private final DriverDirectory directory;
    private final MediaDriver driver;
    private final Aeron aeron;
    private final AgentInvoker conductor;
    private final boolean remote;
    private final Int2ObjectHashMap<Reply> clients = new Int2ObjectHashMap<>();
    private final IntArrayList gone = new IntArrayList();
    private final List<Connecting> connecting = new ArrayList<>();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final ConnectDecoder connect = new ConnectDecoder();
    private final ControlledFragmentAssembler assembler = new ControlledFragmentAssembler(this::onMessage);
    private final ControlledFragmentAssembler echo = new ControlledFragmentAssembler(this::onEcho);
    private final Thread thread;
    private final WarmUp warmUp;
    private Subscription requests;
    private Subscription echoes;
    private volatile boolean stopping;

    private record Connecting(int session, long registration) {
    }

    private BridgeServer(Models models, ServiceOptions options) {
        this.options = options;
        this.models = models;
        this.handler = new RequestHandler(models, metrics);
        this.remote = isRemote(options.channel());
        this.directory = options.embedded() ? DriverDirectory.prepare(options.directory(), DRIVER_TIMEOUT_MILLIS) : null;
        // beside the driver's start; a handler of its own: what it answers counts nowhere
        CompletableFuture<WarmUp> warming = CompletableFuture
            .supplyAsync(() -> new RequestHandler(models, new ServiceMetrics()).warmUp(options
                .warmUp().toNanos()), work -> Thread.ofPlatform().name("pontoon-warm-up").start(work));
        this.driver = options.embedded() ? startDriver(options, metrics) : null;
        try {
            if (directory != null) {
                directory.lock();
            }
            this.aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(options.directory().toString()).useConductorAgentInvoker(true)
                .errorHandler(e -> report(e, metrics)).unavailableImageHandler(this::onGone));
            this.conductor = aeron.conductorAgentInvoker();
            this.requests = aeron.addSubscription(options.channel(), options.stream());
            this.echoes = options.echo() ? aeron.addSubscription(options.channel(), options.stream() + 1) : null;
        } catch (Throwable t) {
            if (driver != null) {
                driver.close();
                directory.remove();
            }
            throw t;
        }
        this.warmUp = warming.join();
        this.thread = Thread.ofPlatform().name("pontoon-translator").unstarted(this::run);
    }

    /**
     * Starts a server; it is ready when this returns.
     *
     * @param models what to translate with
     * @param options where to listen and how to wait
     * @return the server; close it to stop it
     * @throws IllegalArgumentException if a channel is none, or if the directory of an embedded driver is a link or holds anything but what a
     *     dead driver left there: only that is ever deleted
     * @throws IllegalStateException if another media driver runs on the directory, or none where one is expected
     */
    public static BridgeServer start(Models models, ServiceOptions options) {
        BridgeServer server;
        try {
            server = new BridgeServer(models, options);
        } catch (RegistrationException e) {
            throw new IllegalArgumentException("cannot listen on " + options.channel() + ": " + e.getMessage(), e);
        } catch (io.aeron.driver.exceptions.ActiveDriverException e) {
            throw new IllegalStateException("a media driver is already running on " + options.directory() + ", expected none", e);
        } catch (io.aeron.exceptions.DriverTimeoutException e) {
            throw new IllegalStateException("no media driver is running on " + options.directory() + ", expected one", e);
        }
        server.thread.start();
        return server;
    }

    private static MediaDriver startDriver(ServiceOptions options, ServiceMetrics metrics) {
        boolean network = !options.channel().startsWith(ServiceOptions.IPC);
        MediaDriver.Context context = new MediaDriver.Context().aeronDirectoryName(options.directory().toString())
            // a dead driver's directory is replaced, a living one's refused; it lives if its heart has beaten in the last seconds
            .driverTimeoutMs(DRIVER_TIMEOUT_MILLIS).dirDeleteOnShutdown(false).warnIfDirectoryExists(false).spiesSimulateConnection(false)
            .ipcTermBufferLength(1 << 20).publicationTermBufferLength(1 << 20)
            .clientLivenessTimeoutNs(TimeUnit.SECONDS.toNanos(5)).publicationUnblockTimeoutNs(TimeUnit.SECONDS.toNanos(10))
            .errorHandler(e -> report(e, metrics))
            // one thread; between processes on one machine it only keeps the books, and data never passes through it
            .threadingMode(ThreadingMode.SHARED)
            .sharedIdleStrategy(network && options.idle() != Idle.PARKING ? Idle.YIELDING.strategy()
                : new BackoffIdleStrategy(1, 1, 1_000, 200_000));
        return MediaDriver.launch(context);
    }

    private static void report(Throwable e, ServiceMetrics metrics) {
        if (e instanceof AeronEvent && e.getMessage().endsWith(UNREAD)) {
            // the driver's echo of what this server asked for
            LOG.log(System.Logger.Level.DEBUG, e.toString());
            return;
        }
        metrics.error();
        LOG.log(System.Logger.Level.WARNING, e.toString());
    }

    /**
     * Returns what the server counts.
     *
     * @return the metrics
     */
    public ServiceMetrics metrics() {
        return metrics;
    }

    /**
     * Returns the models.
     *
     * @return the models
     */
    public Models models() {
        return models;
    }

    /**
     * Tells how far the warm-up got before the server was ready.
     *
     * @return the warm-up
     */
    public WarmUp warmUp() {
        return warmUp;
    }

    /** Stops: answers what has already arrived, for at most a fifth of a second, then lets go of everything. */
    @Override
    public void close() {
        stopping = true;
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Tells whether the server still translates.
     *
     * @return false once it is closed, or its media driver is gone
     */
    public boolean isRunning() {
        return thread.isAlive();
    }

    private void run() {
        try {
            IdleStrategy idle = options.idle().strategy();
            int turns = 0;
            long looked = System.nanoTime();
            while (!stopping && !aeron.isClosed()) {
                int work = poll();
                if (work == 0 || (++turns & 63) == 0) {
                    work += conductor.invoke() + connectPending();
                    if (!gone.isEmpty()) {
                        letGo();
                    }
                    long now = System.nanoTime();
                    if (now - looked > LOOK_NANOS) {
                        looked = now;
                        turnAwayTheLost(now);
                    }
                }
                idle.idle(work);
            }
            long end = System.nanoTime() + DRAIN_NANOS;
            while (poll() > 0 && System.nanoTime() < end) {
                conductor.invoke();
            }
        } finally {
            CloseHelper.quietCloseAll(aeron, driver);
            if (directory != null) {
                directory.remove();
            }
        }
    }

    private int poll() {
        int work = requests.controlledPoll(assembler, FRAGMENTS);
        return echoes == null ? work : work + echoes.controlledPoll(echo, FRAGMENTS);
    }

    private ControlledFragmentHandler.Action onMessage(DirectBuffer buffer, int offset, int length, Header position) {
        int session = position.sessionId();
        Reply reply = clients.get(session);
        try {
            if (isConnect(buffer, offset, length)) {
                connect(buffer, offset, length, session, reply);
            } else if (reply == null) {
                if (isConnecting(session)) {
                    return ControlledFragmentHandler.Action.ABORT;
                }
                metrics.ignored();
            } else if (!handler.handle(buffer, offset, length, reply)) {
                return later(reply);
            }
        } catch (RuntimeException e) {
            // whatever a message can do to its handler, it does to nobody else
            report(e, metrics);
        }
        return ControlledFragmentHandler.Action.CONTINUE;
    }

    private ControlledFragmentHandler.Action later(Reply reply) {
        if (reply.cutOffIfFullSince(System.nanoTime(), options.patience().toNanos())) {
            metrics.cutOff();
            return ControlledFragmentHandler.Action.CONTINUE;
        }
        return ControlledFragmentHandler.Action.ABORT;
    }

    /** Sends back whatever comes: what Aeron alone costs. */
    private ControlledFragmentHandler.Action onEcho(DirectBuffer buffer, int offset, int length, Header position) {
        Reply reply = clients.get(position.sessionId());
        if (reply == null) {
            return onMessage(buffer, offset, length, position);
        }
        Reply.Status status = reply.claim(length);
        if (status == Reply.Status.OK) {
            reply.buffer().putBytes(reply.offset(), buffer, offset, length);
            status = reply.commit();
        }
        return status == Reply.Status.FULL ? later(reply) : ControlledFragmentHandler.Action.CONTINUE;
    }

    private boolean isConnect(DirectBuffer buffer, int offset, int length) {
        if (length < MessageHeaderDecoder.ENCODED_LENGTH) {
            return false;
        }
        header.wrap(buffer, offset);
        return header.templateId() == ConnectDecoder.TEMPLATE_ID && header.schemaId() == MessageHeaderDecoder.SCHEMA_ID;
    }

    private void connect(DirectBuffer buffer, int offset, int length, int session, Reply known) {
        int block = header.blockLength();
        int data = MessageHeaderDecoder.ENCODED_LENGTH + block + Integer.BYTES;
        if (known != null || isConnecting(session) || block < ConnectDecoder.BLOCK_LENGTH || length < data) {
            metrics.ignored();
            return;
        }
        connect.wrap(buffer, offset + MessageHeaderDecoder.ENCODED_LENGTH, block, header.version());
        int stream = connect.stream();
        int bytes = connect.channelLength();
        if (bytes < 0 || bytes > Math.min(length - data, LONGEST_CHANNEL)) {
            metrics.ignored();
            return;
        }
        byte[] name = new byte[bytes];
        connect.getChannel(name, 0, bytes);
        String channel = new String(name, StandardCharsets.US_ASCII);
        if (!isAllowed(channel)) {
            LOG.log(System.Logger.Level.WARNING, "a client asked for answers on a channel that is not allowed");
            metrics.ignored();
            return;
        }
        connecting.add(new Connecting(session, aeron.asyncAddExclusivePublication(channel, stream)));
    }

    private boolean isConnecting(int session) {
        for (int i = 0; i < connecting.size(); i++) {
            if (connecting.get(i).session == session) {
                return true;
            }
        }
        return false;
    }

    private int connectPending() {
        if (connecting.isEmpty()) {
            return 0;
        }
        int done = 0;
        for (Iterator<Connecting> i = connecting.iterator(); i.hasNext();) {
            Connecting next = i.next();
            try {
                ExclusivePublication publication = aeron.getExclusivePublication(next.registration);
                if (publication != null) {
                    i.remove();
                    clients.put(next.session, new Reply(publication));
                    done++;
                }
            } catch (RegistrationException e) {
                i.remove();
                metrics.ignored();
            }
        }
        metrics.clients(clients.size());
        return done;
    }

    /** Called by the conductor, on the translating thread; inside a callback nothing may be closed. */
    private void onGone(Image image) {
        int session = image.sessionId();
        assembler.freeSessionBuffer(session);
        echo.freeSessionBuffer(session);
        gone.addInt(session);
    }

    private void letGo() {
        for (int i = 0; i < gone.size(); i++) {
            int session = gone.getInt(i);
            Reply reply = clients.remove(session);
            if (reply != null) {
                reply.close();
            }
            for (Iterator<Connecting> j = connecting.iterator(); j.hasNext();) {
                Connecting next = j.next();
                if (next.session == session) {
                    j.remove();
                    aeron.asyncRemovePublication(next.registration);
                }
            }
        }
        gone.clear();
        metrics.clients(clients.size());
    }

    /**
     * Turns away clients whose answers nobody reads any more. Most go by themselves, when their last request has been read; but a client
     * that is killed after it has claimed room for a request and before it has written it leaves a log without an end.
     */
    private void turnAwayTheLost(long now) {
        Int2ObjectHashMap<Reply>.EntryIterator i = clients.entrySet().iterator();
        while (i.hasNext()) {
            i.next();
            if (i.getValue().isLostFor(now, LOST_NANOS)) {
                turnAway(requests, i.getIntKey());
                turnAway(echoes, i.getIntKey());
            }
        }
    }

    private void turnAway(Subscription subscription, int session) {
        Image image = subscription == null ? null : subscription.imageBySessionId(session);
        if (image != null) {
            try {
                image.reject(UNREAD);
            } catch (AeronException e) {
                // it went by itself meanwhile
                LOG.log(System.Logger.Level.DEBUG, e.toString());
            }
        }
    }

    private boolean isAllowed(String channel) {
        if (channel.equals(ServiceOptions.IPC)) {
            return true;
        }
        try {
            ChannelUri uri = ChannelUri.parse(channel);
            return uri.isUdp() && uri.get("endpoint") != null && uri.get("control") == null && (remote || !isRemote(channel));
        } catch (RuntimeException e) {
            return false;
        }
    }

    /** Tells whether a channel's endpoint lies beyond loopback. */
    private static boolean isRemote(String channel) {
        String endpoint = ChannelUri.parse(channel).get("endpoint");
        if (endpoint == null) {
            return false;
        }
        String host = endpoint.substring(0, Math.max(0, endpoint.lastIndexOf(':')));
        if (host.equals("localhost")) {
            return false;
        }
        if (!host.matches("[0-9.]+|\\[[0-9a-fA-F:.]+]")) {
            // a name: never ask the network on behalf of a client
            return true;
        }
        try {
            return !InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return true;
        }
    }
}
