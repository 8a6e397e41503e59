package dev.sluice.io;

import dev.sluice.data.TextLines;
import dev.sluice.data.Vocabulary;
import dev.sluice.parameter.Parameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The files of one model directory, as the models of all tasks have them. Which of them a task has is up to
 * its configuration; that a directory is whole, to {@link ModelDirectory}.
 *
 * @param folder where they are
 */
record ModelFiles(Path folder) {
  static final String CONFIG = "config.json";
  static final String WEIGHTS = "model.safetensors";
  static final String VOCABULARY = "vocabulary.txt";
  static final String CHARACTERS = "characters.txt";
  static final String SCALER = "scaler.json";

  /** How many times too large a network may be for the error to name the first wrong shape. */
  private static final double TOLERATED_EXCESS = 4;

  void write(Record config, Parameters parameters) throws IOException {
    ConfigFile.write(folder.resolve(CONFIG), config);
    Weights.write(folder.resolve(WEIGHTS), parameters);
  }

  void writeVocabulary(String name, Vocabulary vocabulary) throws IOException {
    Files.writeString(folder.resolve(name), String.join("\n", vocabulary.lines()) + "\n");
  }

  Path config() {
    return folder.resolve(CONFIG);
  }

  /** The vocabulary in the file {@code name}. */
  Vocabulary vocabulary(String name) {
    require(name);
    try (TextLines lines = TextLines.open(folder.resolve(name))) {
      return Vocabulary.parse(lines);
    }
  }

  /** @throws ModelFileException when there is no file {@code name} */
  void require(String name) {
    if (!Files.isRegularFile(folder.resolve(name))) {
      throw new ModelFileException(
          folder,
          "is not a model directory (it has no %s); check the path, or train or import again"
              .formatted(name));
    }
  }

  /**
   * A model with the weights that are stored.
   *
   * @param atLeast how many weights it has at the least; far more than are stored are refused before memory
   *     is taken for them
   * @param model makes it, its weights zero
   */
  <T> T read(double atLeast, Supplier<T> model, Function<T, Parameters> parameters) {
    Path file = folder.resolve(WEIGHTS);
    try (SafetensorsFile weights = SafetensorsFile.open(file)) {
      requireRoom(atLeast, weights);
      T made = model.get();
      Weights.read(file, weights, parameters.apply(made));
      return made;
    } catch (IllegalArgumentException e) {
      throw new ModelFileException(config(), e.getMessage() + "; was the file edited?", e);
    }
  }

  /**
   * Refuses a network far larger than the weights that are there, before memory is taken for it; the
   * exact shapes are checked afterwards.
   */
  void requireRoom(double atLeast, SafetensorsFile weights) {
    long stored = 0;
    for (StoredTensor tensor : weights.tensors().values()) {
      stored += Tensor.elements(tensor.shape());
    }
    if (atLeast > TOLERATED_EXCESS * stored) {
      throw new ModelFileException(
          folder,
          "%s describes at least %.0f weights, but %s holds %d; do the files belong together?"
              .formatted(CONFIG, atLeast, WEIGHTS, stored));
    }
  }
}
