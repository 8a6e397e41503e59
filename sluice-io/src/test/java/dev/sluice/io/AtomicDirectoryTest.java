package dev.sluice.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicDirectoryTest {
  private static final Set<String> FILES = Set.of("config.json", "weights", "vocabulary");

  @TempDir private Path folder;
  private Path out;

  @BeforeEach
  void nameTarget() {
    out = folder.resolve("out");
  }

  @Test
  void writesANewDirectoryAndTheFoldersAboveIt() throws IOException {
    Path deep = folder.resolve("a/b/out");
    AtomicDirectory.at(deep, FILES).write(model("1"));
    assertThat(deep.resolve("config.json")).hasContent("1");
    assertThat(names(folder.resolve("a/b"))).containsExactly("out");
  }

  @Test
  void othersMayReadItAsAnyFolder() throws IOException {
    Path ordinary = Files.createDirectory(folder.resolve("ordinary"));
    AtomicDirectory.at(out, FILES).write(model("1"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(out)))
        .isEqualTo(PosixFilePermissions.toString(Files.getPosixFilePermissions(ordinary)));
  }

  @Test
  void replacesAModelAsOftenAsItIsAsked() throws IOException {
    AtomicDirectory directory = AtomicDirectory.at(out, FILES);
    directory.write(model("1"));
    Files.writeString(out.resolve("vocabulary"), "of the first");
    directory.write(model("2"));
    directory.write(model("3"));
    assertThat(out.resolve("config.json")).hasContent("3");
    assertThat(names(out)).containsExactly("config.json", "weights");
    assertThat(names(folder)).containsExactly("out");
  }

  @Test
  void fillsAnEmptyFolder() throws IOException {
    Files.createDirectory(out);
    AtomicDirectory.at(out, FILES).write(model("1"));
    assertThat(out.resolve("config.json")).hasContent("1");
  }

  @Test
  void replacesWhatALinkPointsToAndKeepsTheLink() throws IOException {
    Path real = folder.resolve("real");
    AtomicDirectory.at(real, FILES).write(model("1"));
    Files.createSymbolicLink(out, real);
    AtomicDirectory.at(out, FILES).write(model("2"));
    assertThat(real.resolve("config.json")).hasContent("2");
    assertThat(out).isSymbolicLink();
    assertThat(names(folder)).containsExactly("out", "real");
  }

  @Test
  void aFailureLeavesTheOldContentAndNothingElse() throws IOException {
    AtomicDirectory directory = AtomicDirectory.at(out, FILES);
    directory.write(model("1"));

    assertThatExceptionOfType(ModelFileException.class)
        .isThrownBy(() -> directory.write(failing(new IOException("No space left on device"))))
        .withMessage("%s: cannot be written (No space left on device)", out);
    assertThatIllegalStateException()
        .isThrownBy(() -> directory.write(failing(new IllegalStateException("bug"))))
        .withMessage("bug");

    assertThat(out.resolve("config.json")).hasContent("1");
    assertThat(names(folder)).containsExactly("out");
  }

  @Test
  void aFailureOfTheFirstWriteLeavesNothing() throws IOException {
    AtomicDirectory directory = AtomicDirectory.at(out, FILES);
    assertThatExceptionOfType(ModelFileException.class)
        .isThrownBy(() -> directory.write(failing(new IOException("broken"))));
    assertThat(names(folder)).isEmpty();
  }

  @Test
  void contentThatCouldNotBeReplacedIsAMistakeOfTheCaller() throws IOException {
    AtomicDirectory directory = AtomicDirectory.at(out, FILES);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> directory.write(path -> {}))
        .withMessage("no config.json was written");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                directory.write(
                    path -> {
                      model("1").writeTo(path);
                      Files.createDirectories(path.resolve("sub/folder"));
                    }))
        .withMessageContaining("sub is not among");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AtomicDirectory.at(out, Set.of("weights")))
        .withMessage("config.json is not among [weights]");
    assertThat(names(folder)).isEmpty();
  }

  @Test
  void refusesAFolderThatIsNoModel() throws IOException {
    Files.createDirectory(out);
    Files.writeString(out.resolve("thesis.tex"), "years of work");
    assertRefused("exists and is not a model directory (it has no config.json)");
    assertThat(out.resolve("thesis.tex")).hasContent("years of work");
  }

  @Test
  void refusesAModelFolderWithSomethingElseInIt() throws IOException {
    AtomicDirectory.at(out, FILES).write(model("1"));
    Files.writeString(out.resolve("notes.md"), "years of work");
    assertRefused("holds notes.md, which is no part of a model and would be lost");

    Files.move(out.resolve("notes.md"), folder.resolve("notes.md"));
    Files.createDirectory(out.resolve("weights2"));
    assertRefused("holds weights2, which is no part of a model and would be lost");
  }

  @Test
  void refusesAFile() throws IOException {
    Files.writeString(out, "text");
    assertRefused("exists and is not a model directory (it is a file)");
    assertThat(out).hasContent("text");
  }

  @Test
  void refusesAParentThatIsAFile() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    Path below = file.resolve("deep/out");
    assertThatExceptionOfType(ModelFileException.class)
        .isThrownBy(() -> AtomicDirectory.at(below, FILES))
        .withMessage(
            "%s: cannot be written (%s is not a writable folder); choose another --model",
            below, file);
  }

  @Test
  void refusesWhatBecameSomethingElseSinceItWasAskedFor() throws IOException {
    AtomicDirectory directory = AtomicDirectory.at(folder.resolve("a/out"), FILES);
    Files.createFile(folder.resolve("a"));
    assertThatExceptionOfType(ModelFileException.class)
        .isThrownBy(() -> directory.write(model("1")))
        .withMessageContaining("a/out: cannot be written (a file is in the way: ");

    AtomicDirectory other = AtomicDirectory.at(out, FILES);
    Files.createDirectory(out);
    Files.writeString(out.resolve("thesis.tex"), "years of work");
    assertThatExceptionOfType(ModelFileException.class)
        .isThrownBy(() -> other.write(model("1")))
        .withMessageContaining("is not a model directory");
  }

  @Test
  void aProcessKilledBetweenTheTwoRenamesLosesNothing() throws IOException {
    AtomicDirectory.at(out, FILES).write(model("1"));
    Files.move(out, folder.resolve(".out.old"));
    assertThat(AtomicDirectory.current(out).resolve("config.json")).hasContent("1");

    AtomicDirectory next = AtomicDirectory.at(out, FILES);
    assertThatExceptionOfType(ModelFileException.class)
        .isThrownBy(() -> next.write(failing(new IOException("broken"))));
    assertThat(out.resolve("config.json")).hasContent("1");

    next.write(model("2"));
    assertThat(AtomicDirectory.current(out)).isEqualTo(out);
    assertThat(out.resolve("config.json")).hasContent("2");
    assertThat(names(folder)).containsExactly("out");
  }

  @Test
  void whatAKilledProcessSetAsideOutlivesWhateverTookItsPlace() throws IOException {
    AtomicDirectory directory = AtomicDirectory.at(out, FILES);
    directory.write(model("1"));
    Files.move(out, folder.resolve(".out.old"));
    Files.createDirectory(out);
    Path foreign = Files.writeString(out.resolve("thesis.tex"), "years of work");
    assertThatExceptionOfType(ModelFileException.class)
        .isThrownBy(() -> directory.write(model("2")));
    assertThat(folder.resolve(".out.old/config.json")).hasContent("1");

    Files.delete(foreign);
    assertThatExceptionOfType(ModelFileException.class)
        .isThrownBy(() -> directory.write(failing(new IOException("broken"))));
    assertThat(out.resolve("config.json")).hasContent("1");
    assertThat(names(folder)).containsExactly("out");
  }

  @Test
  void aProcessKilledWhileItDeletedTheOldLeavesNothingThatIsRead() throws IOException {
    AtomicDirectory.at(out, FILES).write(model("2"));
    Path old = Files.createDirectory(folder.resolve(".out.old"));
    Files.writeString(old.resolve("weights"), "config.json went first");
    assertThat(AtomicDirectory.current(out)).isEqualTo(out);

    AtomicDirectory.at(out, FILES).write(model("3"));
    assertThat(out.resolve("config.json")).hasContent("3");
    assertThat(names(folder)).containsExactly("out");
  }

  @Test
  void deletesWhatAKilledProcessLeftButNothingARunningOneWrites() throws IOException {
    Path left = Files.createDirectory(folder.resolve(".out.tmp-left"));
    Files.writeString(left.resolve("weights"), "half");
    Files.setLastModifiedTime(left, FileTime.from(Instant.now().minus(Duration.ofHours(25))));
    Files.createDirectory(folder.resolve(".out.tmp-running"));

    AtomicDirectory.at(out, FILES).write(model("1"));
    assertThat(names(folder)).containsExactly(".out.tmp-running", "out");
  }

  @Test
  void anAbsentModelIsLookedForWhereItWasNamed() {
    assertThat(AtomicDirectory.current(out)).isEqualTo(out);
  }

  private void assertRefused(String cause) {
    assertThatExceptionOfType(ModelFileException.class)
        .isThrownBy(() -> AtomicDirectory.at(out, FILES))
        .withMessage("%s: %s; choose another --model", out, cause);
  }

  private static AtomicDirectory.Content model(String config) {
    return directory -> {
      Files.writeString(directory.resolve("config.json"), config);
      Files.writeString(directory.resolve("weights"), "weights of " + config);
    };
  }

  /** Writes half a model, then throws {@code failure}. */
  private static AtomicDirectory.Content failing(Exception failure) {
    return directory -> {
      Files.createDirectory(directory.resolve("folder"));
      Files.writeString(directory.resolve("folder/config.json"), "half");
      switch (failure) {
        case IOException e -> throw e;
        case RuntimeException e -> throw e;
        default -> throw new AssertionError(failure);
      }
    };
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> children = Files.list(directory)) {
      return children.map(path -> String.valueOf(path.getFileName())).sorted().toList();
    }
  }
}
