package dev.sluice.io;

import static dev.sluice.io.ModelFiles.CHARACTERS;
import static dev.sluice.io.ModelFiles.CONFIG;
import static dev.sluice.io.ModelFiles.SCALER;
import static dev.sluice.io.ModelFiles.VOCABULARY;
import static dev.sluice.io.ModelFiles.WEIGHTS;

import dev.sluice.data.Labels;
import dev.sluice.data.Vocabulary;
import dev.sluice.model.TextClassifier;
import dev.sluice.network.Network;
import java.io.IOException;
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
 *   characters.txt      one character on each line; only of taggers
 *   scaler.json         mean and deviation of each channel; only of models that read numbers
 *   run.yaml            everything that was set for training, where a command trained it
 * </pre>
 *
 * <p>Equal models give equal bytes. Whatever is read is treated as hostile: it is either a complete
 * and consistent model or an error of one line, and memory stays within a small multiple of the
 * size of the files.
 */
public final class ModelDirectory {
  private static final Set<String> NAMES =
      Set.of(CONFIG, WEIGHTS, VOCABULARY, CHARACTERS, SCALER, RunDirectory.SETTINGS);

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
    return new ModelDirectory(AtomicDirectory.at(path, NAMES));
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
          ModelFiles files = new ModelFiles(folder);
          files.write(ModelConfig.of(classifier), classifier.parameters());
          files.writeVocabulary(VOCABULARY, classifier.model().vocabulary());
          writeSettings(folder, settings);
        });
  }

  /**
   * Writes a model in the place of the model that was there.
   *
   * @param settings the content of run.yaml, if there is to be one
   * @throws ModelFileException when the file system refuses; the model that was there stays
   */
  public void write(LabellingModel model, Optional<String> settings) {
    directory.write(
        folder -> {
          ModelFiles files = new ModelFiles(folder);
          switch (model) {
            case TrainedTagger tagger -> TaggerConfig.write(tagger, files);
            case TrainedSeriesClassifier classifier -> SeriesConfig.write(classifier, files);
            case TrainedSetPredictor predictor -> SetConfig.write(predictor, files);
          }
          writeSettings(folder, settings);
        });
  }

  /**
   * Writes a language model in the place of the model that was there.
   *
   * @param settings the content of run.yaml, if there is to be one
   * @throws ModelFileException when the file system refuses; the model that was there stays
   */
  public void write(TrainedLanguageModel model, Optional<String> settings) {
    directory.write(
        folder -> {
          LanguageModelConfig.write(model, new ModelFiles(folder));
          writeSettings(folder, settings);
        });
  }

  /**
   * Writes a model of a time series in the place of the model that was there.
   *
   * @param settings the content of run.yaml, if there is to be one
   * @throws ModelFileException when the file system refuses; the model that was there stays
   */
  public void write(ForecastingModel model, Optional<String> settings) {
    directory.write(
        folder -> {
          ModelFiles files = new ModelFiles(folder);
          switch (model) {
            case TrainedForecaster forecaster -> ForecastConfig.write(forecaster, files);
            case TrainedDetector detector -> DetectConfig.write(detector, files);
          }
          writeSettings(folder, settings);
        });
  }

  private static void writeSettings(Path folder, Optional<String> settings) throws IOException {
    if (settings.isPresent()) {
      Files.writeString(folder.resolve(RunDirectory.SETTINGS), settings.get());
    }
  }

  /**
   * Writes a network in the place of the model that was there.
   *
   * @throws ModelFileException when the file system refuses; the model that was there stays
   * @throws IllegalArgumentException when a cell of the network is none of Sluice's own
   */
  public void write(StoredNetwork network) {
    NetworkConfig config = NetworkConfig.of(network);
    directory.write(folder -> new ModelFiles(folder).write(config, network.parameters()));
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
    ModelFiles files = new ModelFiles(folder);
    files.require(WEIGHTS);
    return switch (ModelConfig.task(config)) {
      case NetworkConfig.NETWORK -> readNetwork(folder, config);
      case TaggerConfig.TASK -> TaggerConfig.read(config, files);
      case SeriesConfig.TASK -> SeriesConfig.read(config, files);
      case SetConfig.TASK -> SetConfig.read(config, files);
      case LanguageModelConfig.TASK -> LanguageModelConfig.read(config, files);
      case ForecastConfig.TASK -> ForecastConfig.read(config, files);
      case DetectConfig.TASK -> DetectConfig.read(config, files);
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
      case StoredNetwork _ -> throw notOfTexts(path, "a network");
      case LabellingModel _ -> throw notOfTexts(path, "a model of another task");
      case TrainedLanguageModel _ -> throw notOfTexts(path, "a language model");
      case ForecastingModel _ -> throw notOfTexts(path, "a model of time series");
    };
  }

  private static ModelFileException notOfTexts(Path path, String found) {
    return new ModelFileException(
        path,
        "holds %s, and a text classifier is needed here; train one with sluice train"
            .formatted(found));
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
    ModelFiles files = new ModelFiles(folder);
    files.require(VOCABULARY);
    ModelConfig config = file.as(ModelConfig.class);
    TextClassifier.Config network = config.classifier(file.file());
    Labels labels = config.classes(file.file());
    Vocabulary vocabulary = files.vocabulary(VOCABULARY);
    Path weightsFile = folder.resolve(WEIGHTS);
    try (SafetensorsFile weights = SafetensorsFile.open(weightsFile)) {
      requireSameTokens(folder, vocabulary, weights);
      files.requireRoom(atLeast(network, vocabulary, labels), weights);
      TextClassifier model = new TextClassifier(network, vocabulary, labels);
      Weights.read(weightsFile, weights, model.parameters());
      return new TrainedClassifier(model, config.training(), config.provenance());
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
    new ModelFiles(folder).require(CONFIG);
  }

  /** Weights that the network has at the least; its sizes are not to be trusted yet. */
  private static double atLeast(
      TextClassifier.Config network, Vocabulary vocabulary, Labels labels) {
    double embedding = network.embedding();
    double hidden = network.hidden();
    double directions = network.bidirectional() ? 2 : 1;
    double layers = network.layers();
    return vocabulary.size() * embedding
        + directions * 4 * hidden * (embedding + layers * hidden)
        + directions * hidden * labels.size();
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
