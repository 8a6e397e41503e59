package dev.sluice.io;

import dev.sluice.cell.CellKind;
import dev.sluice.data.LineTokenizer;
import dev.sluice.data.Vocabulary;
import dev.sluice.model.LanguageModel;
import java.io.IOException;
import java.nio.file.Path;

/** The config.json of a language model, key by key, and back. What was set for training is in run.yaml. */
record LanguageModelConfig(
    int format,
    String task,
    Architecture architecture,
    Provenance provenance,
    TrainedLanguageModel.Validation validation) {
  static final String TASK = "language-model";

  /** The shape of the network, and what a step of it reads. */
  record Architecture(
      String cell,
      String tokens,
      int embedding,
      int hidden,
      int layers,
      boolean tied,
      float dropoutEmbedding,
      float dropoutLayers,
      float dropoutOutput) {
    /** Weights that the network has at the least; these sizes are not to be trusted yet. */
    double atLeast(Vocabulary vocabulary) {
      double recurrent = hidden * (embedding + (2.0 * layers - 1) * hidden);
      return (double) vocabulary.size() * embedding + recurrent;
    }
  }

  static void write(TrainedLanguageModel trained, ModelFiles files) throws IOException {
    LanguageModel.Config config = trained.model().config();
    Architecture architecture =
        new Architecture(
            ModelConfig.inFile(config.cell()),
            ModelConfig.inFile(config.tokenizer()),
            config.embedding(),
            config.hidden(),
            config.layers(),
            config.tied(),
            config.dropout().embedding(),
            config.dropout().layers(),
            config.dropout().output());
    files.write(
        new LanguageModelConfig(
            ModelConfig.FORMAT, TASK, architecture, trained.provenance(), trained.validation()),
        trained.parameters());
    files.writeVocabulary(ModelFiles.VOCABULARY, trained.model().vocabulary());
  }

  static TrainedLanguageModel read(ConfigFile file, ModelFiles files) {
    LanguageModelConfig config = file.as(LanguageModelConfig.class);
    LanguageModel.Config network = config.network(file.file());
    Vocabulary vocabulary = files.vocabulary(ModelFiles.VOCABULARY);
    LanguageModel model =
        files.read(
            config.architecture.atLeast(vocabulary),
            () -> new LanguageModel(network, vocabulary),
            LanguageModel::parameters);
    return new TrainedLanguageModel(model, config.provenance, config.validation);
  }

  private LanguageModel.Config network(Path file) {
    Architecture a = architecture;
    try {
      return new LanguageModel.Config(
          ModelConfig.constant(file, "architecture.tokens", a.tokens, LineTokenizer.class),
          ModelConfig.constant(file, "architecture.cell", a.cell, CellKind.class),
          a.embedding,
          a.hidden,
          a.layers,
          a.tied,
          new LanguageModel.Dropout(a.dropoutEmbedding, a.dropoutLayers, a.dropoutOutput));
    } catch (IllegalArgumentException e) {
      throw new ModelFileException(file, e.getMessage() + "; was the file edited?", e);
    }
  }
}
