package dev.sluice.io;

import dev.sluice.data.Labels;
import dev.sluice.data.TextLines;
import dev.sluice.data.Vocabulary;
import dev.sluice.model.TextClassifier;
import dev.sluice.network.Network;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A model on disk, all of it or nothing:
 *
 * <pre>
 *   config.json         task, architecture, how it was trained and on what, or where it comes from
 *   model.safetensors   the weights, under PyTorch's names and in its shapes
 *   vocabulary.txt      one token on each line; only of models that read text
 *   run.yaml            everything that was set for training, where a command trained it
 * </pre>
 *
 * <p>Equal models give equal bytes. Whatever is read is treated as hostile: it is either a complete
 * and consistent model or an error of one line, and memory stays within a small multiple of the
 * size of the files.
 */
public final class ModelDirectory {
  private static final String CONFIG = "config.json";
  private static final String WEIGHTS = "model.safetensors";
  private static final String VOCABULARY = "vocabulary.txt";

  /** How many times too large a network may be for the error to name the first wrong shape. */
  private static final double TOLERATED_EXCESS = 4;

  private final AtomicDirectory directory;

  private ModelDirectory(AtomicDirectory directory) {
    this.directory = directory;
  }

  /**
   * The directory {@code path}, to be written later: ask before a long training.
   *
   * @throws ModelFileException when it cannot be written, or holds something else than a model
   */
  public static ModelDirectory at(Path path) {
    return new ModelDirectory(
        AtomicDirectory.at(path, Set.of(CONFIG, WEIGHTS, VOCABULARY, RunDirectory.SETTINGS)));
  }

  /** Whether a model is there now. */
  public boolean holdsModel() {
    return directory.holdsModel();
  }

  /** Writes a classifier that no command trained in the place of the model that was there. */
  public void write(TrainedClassifier classifier) {
    write(classifier, Optional.empty());
  }

  /**
   * Writes a classifier in the place of the model that was there.
   *
   * @param settings the content of run.yaml, if there is to be one
   * @throws ModelFileException when the file system refuses; the model that was there stays
   */
  public void write(TrainedClassifier classifier, Optional<String> settings) {
    directory.write(
        folder -> {
          ModelConfig.of(classifier).write(folder.resolve(CONFIG));
          Weights.write(folder.resolve(WEIGHTS), classifier.model().parameters());
          List<String> vocabulary = classifier.model().vocabulary().lines();
          Files.writeString(folder.resolve(VOCABULARY), String.join("\n", vocabulary) + "\n");
          if (settings.isPresent()) {
            Files.writeString(folder.resolve(RunDirectory.SETTINGS), settings.get());
          }
        });
  }

  /**
   * Writes a network in the place of the model that was there.
   *
   * @throws ModelFileException when the file system refuses; the model that was there stays
   * @throws IllegalArgumentException when a cell of the network is none of Sluice's own
   */
  public void write(StoredNetwork network) {
    NetworkConfig config = NetworkConfig.of(network);
    directory.write(
        folder -> {
          ConfigFile.write(folder.resolve(CONFIG), config);
          Weights.write(folder.resolve(WEIGHTS), network.parameters());
        });
  }

  /**
   * Reads a model, whatever its task.
   *
   * @throws ModelFileException when {@code path} is no model directory, or one of its files is
   *     missing, damaged, or belongs to another model
   * @throws dev.sluice.data.DataException when the vocabulary is not readable as one
   */
  public static StoredModel open(Path path) {
    Path folder = AtomicDirectory.current(path);
    requireModel(folder);
    ConfigFile config = ConfigFile.read(folder.resolve(CONFIG));
    requireFile(folder, WEIGHTS);
    return switch (ModelConfig.task(config)) {
      case NetworkConfig.NETWORK -> readNetwork(folder, config);
      default -> readClassifier(folder, config);
    };
  }

