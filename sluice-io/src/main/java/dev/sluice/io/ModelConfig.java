package dev.sluice.io;

import static dev.sluice.io.ModelFileException.shown;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.sluice.data.Labels;
import dev.sluice.data.Tokenizer;
import dev.sluice.model.TextClassifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
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
    @JsonProperty("training") Hyperparameters hyperparameters,
    Provenance provenance) {
  /** The only format there is; a change that older readers cannot follow takes the next number. */
  static final int FORMAT = 1;

  static final String CLASSIFY = "classify";

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
        CLASSIFY,
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

  void write(Path file) throws IOException {
    ConfigFile.write(file, this);
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
    if (labels.size() < 2) {
      throw new ModelFileException(
          file, "labels: expected at least two, found %d".formatted(labels.size()));
    }
    try {
      return Labels.of(labels);
    } catch (IllegalArgumentException e) {
      throw new ModelFileException(file, "labels: one occurs twice; was the file edited?", e);
    }
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
    if (!List.of(CLASSIFY, NetworkConfig.NETWORK).contains(name)) {
      throw unknown(file, "task", name, CLASSIFY + " or " + NetworkConfig.NETWORK);
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
