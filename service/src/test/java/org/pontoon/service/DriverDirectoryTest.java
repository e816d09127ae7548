package org.pontoon.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;

import io.aeron.driver.MediaDriver;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What a server does to the directory that it is told to use for its media driver. */
@DisabledOnOs(OS.WINDOWS)
class DriverDirectoryTest {

    @TempDir
    private Path folder;
    private Path directory;
    private Path precious;

    @BeforeEach
    void writeSomethingPrecious() throws IOException {
        directory = folder.resolve("driver");
        precious = Files.createDirectory(folder.resolve("precious"));
        Files.writeString(precious.resolve("thesis.txt"), "years of work");
        Files.writeString(Files.createDirectory(precious.resolve("images")).resolve("year.logbuffer"), "a year");
    }

    private BridgeServer start() {
        return BridgeServer.start(TestBridges.models(), ServiceOptions.builder().directory(directory).warmUp(Duration.ZERO).build());
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> start().close()).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(message);
        assertThat(precious.resolve("thesis.txt")).hasContent("years of work");
        assertThat(precious.resolve("images/year.logbuffer")).hasContent("a year");
    }

    /** Runs a driver of Aeron's own and leaves its files behind, its heartbeat long gone. */
    private void leaveDeadDriver() {
        MediaDriver.launch(new MediaDriver.Context().aeronDirectoryName(directory.toString()).dirDeleteOnShutdown(false)).close();
    }

    private String mode() throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(directory));
    }

    @Test
    void aNewDirectoryIsItsOwnersAloneAndGoesWithTheServer() throws IOException {
        directory = folder.resolve("a/b/driver");
        try (BridgeServer server = start()) {
            assertThat(mode()).isEqualTo("rwx------");
            assertThat(server.isRunning()).isTrue();
        }
        assertThat(directory).doesNotExist();
        assertThat(directory.getParent()).isEmptyDirectory();
    }

    @Test
    void anEmptyDirectoryIsLockedAndLeftEmpty() throws IOException {
        Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        start().close();
        assertThat(directory).isEmptyDirectory();
        assertThat(mode()).isEqualTo("rwx------");
    }

    @Test
    void aDirectoryOfAnythingElseIsRefusedUntouched() throws IOException {
        directory = precious;
        assertRefused("precious is not empty and holds no cnc.dat of a media driver, expected a new or empty directory");
        Files.writeString(precious.resolve("cnc.dat"), "G0 X0 Y0 ; a milling program, " + "G1 X1 Y1 F100 ".repeat(1000));
        assertRefused("cnc.dat is no media driver's");
        Files.writeString(precious.resolve("cnc.dat"), "G0 X0 Y0");
        assertRefused("cnc.dat is no media driver's (it has 8 bytes)");
        assertThat(precious.resolve("cnc.dat")).hasContent("G0 X0 Y0");
        Files.delete(precious.resolve("cnc.dat"));
        Files.createDirectory(precious.resolve("cnc.dat"));
        assertRefused("holds no cnc.dat of a media driver");
    }

    @Test
    void aFileIsRefused() {
        directory = precious.resolve("thesis.txt");
        assertRefused("thesis.txt is not a directory");
    }

    @Test
    void aLinkIsRefusedWhateverItLeadsTo() throws IOException {
        Files.createSymbolicLink(directory, precious);
        assertRefused("driver is a symbolic link");
        Files.delete(directory);
        Files.createSymbolicLink(directory, Files.createDirectory(folder.resolve("empty")));
        assertRefused("driver is a symbolic link");
        Files.delete(directory);
        Files.createSymbolicLink(directory, folder.resolve("nowhere"));
        assertRefused("driver is a symbolic link");
        assertThat(folder.resolve("nowhere")).doesNotExist();
    }

    @Test
    void whatADeadDriverLeftIsReplaced() throws IOException {
        leaveDeadDriver();
        Files.createDirectories(directory.resolve("publications"));
        Files.writeString(directory.resolve("publications/1.logbuffer"), "a client's");
        try (BridgeServer server = start()) {
            assertThat(directory.resolve("publications/1.logbuffer")).doesNotExist();
            assertThat(server.isRunning()).isTrue();
        }
        assertThat(directory).doesNotExist();
    }

    @Test
    void whatLiesBesideADeadDriversFilesIsNeverDeleted() throws IOException {
        leaveDeadDriver();
        Path notes = Files.writeString(directory.resolve("notes.txt"), "mine");
        assertRefused("driver holds notes.txt, which is no media driver's");
        assertThat(notes).hasContent("mine");
        assertThat(directory.resolve("cnc.dat")).exists();
        Files.delete(notes);
        Path link = Files.createSymbolicLink(directory.resolve("link"), precious);
        assertRefused("driver holds link");
        Files.delete(link);
        Files.deleteIfExists(directory.resolve("images"));
        link = Files.createSymbolicLink(directory.resolve("images"), precious.resolve("images"));
        assertRefused("driver holds images");
        Files.delete(link);
        Files.createDirectory(directory.resolve("images"));
        link = Files.createSymbolicLink(directory.resolve("images/2.logbuffer"), precious.resolve("thesis.txt"));
        assertRefused("driver holds images/2.logbuffer");
        Files.delete(link);
        Files.createDirectory(directory.resolve("images/deep.logbuffer"));
        assertRefused("driver holds images/deep.logbuffer");
    }

    @Test
    void whatAppearsWhileTheServerRunsIsLeft() throws IOException {
        try (BridgeServer server = start()) {
            Files.writeString(directory.resolve("notes.txt"), "mine");
            Files.createSymbolicLink(directory.resolve("link"), precious);
            Files.createSymbolicLink(directory.resolve("publications/link"), precious);
            assertThat(server.isRunning()).isTrue();
        }
        assertThat(directory.resolve("notes.txt")).hasContent("mine");
        assertThat(directory.resolve("link")).isSymbolicLink();
        assertThat(directory.resolve("publications/link")).isSymbolicLink();
        assertThat(directory.resolve("cnc.dat")).doesNotExist();
        assertThat(precious.resolve("images/year.logbuffer")).hasContent("a year");
    }

    @Test
    void aLivingDriversDirectoryIsLeftAlone() {
        try (MediaDriver driver = MediaDriver.launch(new MediaDriver.Context().aeronDirectoryName(directory.toString()))) {
            assertThatThrownBy(() -> start().close()).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("a media driver is already running on " + directory);
            assertThat(driver.context().cncFile()).exists();
        }
    }

    @Test
    void aServerThatCannotListenLeavesNothing() {
        assertThatThrownBy(() -> BridgeServer.start(TestBridges.models(),
            ServiceOptions.builder().directory(directory).warmUp(Duration.ZERO).channel("aeron:udp?endpoint=localhost:99999").build()))
            .isInstanceOf(IllegalArgumentException.class);
        assertThat(directory).doesNotExist();
    }
}
