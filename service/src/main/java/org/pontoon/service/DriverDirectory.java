package org.pontoon.service;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import io.aeron.CncFileDescriptor;
import io.aeron.CommonContext;
import io.aeron.driver.exceptions.ActiveDriverException;

/**
 * The directory of an embedded media driver: its owner's alone, and emptied of nothing but what a driver puts there.
 *
 * <p>Aeron's driver deletes its whole directory when it starts, and again when it stops if told to, with everything in it and everything
 * behind links in it. So a server hands it an empty directory, having refused one with anything else in it, and clears up after it by name.
 */
final class DriverDirectory {

    private static final String LOSS_REPORT = "loss-report.dat";
    private static final Set<String> LOGS = Set.of("publications", "images");
    private static final String LOG = ".logbuffer";

    private final Path directory;
    private final boolean ours;

    private DriverDirectory(Path directory, boolean ours) {
        this.directory = directory;
        this.ours = ours;
    }

    /**
     * Makes a directory ready for a driver: new or empty, and of mode 0700. What a dead driver left there goes.
     *
     * @param directory the directory
     * @param timeoutMillis how old the heartbeat of a dead driver is
     * @return the directory, to be locked once the driver has started and cleared when it has stopped
     * @throws IllegalArgumentException if it is a link or no directory, holds what no media driver made, or belongs to someone else
     * @throws ActiveDriverException if a driver is running there
     */
    static DriverDirectory prepare(Path directory, long timeoutMillis) {
        try {
            if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectories(directory.toAbsolutePath());
                makePrivate(directory);
                return new DriverDirectory(directory, true);
            }
            if (Files.isSymbolicLink(directory)) {
                throw new IllegalArgumentException(directory + " is a symbolic link, expected a directory for the media driver alone");
            }
            if (!Files.isDirectory(directory)) {
                throw new IllegalArgumentException(directory + " is not a directory, expected one for the media driver alone");
            }
            List<Path> entries = list(directory);
            boolean dead = !entries.isEmpty();
            if (dead) {
                requireDead(directory, entries, timeoutMillis);
            }
            // before it is emptied: nobody else can put anything there from here on
            makePrivate(directory);
            if (dead) {
                clear(directory);
            }
            return new DriverDirectory(directory, dead);
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot use " + directory + " as the media driver's directory: " + e, e);
        }
    }

    /** Gives the running driver's directory the mode 0700: the driver has made it anew, with what the umask leaves. */
    void lock() {
        try {
            makePrivate(directory);
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot use " + directory + " as the media driver's directory: " + e, e);
        }
    }

    /** Deletes what the stopped driver has left, and the directory itself unless it was there before; nothing that is not a driver's. */
    void remove() {
        try {
            clear(directory);
            if (ours && list(directory).isEmpty()) {
                Files.delete(directory);
            }
        } catch (NoSuchFileException e) {
            // someone was faster
        } catch (IOException e) {
            System.getLogger(DriverDirectory.class.getName()).log(System.Logger.Level.WARNING, "cannot clear up " + directory + ": " + e);
        }
    }

    /** Refuses what holds anything but the files of a media driver that runs no more. */
    private static void requireDead(Path directory, List<Path> entries, long timeoutMillis) throws IOException {
        Path cnc = directory.resolve(CncFileDescriptor.CNC_FILE);
        if (!Files.isRegularFile(cnc, LinkOption.NOFOLLOW_LINKS)) {
            throw new IllegalArgumentException(directory + " is not empty and holds no " + CncFileDescriptor.CNC_FILE
                + " of a media driver, expected a new or empty directory");
        }
        boolean active;
        try {
            if (Files.size(cnc) <= CncFileDescriptor.META_DATA_LENGTH) {
                throw new IllegalStateException("it has " + Files.size(cnc) + " bytes");
            }
            active = CommonContext.isDriverActive(directory.toFile(), timeoutMillis, line -> {
            });
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(cnc + " is no media driver's (" + e.getMessage() + "), expected a new or empty directory",
                e);
        }
        if (active) {
            throw new ActiveDriverException("active driver detected");
        }
        for (Path entry : entries) {
            String name = entry.getFileName().toString();
            if (LOGS.contains(name) && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                for (Path log : list(entry)) {
                    requireDrivers(directory, log, isLog(log));
                }
            } else {
                requireDrivers(directory, entry, isBook(entry));
            }
        }
    }

    private static void requireDrivers(Path directory, Path file, boolean isDrivers) {
        if (!isDrivers) {
            throw new IllegalArgumentException(directory + " holds " + directory.relativize(file)
                + ", which is no media driver's, expected a new or empty directory");
        }
    }

    /** Deletes the files of a driver, and nothing else. */
    private static void clear(Path directory) throws IOException {
        for (Path entry : list(directory)) {
            if (LOGS.contains(entry.getFileName().toString()) && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                for (Path log : list(entry)) {
                    if (isLog(log)) {
                        Files.deleteIfExists(log);
                    }
                }
                if (list(entry).isEmpty()) {
                    Files.delete(entry);
                }
            } else if (isBook(entry)) {
                Files.deleteIfExists(entry);
            }
        }
    }

    private static boolean isLog(Path file) {
        return file.getFileName().toString().endsWith(LOG) && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean isBook(Path file) {
        String name = file.getFileName().toString();
        return (name.equals(CncFileDescriptor.CNC_FILE) || name.equals(LOSS_REPORT))
            && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }

    private static List<Path> list(Path directory) throws IOException {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            files.forEach(entries::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return entries;
    }

    /** Fails on a directory of someone else's; where the file system knows no modes its own defaults hold. */
    private static void makePrivate(Path directory) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(directory, PosixFileAttributeView.class);
        if (view != null) {
            view.setPermissions(PosixFilePermissions.fromString("rwx------"));
        }
    }
}
