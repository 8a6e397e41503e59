package dev.sluice.cli;

import dev.sluice.data.Labels;
import dev.sluice.data.SentenceEncoder;
import dev.sluice.data.TagColumn;
import dev.sluice.data.TaggedSentence;
import dev.sluice.data.TaggedSentences;
import dev.sluice.io.ModelDirectory;
import dev.sluice.io.Provenance;
import dev.sluice.io.TrainedTagger;
import dev.sluice.model.Tagger;
import dev.sluice.train.Tagging;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code train --task tag}: a tag for each word of a sentence, from CoNLL-U or token and tag. */
final class TagTask implements TrainingTask {
  @Mixin private ExampleFiles files = new ExampleFiles();

  @Option(
      names = "--column",
      paramLabel = "NAME",
      description =
          "Where the tag is: second, of lines token<TAB>tag (default); or a column of CoNLL-U:"
              + " upos, xpos, lemma, feats, deprel.")
  private TagColumn column = TagColumn.SECOND;

  @Option(
      names = "--embedding",
      paramLabel = "N",
      description = "Width of a word's vector (${DEFAULT-VALUE}).")
  private int embedding = 100;

  @Option(
      names = "--character-embedding",
      paramLabel = "N",
      description = "Width of a character's vector (${DEFAULT-VALUE}).")
  private int characterEmbedding = 32;

  @Option(
      names = "--character-hidden",
      paramLabel = "N",
      description = "LSTM units of each direction over characters (${DEFAULT-VALUE}).")
  private int characterHidden = 50;

  @Option(
      names = "--hidden",
      paramLabel = "N",
      description = "LSTM units of each layer and direction over words (${DEFAULT-VALUE}).")
  private int hidden = 128;

  @Option(
      names = "--layers",
      paramLabel = "N",
      description = "LSTM layers over words (${DEFAULT-VALUE}).")
  private int layers = 1;

  @Option(
      names = "--dropout",
      paramLabel = "P",
      description = "Probability of dropping an element in training (${DEFAULT-VALUE}).")
  private float dropout = 0.4f;

  @Option(
      names = "--word-dropout",
      paramLabel = "P",
      description =
          "Probability of taking a word for an unknown one in training (${DEFAULT-VALUE}).")
  private float wordDropout = 0.1f;

  @Option(
      names = "--label-smoothing",
      paramLabel = "E",
      description = "Share of each tag that is spread over all tags (${DEFAULT-VALUE}).")
  private float labelSmoothing;

  @Option(
      names = "--min-count",
      paramLabel = "N",
      description = "Words and characters that occur less often are unknown (${DEFAULT-VALUE}).")
  private int minCount = 2;

  @Override
  public TrainingJob prepare(Path directory, TrainingOptions options, String settings) {
    requireValid();
    ModelDirectory target = ModelDirectory.at(directory);
    List<TaggedSentence> training = TaggedSentences.read(files.training(), column);
    Labels tags = Labels.inSentences(training);
    if (tags.size() < 2) {
      throw new UserException(
          "%s: every word has the tag '%s'; a tagger needs at least two tags"
              .formatted(files.training(), tags.name(0)));
    }
    List<TaggedSentence> validation = TaggedSentences.read(files.validation(), column, tags);
    Tagger.Config config =
        new Tagger.Config(
            embedding, characterEmbedding, characterHidden, hidden, layers, dropout, wordDropout);
    SentenceEncoder encoder = SentenceEncoder.learn(training, minCount);
    Tagger model = TrainingTask.sized(() -> new Tagger(config, encoder, tags));
    options.initialize(model.parameters());
    return new LabellingJob(
        "%,d sentences, %d tags, %,d words, %,d characters, %,d parameters"
            .formatted(
                training.size(),
                tags.size(),
                encoder.words().size(),
                encoder.characters().size(),
                model.parameters().count()),
        Provenance.Data.of(training, TagTask::text),
        Provenance.Data.of(validation, TagTask::text),
        new Tagging(model, training, validation, options.batch(), labelSmoothing, options.seed()),
        tags.names(),
        target,
        provenance -> new TrainedTagger(model, column, provenance),
        settings);
  }

  /** As a file of tokens and tags has it. */
  private static String text(TaggedSentence sentence) {
    return IntStream.range(0, sentence.words().size())
        .mapToObj(i -> sentence.words().get(i) + "\t" + sentence.tags().get(i) + "\n")
        .collect(Collectors.joining());
  }

  private void requireValid() {
    Require.atLeast(1, "--embedding", embedding);
    Require.atLeast(1, "--character-embedding", characterEmbedding);
    Require.atLeast(1, "--character-hidden", characterHidden);
    Require.atLeast(1, "--hidden", hidden);
    Require.atLeast(1, "--layers", layers);
    Require.atLeast(1, "--min-count", minCount);
    Require.probability("--dropout", dropout);
    Require.probability("--word-dropout", wordDropout);
    Require.probability("--label-smoothing", labelSmoothing);
  }
}