  /**
   * Reads a classifier.
   *
   * @throws ModelFileException when {@code path} is no model directory, or one of its files is
   *     missing, damaged, or belongs to another model
   * @throws dev.sluice.data.DataException when the vocabulary is not readable as one
   */
  public static TrainedClassifier read(Path path) {
    return switch (open(path)) {
      case TrainedClassifier classifier -> classifier;
      case StoredNetwork network ->
          throw new ModelFileException(
              path,
              "holds a network, and a text classifier is needed here; train one with sluice train");
    };
  }

  private static StoredNetwork readNetwork(Path folder, ConfigFile file) {
    NetworkConfig config = file.as(NetworkConfig.class);
    NetworkArchitecture architecture =
        NetworkArchitecture.read(file.file(), config.input(), config.layers());
    Path weightsFile = folder.resolve(WEIGHTS);
    try (SafetensorsFile weights = SafetensorsFile.open(weightsFile)) {
      Weights.requireExactly(
          weightsFile, weights, architecture.parameters()); // before memory is taken
      Network network = architecture.build();
      Weights.read(weightsFile, weights, network.parameters());
      return new StoredNetwork(network, config.origin());
    } catch (IllegalArgumentException e) {
      throw new ModelFileException(
          file.file(), "layers: %s; was the file edited?".formatted(e.getMessage()), e);
    } catch (ArithmeticException e) {
      throw new ModelFileException(
          file.file(), "layers: their sizes are beyond all memory; was the file edited?", e);
    }
  }

  private static TrainedClassifier readClassifier(Path folder, ConfigFile file) {
    requireFile(folder, VOCABULARY);
    ModelConfig config = file.as(ModelConfig.class);
    TextClassifier.Config network = config.classifier(file.file());
    Labels labels = config.classes(file.file());
    Vocabulary vocabulary = vocabulary(folder.resolve(VOCABULARY));
    Path weightsFile = folder.resolve(WEIGHTS);
    try (SafetensorsFile weights = SafetensorsFile.open(weightsFile)) {
      requireSameTokens(folder, vocabulary, weights);
      requireRoom(folder, network, vocabulary, labels, weights);
      TextClassifier model = new TextClassifier(network, vocabulary, labels);
      Weights.read(weightsFile, weights, model.parameters());
      return new TrainedClassifier(model, config.hyperparameters(), config.provenance());
    }
  }

  private static void requireModel(Path folder) {
    if (!Files.exists(folder)) {
      throw new ModelFileException(
          folder,
          "no such model directory; check the path, or write one with sluice train or import");
    }
    if (!Files.isDirectory(folder)) {
      throw new ModelFileException(folder, "is a file; give the model directory");
    }
    requireFile(folder, CONFIG);
  }

  private static void requireFile(Path folder, String name) {
    if (!Files.isRegularFile(folder.resolve(name))) {
      throw new ModelFileException(
          folder,
          "is not a model directory (it has no %s); check the path, or train or import again"
              .formatted(name));
    }
  }

  private static Vocabulary vocabulary(Path file) {
    try (TextLines lines = TextLines.open(file)) {
      return Vocabulary.parse(lines);
    }
  }

  /**
   * Refuses a network far larger than the weights that are there, before memory is taken for it; the
   * exact shapes are checked afterwards.
   */
  private static void requireRoom(
      Path folder,
      TextClassifier.Config network,
      Vocabulary vocabulary,
      Labels labels,
      SafetensorsFile weights) {
    double embedding = network.embedding();
    double hidden = network.hidden();
    double directions = network.bidirectional() ? 2 : 1;
    double layers = network.layers();
    double atLeast =
        vocabulary.size() * embedding
            + directions * 4 * hidden * (embedding + layers * hidden)
            + directions * hidden * labels.size();
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

  private static void requireSameTokens(
      Path folder, Vocabulary vocabulary, SafetensorsFile weights) {
    List<Integer> shape = weights.tensor("embedding.weight").shape();
    if (!shape.isEmpty() && shape.getFirst() != vocabulary.size()) {
      throw new ModelFileException(
          folder,
          "%s has %d tokens, but embedding.weight in %s has %d rows; do the files belong together?"
              .formatted(VOCABULARY, vocabulary.size(), WEIGHTS, shape.getFirst()));
    }
  }
}
