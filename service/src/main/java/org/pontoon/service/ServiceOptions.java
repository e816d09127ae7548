package org.pontoon.service;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * Where a server listens and how it waits.
 *
 * @param channel Aeron channel of the requests: {@code aeron:ipc}, or for example {@code aeron:udp?endpoint=localhost:40123}. Clients
 *     beyond loopback are answered only where this channel's endpoint is itself beyond loopback
 * @param stream stream of the requests
 * @param directory the media driver's directory, by which clients on this machine find it. An embedded driver's must be new, empty, or left
 *     behind by a dead one; it gets the mode 0700 and goes when the server stops, unless it was there and empty
 * @param embedded whether to start a media driver in this process; if not, one must be running on the directory
 * @param idle what the translating thread does between requests
 * @param echo whether to echo whatever comes on stream + 1, as a yardstick for load generators
 * @param patience how long a client may leave its answers unread before it is cut off
 * @param warmUp the longest time to spend on compiling before the server is ready
 */
public record ServiceOptions(String channel, int stream, Path directory, boolean embedded, Idle idle, boolean echo, Duration patience,
        Duration warmUp) {

    /** Shared memory of the machine. */
    public static final String IPC = "aeron:ipc";

    /** Stream of the requests unless another one is asked for. */
    public static final int STREAM = 7050;

    /** Checks the options. */
    public ServiceOptions {
        Objects.requireNonNull(idle, "idle");
        Objects.requireNonNull(directory, "directory");
        if (!channel.startsWith("aeron:")) {
            throw new IllegalArgumentException("channel is '" + channel + "', expected an Aeron channel such as " + IPC);
        }
        if (patience.isNegative() || patience.isZero() || warmUp.isNegative()) {
            throw new IllegalArgumentException("patience is " + patience + " and warm-up " + warmUp + ", expected positive durations");
        }
    }

    /**
     * Returns the directory that servers and clients use unless told otherwise: one for each user, in shared memory where there is any.
     *
     * @return the directory
     */
    public static Path defaultDirectory() {
        Path memory = Path.of("/dev/shm");
        return (Files.isDirectory(memory) ? memory : Path.of(System.getProperty("java.io.tmpdir")))
            .resolve("pontoon-" + System.getProperty("user.name"));
    }

    /**
     * Starts from the defaults: IPC through an embedded driver in the default directory, yielding, no echo, patience of 5 seconds, warm-up
     * of at most 0.8 seconds.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects options. */
    public static final class Builder {

        private String channel = IPC;
        private int stream = STREAM;
        private Path directory = defaultDirectory();
        private boolean embedded = true;
        private Idle idle = Idle.YIELDING;
        private boolean echo;
        private Duration patience = Duration.ofSeconds(5);
        private Duration warmUp = Duration.ofMillis(800);

        private Builder() {
        }

        /**
         * Sets the channel of the requests.
         *
         * @param value an Aeron channel
         * @return this builder
         */
        public Builder channel(String value) {
            this.channel = value;
            return this;
        }

        /**
         * Sets the stream of the requests.
         *
         * @param value the stream
         * @return this builder
         */
        public Builder stream(int value) {
            this.stream = value;
            return this;
        }

        /**
         * Sets the media driver's directory.
         *
         * @param value the directory
         * @return this builder
         */
        public Builder directory(Path value) {
            this.directory = value;
            return this;
        }

        /**
         * Chooses between a media driver in this process and one that is running on the directory.
         *
         * @param value true for one in this process
         * @return this builder
         */
        public Builder embedded(boolean value) {
            this.embedded = value;
            return this;
        }

        /**
         * Sets what the translating thread does between requests.
         *
         * @param value the strategy
         * @return this builder
         */
        public Builder idle(Idle value) {
            this.idle = value;
            return this;
        }

        /**
         * Chooses whether to echo.
         *
         * @param value true to echo what comes on stream + 1
         * @return this builder
         */
        public Builder echo(boolean value) {
            this.echo = value;
            return this;
        }

        /**
         * Sets how long a client may leave its answers unread.
         *
         * @param value a positive duration
         * @return this builder
         */
        public Builder patience(Duration value) {
            this.patience = value;
            return this;
        }

        /**
         * Sets the longest time for the warm-up.
         *
         * @param value a duration; zero for none
         * @return this builder
         */
        public Builder warmUp(Duration value) {
            this.warmUp = value;
            return this;
        }

        /**
         * Builds the options.
         *
         * @return the options
         * @throws IllegalArgumentException if one of them is wrong
         */
        public ServiceOptions build() {
            return new ServiceOptions(channel, stream, directory, embedded, idle, echo, patience, warmUp);
        }
    }
}
