package org.pontoon.engine.file;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;

/**
 * An output file that appears whole or not at all.
 *
 * <p>The bytes go to a temporary file beside the target; {@link #commit()} renames it onto the target in one step and replaces what was
 * there. {@link #close()} without a commit, whatever the reason, removes the temporary file and leaves the target as it was:
 *
 * {@snippet :
 * try (WholeFile file = WholeFile.create(target)) {
 *     file.stream().write(bytes);
 *     file.commit();
 * }
 * }
 *
 * <p>A process that is told to stop can clean up from a shutdown hook with {@link #discardUnfinished(Path)}. After a kill -9 the temporary
 * file ({@code .pontoon-*.partial}) stays behind; the target is still either the old one or the new one.
 *
 * <p>Thread-safety: one file belongs to one thread. The static methods may be called from any thread.
 */
public final class WholeFile implements AutoCloseable {

    /**
     * Names the process, so that {@link #discardUnfinished(Path)} leaves alone what another one is writing in the same directory. Drawn rather
     * than the process id, which is not unique among containers that share a directory and takes the JDK 35 ms to find out.
     */
    private static final String PREFIX = ".pontoon-" + Long.toHexString(ThreadLocalRandom.current().nextLong()) + "-";
    private static final String SUFFIX = ".partial";

    private final Path name;
    private final Path target;
    private final Path temporary;
    private final OutputStream stream;
    private boolean open = true;

    private WholeFile(Path name, Path target, Path temporary, OutputStream stream) {
        this.name = name;
        this.target = target;
        this.temporary = temporary;
        this.stream = new NamingStream(name, stream);
    }

    /**
     * Begins an output.
     *
     * @param target where the file shall appear; a symbolic link is followed, an existing file is replaced on commit
     * @return the output, to be committed and closed
     * @throws IOException naming the target, if it cannot be written (see {@link #requireWritable(Path)})
     */
    public static WholeFile create(Path target) throws IOException {
        Path real = resolve(target);
        Path directory = directoryOf(real);
        for (int attempt = 0;; attempt++) {
            Path temporary = directory.resolve(PREFIX + attempt + SUFFIX);
            try {
                return new WholeFile(target, real, temporary,
                    Files.newOutputStream(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
            } catch (FileAlreadyExistsException e) {
                // Another output of this process in the same directory: take the next number.
            } catch (IOException e) {
                throw named(target, e);
            }
        }
    }

    /**
     * Checks, before long work begins, that a file could be written: its directory exists and takes new files, and the target is absent or
     * an ordinary file without write protection. Nothing is left behind.
     *
     * @param target the file that is to be written later
     * @throws IOException naming the target and what stands in the way
     */
    public static void requireWritable(Path target) throws IOException {
        create(target).close();
    }

    /**
     * Removes the temporary files of all outputs that this process has begun in a directory and not committed: for shutdown hooks. An output
     * removed in this way fails on its commit.
     *
     * @param directory the directory of the targets; subdirectories are not searched
     * @return the number of files removed
     * @throws IOException if the directory cannot be listed or a file cannot be removed
     */
    public static int discardUnfinished(Path directory) throws IOException {
        int removed = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, PREFIX + "*" + SUFFIX)) {
            for (Path file : files) {
                if (Files.deleteIfExists(file)) {
                    removed++;
                }
            }
        }
        return removed;
    }

    /**
     * Returns where the bytes go. The stream is not buffered: write in blocks. Its failures name the target. Closing it does not commit.
     *
     * @return the stream, always the same one
     */
    public OutputStream stream() {
        return stream;
    }

    /**
     * Puts the file in place and closes this output.
     *
     * @throws IOException naming the target, if the last bytes cannot be written or the rename fails; the target is then as it was
     * @throws IllegalStateException if this output is closed or already committed
     */
    public void commit() throws IOException {
        commit(false);
    }

    /**
     * Puts the file in place after its bytes have reached the storage device, so that a power failure finds the old file or the new one, and
     * closes this output.
     *
     * @throws IOException naming the target, if the last bytes cannot be written or the rename fails; the target is then as it was
     * @throws IllegalStateException if this output is closed or already committed
     */
    public void commitDurably() throws IOException {
        commit(true);
    }

    private void commit(boolean durably) throws IOException {
        if (!open) {
            throw new IllegalStateException(name + " is already committed or closed");
        }
        try {
            stream.close();
            if (durably) {
                try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                    channel.force(true);
                }
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            open = false;
        } catch (IOException e) {
            throw named(name, e);
        } finally {
            close();
        }
    }

    /** Removes the temporary file unless it was committed; closing again does nothing. */
    @Override
    public void close() {
        if (!open) {
            return;
        }
        open = false;
        try {
            stream.close();
        } catch (IOException e) {
            // The bytes are thrown away in any case.
        }
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            // Often the second failure after one that is already on its way to the caller, which must not be hidden by this one.
        }
    }

    @Override
    public String toString() {
        return "WholeFile[" + name + (open ? ", open" : ", closed") + "]";
    }

    /** Follows links, so that the file behind a link is replaced and not the link, and refuses what a rename must not replace. */
    private static Path resolve(Path target) throws IOException {
        Path real = Files.exists(target) ? target.toRealPath() : target.toAbsolutePath();
        if (Files.isDirectory(real)) {
            throw new FileSystemException(target.toString(), null, "is a directory, expected a file name");
        }
        if (Files.exists(real) && !Files.isRegularFile(real)) {
            throw new FileSystemException(target.toString(), null, "exists and is not an ordinary file");
        }
        if (Files.exists(real) && !Files.isWritable(real)) {
            throw new AccessDeniedException(target.toString(), null, "exists and is write-protected");
        }
        Path directory = directoryOf(real);
        if (!Files.exists(directory)) {
            throw new NoSuchFileException(target.toString(), null, "there is no directory " + directory);
        }
        if (!Files.isDirectory(directory)) {
            throw new FileSystemException(target.toString(), null, directory + " is not a directory");
        }
        if (!Files.isWritable(directory)) {
            throw new AccessDeniedException(target.toString(), null, "no permission to write in " + directory);
        }
        return real;
    }

    private static Path directoryOf(Path absolute) throws IOException {
        Path parent = absolute.getParent();
        if (parent == null) {
            throw new NotDirectoryException(absolute.toString());
        }
        return parent;
    }

    /** Gives a failure of the file system the name of the file that the caller knows, instead of none or the temporary one. */
    static IOException named(Path name, IOException failure) {
        if (failure instanceof FileSystemException f && name.toString().equals(f.getFile()) && f.getReason() != null) {
            return failure;
        }
        String reason = switch (failure) {
            case AccessDeniedException f -> "permission denied";
            case NoSuchFileException f -> "there is no file " + f.getFile();
            case FileSystemException f when f.getReason() != null -> f.getReason();
            case IOException f when f.getMessage() != null -> f.getMessage();
            default -> failure.getClass().getSimpleName();
        };
        FileSystemException named = new FileSystemException(name.toString(), null, reason);
        named.initCause(failure);
        return named;
    }

    private static final class NamingStream extends OutputStream {

        private final Path name;
        private final OutputStream out;

        NamingStream(Path name, OutputStream out) {
            this.name = name;
            this.out = out;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                out.write(bytes, offset, length);
            } catch (IOException e) {
                throw named(name, e);
            }
        }

        @Override
        public void close() throws IOException {
            try {
                out.close();
            } catch (IOException e) {
                throw named(name, e);
            }
        }
    }
}
