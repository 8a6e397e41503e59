package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.Cli.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A training that is killed, whenever and however often, ends with the bytes of one that was not.
 * {@code -Dsluice.kill.rounds} says how often it is tried.
 */
final class KillTest {
  private static final int ROUNDS = Integer.getInteger("sluice.kill.rounds", 3);
  private static final int KILLS = 3;

  @TempDir static Path folder = Path.of("");
  private static Path examples = Path.of("");
  private static Path reference = Path.of("");

  @BeforeAll
  static void trainWithoutInterruption() throws IOException {
    examples = Cli.examples(folder.resolve("examples.tsv"), 192, 1);
    reference = folder.resolve("reference");
    train(arguments(reference));
  }

  private static void train(List<String> arguments) {
    Result result = Cli.run(arguments.toArray());
    assertThat(result.exitCode()).as(result.err()).isZero();
  }

  /** Hundreds of steps, and after each a state is written: most kills come in the middle of that. */
  private static List<String> arguments(Path model) {
    return arguments(model, 16);
  }

  private static List<String> arguments(Path model, int epochs) {
    return List.of(
        "train",
        "--task=classify",
        "--train=" + examples,
        "--valid=" + examples,
        "--model=" + model,
        "--hidden=12",
        "--embedding=8",
        "--batch=16",
        "--epochs=" + epochs,
        "--patience=0",
        "--optimizer=adamw",
        "--accumulate=2",
        "--label-smoothing=0.1",
        "--schedule=warmup(20) then plateau(factor=0.7, patience=1)",
        "--checkpoint-steps=1");
  }

  @Test
  void killedAtRandomMomentsAndResumed() throws IOException, InterruptedException {
    Random random = new Random();
    for (int round = 0; round < ROUNDS; round++) {
      Path model = folder.resolve("killed" + round);
      kill(start("", arguments(model)), model, random.nextInt(900));
      for (int kill = 1; kill < KILLS; kill++) {
        kill(start("", resume(model, 1 + kill % 2)), model, random.nextInt(900));
      }
      boolean kept = !checkpoints(model).isEmpty();
      Result result = assertEndsAs(reference, model, round % 3 + 1);
      assertThat(result.errLines())
          .anyMatch(
              line -> line.startsWith(kept ? "resuming in epoch " : "resuming from the start"))
          .noneMatch(line -> line.startsWith("warning"));
    }
  }

  /** Its state goes on from window to window, and over a kill. */
  @Test
  void aLanguageModelKilledAndResumed() throws IOException, InterruptedException {
    Path whole = folder.resolve("language");
    train(languageModel(whole));
    Random random = new Random();
    Path model = folder.resolve("killed-language");
    kill(start("", languageModel(model)), model, random.nextInt(900));
    kill(start("", resume(model, 2)), model, random.nextInt(900));
    assertEndsAs(whole, model, 1);
  }

  private static List<String> languageModel(Path model) {
    return List.of(
        "train",
        "--task=language-model",
        "--train=" + examples,
        "--valid=" + examples,
        "--test=" + examples,
        "--characters",
        "--model=" + model,
        "--hidden=12",
        "--embedding=12",
        "--tied",
        "--batch=4",
        "--steps=9",
        "--epochs=8",
        "--patience=0",
        "--optimizer=sgd(momentum=0.5)",
        "--learning-rate=0.5",
        "--schedule=plateau(factor=0.25, patience=0, threshold=0)",
        "--checkpoint-steps=1");
  }

  @Test
  void noOtherTrainingMayWriteThereAsLongAsItLives() throws IOException, InterruptedException {
    Path model = folder.resolve("busy");
    Process training = start("", arguments(model, 100_000));
    await(training, model);
    for (List<String> other : List.of(arguments(model), resume(model, 1))) {
      Result result = Cli.run(other.toArray());
      assertThat(result.exitCode()).isEqualTo(2);
      assertThat(result.errLines())
          .singleElement()
          .asString()
          .isEqualTo(
              "sluice: %s.run: another training is writing here; wait until it ends, stop it with"
                  + " Ctrl-C, or give another --model",
              model);
    }
    kill(training, model, 0);
    train(List.of("train", "--resume=" + model, "--epochs=16"));
  }

  @Test
  void aDamagedStateGivesWayToTheOneBefore() throws IOException, InterruptedException {
    Path model = folder.resolve("damaged");
    Process training = start("", arguments(model));
    while (checkpoints(model).size() < 2) {
      Thread.sleep(5);
    }
    kill(training, model, 0);
    Path newest = checkpoints(model).getLast();
    byte[] bytes = Files.readAllBytes(newest);
    bytes[bytes.length / 2] ^= 1;
    Files.write(newest, bytes);
    Result result = assertEndsAs(reference, model, 2);
    assertThat(result.err())
        .startsWith(
            "warning: " + newest + " is damaged (its bytes are not those that were written)")
        .contains("resuming in epoch ");
  }

  /** The limit is that of the shell on the size of a file, in blocks of 512 or 1,024 bytes. */
  @Test
  void aDiskThatIsFullCostsNoMoreThanTheStatesOfThatTime()
      throws IOException, InterruptedException {
    Path model = folder.resolve("full");
    Process training = start("ulimit -f 8;", arguments(model));
    assertThat(training.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(training.exitValue()).isEqualTo(2); // the model cannot be written either
    assertThat(model).doesNotExist();
    assertThat(checkpoints(model)).isEmpty();
    assertEndsAs(reference, model, 1);
  }

  private static Result assertEndsAs(Path reference, Path model, int threads) throws IOException {
    Result result = Cli.run(resume(model, threads).toArray());
    assertThat(result.exitCode()).as(result.err()).isZero();
    try (Stream<Path> files = Files.list(reference)) {
      for (Path file : files.toList()) {
        assertThat(model.resolve(file.getFileName())).hasSameBinaryContentAs(file);
      }
    }
    assertThat(checkpoints(model)).hasSize(1);
    return result;
  }

  private static List<String> resume(Path model, int threads) {
    return List.of("train", "--resume=" + model, "--threads=" + threads);
  }

  private static List<Path> checkpoints(Path model) throws IOException {
    Path states = model.resolveSibling(model.getFileName() + ".run").resolve("checkpoints");
    if (!Files.exists(states)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(states)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("epoch-"))
          .sorted()
          .toList();
    }
  }

  private static Process start(String before, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("sh", "-c", before + " exec \"$@\"", "sh"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(arguments);
    return new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** kill -9, {@code millis} after there is a run that can be resumed. */
  private static void kill(Process training, Path model, int millis)
      throws IOException, InterruptedException {
    await(training, model);
    training.waitFor(millis, TimeUnit.MILLISECONDS);
    training.destroyForcibly().waitFor();
  }

  private static void await(Process training, Path model) throws InterruptedException {
    Path settings = model.resolveSibling(model.getFileName() + ".run").resolve("run.yaml");
    while (!Files.exists(settings) && training.isAlive()) {
      Thread.sleep(5);
    }
  }
}
