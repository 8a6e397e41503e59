package dev.sluice.io;

import dev.sluice.data.Labels;
import dev.sluice.data.SentenceEncoder;
import dev.sluice.data.TagColumn;
import dev.sluice.model.Tagger;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The config.json of a tagger, key by key, and back. Words and characters have files of their own. */
record TaggerConfig(
    int format,
    String task,
    Architecture architecture,
    String column,
    List<String> labels,
    Provenance provenance) {
  static final String TASK = "tag";

  /** The shape of the network. */
  record Architecture(
      int embedding,
      int characterEmbedding,
      int characterHidden,
      int hidden,
      int layers,
      float dropout,
      float wordDropout) {
    /** Weights that the network has at the least; these sizes are not to be trusted yet. */
    double atLeast(SentenceEncoder encoder, Labels tags) {
      double characters = 8.0 * characterHidden * ((double) characterEmbedding + characterHidden);
      double words = 8.0 * hidden * (embedding + 2.0 * characterHidden + (double) layers * hidden);
      return (double) encoder.words().size() * embedding
          + (double) encoder.characters().size() * characterEmbedding
          + characters
          + words
          + 2.0 * hidden * tags.size();
    }
  }

  static void write(TrainedTagger tagger, ModelFiles files) throws IOException {
    Tagger.Config config = tagger.model().config();
    Architecture architecture =
        new Architecture(
            config.embedding(),
            config.characterEmbedding(),
            config.characterHidden(),
            config.hidden(),
            config.layers(),
            config.dropout(),
            config.wordDropout());
    files.write(
        new TaggerConfig(
            ModelConfig.FORMAT,
            TASK,
            architecture,
            ModelConfig.inFile(tagger.column()),
            tagger.labels().names(),
            tagger.provenance()),
        tagger.parameters());
    files.writeVocabulary(ModelFiles.VOCABULARY, tagger.model().encoder().words());
    files.writeVocabulary(ModelFiles.CHARACTERS, tagger.model().encoder().characters());
  }

  static TrainedTagger read(ConfigFile file, ModelFiles files) {
    TaggerConfig config = file.as(TaggerConfig.class);
    Path path = file.file();
    TagColumn column = ModelConfig.constant(path, "column", config.column, TagColumn.class);
    Labels tags = ModelConfig.labels(path, config.labels, 2);
    SentenceEncoder encoder =
        new SentenceEncoder(
            files.vocabulary(ModelFiles.VOCABULARY), files.vocabulary(ModelFiles.CHARACTERS));
    Tagger model =
        files.read(
            config.architecture.atLeast(encoder, tags),
            () -> new Tagger(config.network(), encoder, tags),
            Tagger::parameters);
    return new TrainedTagger(model, column, config.provenance);
  }

  private Tagger.Config network() {
    Architecture a = architecture;
    return new Tagger.Config(
        a.embedding,
        a.characterEmbedding,
        a.characterHidden,
        a.hidden,
        a.layers,
        a.dropout,
        a.wordDropout);
  }
}
