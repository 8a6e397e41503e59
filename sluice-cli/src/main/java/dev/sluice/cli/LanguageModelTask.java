package dev.sluice.cli;

import dev.sluice.cell.CellKind;
import dev.sluice.data.LineTokenizer;
import dev.sluice.data.RunningText;
import dev.sluice.data.Vocabulary;
import dev.sluice.io.ModelDirectory;
import dev.sluice.model.LanguageModel;
import dev.sluice.model.LanguageModel.Dropout;
import dev.sluice.train.LanguageModeling.Reduction;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** {@code train --task language-model}: which word or character comes next, from running text. */
final class LanguageModelTask implements TrainingTask {
  private static final String EVAL_STREAMS = "--eval-streams";

  /** Where the words that are known come from. */
  private enum VocabularyFrom {
    TRAIN,
    ALL
  }

  @Option(
      names = "--train",
      required = true,
      paramLabel = "FILE",
      description = "Text to learn from.")
  private Path training = Path.of("");

  @Option(
      names = "--valid",
      required = true,
      paramLabel = "FILE",
      description = "Text that chooses the best epoch.")
  private Path validation = Path.of("");

  @Option(
      names = "--test",
      paramLabel = "FILE",
      description = "Text on which the best epoch is tested in the end.")
  private Optional<Path> test = Optional.empty();

  @Option(
      names = "--words",
      description = "A step is what is between blanks, or <eos> at the end of a line (default).")
  private boolean words;

  @Option(names = "--characters", description = "A step is a character, line feeds included.")
  private boolean characters;

  @Option(
      names = "--vocabulary-from",
      paramLabel = "train|all",
      description = "Know what is in --train (default), or in all files, as pytorch/examples does.")
  private VocabularyFrom vocabularyFrom = VocabularyFrom.TRAIN;

  @Option(
      names = "--min-count",
      paramLabel = "N",
      description = "Tokens that occur less often are <unk> (${DEFAULT-VALUE}).")
  private int minCount = 1;

  @Option(
      names = "--cell",
      paramLabel = "lstm|gru|rnn",
      description = "What the recurrent layers are (${DEFAULT-VALUE}).")
  private CellKind cell = CellKind.LSTM;

  @Option(
      names = "--embedding",
      paramLabel = "N",
      description = "Width of a token's vector (${DEFAULT-VALUE}).")
  private int embedding = 200;

  @Option(
      names = "--hidden",
      paramLabel = "N",
      description = "Units of each layer (${DEFAULT-VALUE}).")
  private int hidden = 200;

  @Option(
      names = "--layers",
      paramLabel = "N",
      description = "Recurrent layers (${DEFAULT-VALUE}).")
  private int layers = 2;

  @Option(
      names = "--tied",
      description = "Let the vectors of the tokens be the weight of the output as well.")
  private boolean tied;

  @Option(
      names = "--dropout",
      paramLabel = "P",
      description =
          "Probability of dropping an element in training: of the vectors, between layers, and of"
              + " the last layer's output (${DEFAULT-VALUE}).")
  private float dropout = 0.2f;

  @Option(
      names = "--dropout-embedding",
      paramLabel = "P",
      description = "That of the vectors, where it is another.")
  private Optional<Float> dropoutEmbedding = Optional.empty();

  @Option(
      names = "--dropout-layers",
      paramLabel = "P",
      description = "That between layers, where it is another.")
  private Optional<Float> dropoutLayers = Optional.empty();

  @Option(
      names = "--dropout-output",
      paramLabel = "P",
      description = "That of the last layer's output, where it is another.")
  private Optional<Float> dropoutOutput = Optional.empty();

  @Option(
      names = "--forget-bias",
      paramLabel = "B",
      description = "Added to what the forget gates of an LSTM start with (${DEFAULT-VALUE}).")
  private float forgetBias;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description =
          "Steps through which gradients flow back; the state is carried on (${DEFAULT-VALUE}).")
  private int steps = 35;

  @Option(
      names = "--sum-over-steps",
      description =
          "Sum the loss over the steps and average it over the batch, as TensorFlow's tutorial"
              + " does: --learning-rate and --clip mean the same then. Otherwise the mean over"
              + " both.")
  private boolean sumOverSteps;

  @Option(
      names = EVAL_STREAMS,
      paramLabel = "N",
      description =
          "Read --valid and --test in N streams side by side and drop the rest, as pytorch/examples"
              + " does in 10; 1: read every token (${DEFAULT-VALUE}).")
  private int evalStreams = 10;

  @Override
  public TrainingJob prepare(Path model, TrainingOptions options, String settings) {
    requireValid();
    ModelDirectory directory = ModelDirectory.at(model);
    RunningText learned = RunningText.read(training);
    RunningText validating = RunningText.read(validation);
    Optional<RunningText> testing = test.map(RunningText::read);
    Stream<RunningText> known =
        vocabularyFrom == VocabularyFrom.TRAIN
            ? Stream.of(learned)
            : Stream.concat(Stream.of(learned, validating), testing.stream());
    LanguageModel network = newModel(known);
    options.initialize(network.parameters());
    if (forgetBias != 0) {
      network.addForgetBias(forgetBias);
    }
    return new LanguageModelJob(
        network,
        directory,
        settings,
        LanguageModelText.cut(network, training, learned, "--batch", options.batch()),
        LanguageModelText.cut(network, validation, validating, EVAL_STREAMS, evalStreams),
        testing.map(
            text ->
                LanguageModelText.cut(
                    network, test.orElseThrow(), text, EVAL_STREAMS, evalStreams)),
        steps,
        sumOverSteps ? Reduction.SUM_OVER_STEPS : Reduction.MEAN);
  }

  private LanguageModel newModel(Stream<RunningText> known) {
    LanguageModel.Config config =
        new LanguageModel.Config(
            characters ? LineTokenizer.CHARACTERS : LineTokenizer.WORDS,
            cell,
            embedding,
            hidden,
            layers,
            tied,
            new Dropout(
                dropoutEmbedding.orElse(dropout),
                dropoutLayers.orElse(dropout),
                dropoutOutput.orElse(dropout)));
    Vocabulary vocabulary =
        Vocabulary.build(
            known.flatMap(text -> text.tokens(config.tokenizer())), minCount, Integer.MAX_VALUE);
    return TrainingTask.sized(() -> new LanguageModel(config, vocabulary));
  }

  private void requireValid() {
    if (words && characters) {
      throw new UserException("--words and --characters exclude each other; give one of them");
    }
    Require.atLeast(1, "--min-count", minCount);
    Require.atLeast(1, "--embedding", embedding);
    Require.atLeast(1, "--hidden", hidden);
    Require.atLeast(1, "--layers", layers);
    Require.atLeast(1, "--steps", steps);
    Require.atLeast(1, EVAL_STREAMS, evalStreams);
    Require.probability("--dropout", dropout);
    dropoutEmbedding.ifPresent(p -> Require.probability("--dropout-embedding", p));
    dropoutLayers.ifPresent(p -> Require.probability("--dropout-layers", p));
    dropoutOutput.ifPresent(p -> Require.probability("--dropout-output", p));
    if (tied && embedding != hidden) {
      throw new UserException(
          "--tied: the vectors must be as wide as the layers; --embedding is %d and --hidden %d"
              .formatted(embedding, hidden));
    }
    if (forgetBias != 0 && cell != CellKind.LSTM) {
      throw new UserException("--forget-bias: only an LSTM has forget gates, not --cell " + cell);
    }
  }
}
