package dev.sluice.io;

import dev.sluice.io.tensorflow.EventFile;
import dev.sluice.train.TrainingState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a training leaves beside the model it is to become, so that it can go on after a kill and be
 * looked at: for the model {@code out} the directory
 *
 * <pre>
 *   out.run/
 *     run.yaml            everything that was set
 *     checkpoints/        the last states, see {@link CheckpointDirectory}
 *     metrics.jsonl       how it went, a JSON object on each line
 *     events.out.tfevents.*  the same for TensorBoard, see {@link EventFile}
 *     report.html         the same for people
 *     lock                see {@link RunLock}
 * </pre>
 *
 * <p>It holds a run from the moment that run.yaml is there. Not the model, which is in a {@link
 * ModelDirectory} and written once, at the end.
 */
public final class RunDirectory {
  /** The name of the file that says what was set, here and in a model directory. */
  public static final String SETTINGS = "run.yaml";

  private static final String EXTENSION = ".run";

  private final Path model;
  private final Path folder;
  private final CheckpointDirectory checkpoints;

  /**
   * The run of the model {@code model}.
   *
   * @param kept how many states to keep, at least 1
   */
  public RunDirectory(Path model, int kept) {
    this.model = model;
    this.folder = model.resolveSibling(model.getFileName() + EXTENSION);
    this.checkpoints = new CheckpointDirectory(folder.resolve("checkpoints"), kept);
  }

  /** The model that {@code path} stands for: itself, or the one whose run it is. */
  public static Path modelOf(Path path) {
    String name = String.valueOf(path.getFileName());
    return name.endsWith(EXTENSION) && Files.exists(path.resolve(SETTINGS))
        ? path.resolveSibling(name.substring(0, name.length() - EXTENSION.length()))
        : path;
  }

  /** The file that says what was set. */
  public Path settings() {
    return folder.resolve(SETTINGS);
  }

  /** The file that says how it went. */
  public Path metrics() {
    return folder.resolve("metrics.jsonl");
  }

  /** How the model is called. */
  public String name() {
    return String.valueOf(model.toAbsolutePath().normalize().getFileName());
  }

  /** The page that shows how it went. */
  public Path report() {
    return folder.resolve("report.html");
  }

  /** The folder itself, where the files of TensorBoard are. */
  public Path folder() {
    return folder;
  }

  /** The states that were kept. */
  public CheckpointDirectory checkpoints() {
    return checkpoints;
  }

  /**
   * Keeps other trainings from writing here, and this one from where another writes.
   *
   * @throws ModelFileException when another does, or the file system refuses
   */
  public RunLock lock() {
    return RunLock.on(folder);
  }

  /**
   * Where the run is, to go on from there.
   *
   * @param data identifies what it learns from now
   * @param warnings are told of what is damaged
   * @return nothing when it was stopped before its first state was kept
   * @throws ModelFileException when there is no run, or it learned from other data
   */
  public Optional<TrainingState> resume(String data, Consumer<String> warnings) {
    requireRun();
    return checkpoints.newest(data, warnings);
  }

  /**
   * Whether there is a run to go on with.
   *
   * @throws ModelFileException when there is none
   */
  public void requireRun() {
    if (!Files.isRegularFile(settings())) {
      throw new ModelFileException(
          folder, "holds no training to resume; check the path, or begin one without --resume");
    }
  }

  /**
   * Begins a run in the place of a finished one.
   *
   * @param settings the content of run.yaml
   * @throws ModelFileException when a run is there that could still be resumed, or the file system
   *     refuses
   */
  public void begin(String settings) {
    requireNothingToLose();
    try {
      Files.deleteIfExists(settings()); // first: without it the rest is no run
      checkpoints.deleteAllBut(0);
      Files.deleteIfExists(metrics());
      Files.deleteIfExists(report());
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw ModelFileException.refused(folder, "written", e);
    }
    change(settings);
  }

  /**
   * Writes down what is set from now on.
   *
   * @param settings the content of run.yaml
   * @throws ModelFileException when the file system refuses
   */
  public void change(String settings) {
    try {
      Path temporary = folder.resolve("." + SETTINGS + ".tmp");
      Files.writeString(temporary, settings);
      Durable.force(temporary);
      Durable.rename(temporary, settings());
      Durable.force(folder);
    } catch (IOException e) {
      throw ModelFileException.refused(folder, "written", e);
    }
  }

  private void requireNothingToLose() {
    if (!Files.exists(settings())) {
      return;
    }
    checkpoints
        .unfinished()
        .ifPresent(
            position -> {
              throw new ModelFileException(
                  folder,
                  ("holds a training that was stopped in epoch %d; go on with --resume %s,"
                          + " or delete the folder to begin anew")
                      .formatted(position.epoch() + 1, model));
            });
  }
}
