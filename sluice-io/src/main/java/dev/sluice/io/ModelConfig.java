package dev.sluice.io;

import static dev.sluice.io.ModelFileException.shown;

import dev.sluice.data.Labels;
import dev.sluice.data.Tokenizer;
import dev.sluice.model.TextClassifier;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * The config.json of a classifier, key by key, and back. The weights and the vocabulary have files
 * of their own.
 *
 * <p>A file that is read may say anything: its numbers are checked where they are used, against the
 * sizes of the other two files.
 */
record ModelConfig(
    int format,
    String task,
    Architecture architecture,
    List<String> labels,
    Hyperparameters training,
    Provenance provenance) {
  /** The only format there is; a change that older readers cannot follow takes the next number. */
  static final int FORMAT = 1;

  static final String CLASSIFY = "classify";

  /** As {@link #CLASSIFY}, with labels that do not exclude each other. */
  static final String MULTI_LABEL = "multi-label";

  private static final List<String> TASKS =
      List.of(
          CLASSIFY,
          MULTI_LABEL,
          SeriesConfig.TASK,
          TaggerConfig.TASK,
          SetConfig.TASK,
          LanguageModelConfig.TASK,
          ForecastConfig.TASK,
          DetectConfig.TASK,
          NetworkConfig.NETWORK);

  private static final String LSTM = "lstm";

  /** The shape of the network, and what a step of it reads. */
  record Architecture(
      String type,
      String tokens,
      int ngrams,
      int embedding,
      int hidden,
      int layers,
      boolean bidirectional,
      float dropout) {}

  static ModelConfig of(TrainedClassifier classifier) {
    TextClassifier.Config config = classifier.model().config();
    return new ModelConfig(
        FORMAT,
        classifier.model().labels().areExclusive() ? CLASSIFY : MULTI_LABEL,
        new Architecture(
            LSTM,
            config.tokenizer().name().toLowerCase(Locale.ROOT),
            config.ngrams(),
            config.embedding(),
            config.hidden(),
            config.layers(),
            config.bidirectional(),
            config.dropout()),
        classifier.model().labels().names(),
        classifier.hyperparameters(),
        classifier.provenance());
  }

  /** The network these settings describe, without vocabulary and weights. */
  TextClassifier.Config classifier(Path file) {
    if (!architecture.type.equals(LSTM)) {
      throw unknown(file, "architecture.type", architecture.type, LSTM);
    }
    try {
      return new TextClassifier.Config(
          tokenizer(file),
          architecture.ngrams,
          architecture.embedding,
          architecture.hidden,
          architecture.layers,
          architecture.bidirectional,
          architecture.dropout);
    } catch (IllegalArgumentException e) {
      throw new ModelFileException(file, e.getMessage() + "; was the file edited?", e);
    }
  }

  /** The classes, in the order of the network's outputs. */
  Labels classes(Path file) {
    return task.equals(MULTI_LABEL)
        ? labels(file, labels, 1).independent()
        : labels(file, labels, 2);
  }

  /** The labels {@code names} of the file, at least {@code minimum} of them. */
  static Labels labels(Path file, List<String> names, int minimum) {
    if (names.size() < minimum) {
      throw new ModelFileException(
          file,
          "labels: expected at least %s, found %d"
              .formatted(minimum == 1 ? "one" : "two", names.size()));
    }
    try {
      return Labels.of(names);
    } catch (IllegalArgumentException e) {
      throw new ModelFileException(file, "labels: one occurs twice; was the file edited?", e);
    }
  }

  /** The constant of {@code type} that {@code found}, the value of {@code key}, names in lower case. */
  static <E extends Enum<E>> E constant(Path file, String key, String found, Class<E> type) {
    for (E constant : type.getEnumConstants()) {
      if (inFile(constant).equals(found)) {
        return constant;
      }
    }
    String expected =
        Stream.of(type.getEnumConstants())
            .map(ModelConfig::inFile)
            .collect(Collectors.joining(", "));
    throw unknown(file, key, found, "one of " + expected);
  }

  /** As a constant stands in the file. */
  static String inFile(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private Tokenizer tokenizer(Path file) {
    return switch (architecture.tokens) {
      case "characters" -> Tokenizer.CHARACTERS;
      case "words" -> Tokenizer.WORDS;
      default ->
          throw unknown(file, "architecture.tokens", architecture.tokens, "characters or words");
    };
  }

  /**
   * What kind of model {@code config} is of, which has to be known before its other keys mean anything.
   *
   * @throws ModelFileException when it is of no model, or of a format that this version does not know
   */
  static String task(ConfigFile config) {
    Path file = config.file();
    JsonNode format = config.tree().path("format");
    if (!format.isIntegralNumber()) {
      throw new ModelFileException(
          file, "no number \"format\"; is this the config.json of a Sluice model?");
    }
    if (!format.canConvertToInt() || format.intValue() != FORMAT) {
      throw new ModelFileException(
          file,
          "format %s, this version of Sluice reads %d; use the version that wrote the model"
              .formatted(format, FORMAT));
    }
    JsonNode task = config.tree().path("task");
    String name = task.isString() ? task.stringValue() : "";
    if (!TASKS.contains(name)) {
      throw unknown(file, "task", name, "one of " + String.join(", ", TASKS));
    }
    return name;
  }

  private static ModelFileException unknown(Path file, String key, String found, String expected) {
    return new ModelFileException(
        file,
        "%s: expected %s, found %s; was it written by a newer Sluice?"
            .formatted(key, expected, shown(found)));
  }
}
