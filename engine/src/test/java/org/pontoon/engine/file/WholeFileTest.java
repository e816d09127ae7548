package org.pontoon.engine.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {

    private static final byte[] NEW = "new".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    @Test
    void theFileAppearsOnCommitAndReplacesTheOldOne() throws IOException {
        Path target = folder.resolve("out.bin");
        Files.writeString(target, "old");
        for (boolean durably : new boolean[] {false, true}) {
            try (WholeFile file = WholeFile.create(target)) {
                file.stream().write(NEW);
                if (durably) {
                    file.commitDurably();
                } else {
                    assertThat(target).hasContent("old");
                    file.commit();
                }
            }
            assertThat(target).hasContent("new");
            assertThat(folder.toFile().list()).containsExactly("out.bin");
        }
    }

    @Test
    void withoutACommitTheOldFileStays() throws IOException {
        Path target = folder.resolve("out.bin");
        Files.writeString(target, "old");
        try (WholeFile file = WholeFile.create(target)) {
            file.stream().write(NEW);
        }
        assertThatThrownBy(() -> {
            try (WholeFile file = WholeFile.create(target)) {
                file.stream().write(NEW);
                throw new IllegalStateException("cancelled");
            }
        }).hasMessage("cancelled");
        assertThat(target).hasContent("old");
        assertThat(folder.toFile().list()).containsExactly("out.bin");
    }

    @Test
    void aTargetThatCannotBeWrittenIsNamed() throws IOException {
        refuses(folder, "is a directory");
        refuses(folder.resolve("missing").resolve("out.bin"), "there is no directory");
        Path plain = Files.createFile(folder.resolve("plain"));
        refuses(plain.resolve("out.bin"), "not a directory");
        refuses(Path.of("/"), "is a directory");
        refuses(Path.of(""), "is a directory");
        assertThat(folder.toFile().list()).containsExactly("plain");
    }

    @Test
    void aTargetThatIsNoOrdinaryFileIsNeverReplaced() {
        Path device = Path.of("/dev/null");
        assumeThat(device).exists();
        refuses(device, "not an ordinary file");
    }

    @Test
    void aWriteProtectedTargetOrDirectoryIsRefused() throws IOException {
        Path target = Files.createFile(folder.resolve("out.bin"));
        Path directory = Files.createDirectory(folder.resolve("closed"));
        try {
            Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("r--r--r--"));
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("r-xr-xr-x"));
        } catch (UnsupportedOperationException e) {
            assumeThat(true).as("file system without permissions").isFalse();
        }
        assumeThat(Files.isWritable(target)).as("this user may write anything").isFalse();
        refuses(target, "write-protected");
        refuses(directory.resolve("out.bin"), "no permission");
    }

    @Test
    void theFileBehindALinkIsReplacedAndNotTheLink() throws IOException {
        Path target = Files.writeString(folder.resolve("out.bin"), "old");
        Path link = Files.createSymbolicLink(folder.resolve("link.bin"), target);
        try (WholeFile file = WholeFile.create(link)) {
            file.stream().write(NEW);
            file.commit();
        }
        assertThat(link).isSymbolicLink();
        assertThat(target).hasContent("new");
    }

    @Test
    void unfinishedFilesOfThisProcessAreDiscardedAndOthersAreNot() throws IOException {
        Files.createFile(folder.resolve(".pontoon-1-2-0.partial"));
        try (WholeFile one = WholeFile.create(folder.resolve("one")); WholeFile two = WholeFile.create(folder.resolve("two"))) {
            two.commit();
            assertThat(WholeFile.discardUnfinished(folder)).isEqualTo(1);
            assertThatThrownBy(one::commit).isInstanceOf(IOException.class).hasMessageStartingWith(folder.resolve("one").toString());
        }
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("two", ".pontoon-1-2-0.partial");
    }

    @Test
    void severalFilesForOneTargetDoNotMeet() throws IOException {
        Path target = folder.resolve("out.bin");
        try (WholeFile one = WholeFile.create(target); WholeFile two = WholeFile.create(target)) {
            one.stream().write('1');
            two.stream().write('2');
            two.commit();
            one.commit();
        }
        assertThat(target).hasContent("1");
    }

    @Test
    void aFileIsCommittedOnce() throws IOException {
        Path target = folder.resolve("out.bin");
        try (WholeFile file = WholeFile.create(target)) {
            file.commit();
            assertThatThrownBy(file::commit).isInstanceOf(IllegalStateException.class).hasMessageContaining("out.bin");
            assertThatThrownBy(() -> file.stream().write(1)).isInstanceOf(IOException.class).hasMessageStartingWith(target.toString());
        }
        assertThat(target).isEmptyFile();
    }

    @Test
    void whetherAFileCanBeWrittenIsKnownBeforehand() throws IOException {
        WholeFile.requireWritable(folder.resolve("out.bin"));
        assertThat(folder).isEmptyDirectory();
    }

    private static void refuses(Path target, String reason) {
        assertThatThrownBy(() -> WholeFile.requireWritable(target)).isInstanceOf(IOException.class)
            .hasMessageStartingWith(target.toString()).hasMessageContaining(reason);
    }
}
