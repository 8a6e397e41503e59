package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.cell.CellKind;
import dev.sluice.data.LabelledSeries;
import dev.sluice.data.LabelledText;
import dev.sluice.data.Labels;
import dev.sluice.data.SentenceBatch;
import dev.sluice.data.SentenceEncoder;
import dev.sluice.data.SeriesBatch;
import dev.sluice.data.StandardScaler;
import dev.sluice.data.TaggedSentence;
import dev.sluice.data.TextEncoder;
import dev.sluice.data.Tokenizer;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.Workers;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.RandomKey;
import dev.sluice.model.Pooling;
import dev.sluice.model.SeriesClassifier;
import dev.sluice.model.SetPredictor;
import dev.sluice.model.Tagger;
import dev.sluice.model.TextClassifier;
import dev.sluice.tape.Backend;
import dev.sluice.tape.Tape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Taggers, classifiers of numbers, and models of label sets: they learn, batches and threads change nothing. */
class LabellingTest {
  private static final RandomKey KEY = RandomKey.of(7);
  private static final Backend SINGLE =
      new Backend(KernelProvider.choose().kernels(), Workers.SINGLE);

  private final List<TaggedSentence> sentences =
      IntStream.range(0, 120).mapToObj(LabellingTest::sentence).toList();
  private final List<LabelledSeries> series =
      IntStream.range(0, 120).mapToObj(LabellingTest::series).toList();
  private final List<List<List<String>>> sets =
      IntStream.range(0, 60).mapToObj(LabellingTest::sets).toList();

  /** A word is a number when its last letter is a digit, unless "the" is before it. */
  private static TaggedSentence sentence(int i) {
    RandomKey key = KEY.fold(i);
    int length = 1 + key.below(6, 0);
    List<String> words = IntStream.rangeClosed(1, length).mapToObj(t -> word(key, t)).toList();
    List<String> tags =
        IntStream.range(0, length)
            .mapToObj(
                t -> {
                  boolean afterThe = t > 0 && words.get(t - 1).equals("the");
                  return !afterThe && words.get(t).matches(".*\\d") ? "NUM" : "WORD";
                })
            .toList();
    return new TaggedSentence(words, tags);
  }

  private static String word(RandomKey key, int t) {
    return switch (key.below(3, 10L * t)) {
      case 0 -> "the";
      case 1 -> "" + (char) ('a' + key.below(26, 10L * t + 1));
      default -> "" + (char) ('A' + key.below(26, 10L * t + 2)) + key.below(10, 10L * t + 3);
    };
  }

  /** Whether the mean of the first channel is above that of the second. */
  private static LabelledSeries series(int i) {
    RandomKey key = KEY.fold("series").fold(i);
    Matrix steps = Matrix.zeros(1 + key.below(7, 0), 2);
    float difference = 0;
    for (int t = 0; t < steps.rows; t++) {
      steps.set(t, 0, 100 * key.uniform(2L * t + 1));
      steps.set(t, 1, 100 * key.uniform(2L * t + 2));
      difference += steps.get(t, 0) - steps.get(t, 1);
    }
    return new LabelledSeries(difference > 0 ? "first" : "second", steps);
  }

  /** What comes next is what is there, and "bell" after two of the same. */
  private static List<List<String>> sets(int i) {
    RandomKey key = KEY.fold("sets").fold(i);
    List<String> note = List.of(List.of("do", "re", "mi").get(key.below(3, 0)));
    return IntStream.range(0, 2 + key.below(4, 1))
        .mapToObj(t -> t == 2 ? Stream.concat(note.stream(), Stream.of("bell")).toList() : note)
        .toList();
  }

  private Tagger tagger() {
    Tagger tagger =
        new Tagger(
            new Tagger.Config(6, 5, 7, 12, 2, 0.1f, 0.1f),
            SentenceEncoder.learn(sentences, 1),
            Labels.inSentences(sentences));
    tagger.parameters().initialize(KEY);
    return tagger;
  }

  private SeriesClassifier classifier(CellKind cell, Pooling pooling) {
    SeriesClassifier classifier =
        new SeriesClassifier(
            new SeriesClassifier.Config(cell, 9, 1, true, pooling, 0.1f),
            StandardScaler.learn(series.stream().map(LabelledSeries::steps).toList()),
            Labels.inSeries(series));
    classifier.parameters().initialize(KEY);
    return classifier;
  }

  private SetPredictor predictor() {
    SetPredictor predictor =
        new SetPredictor(
            new SetPredictor.Config(CellKind.GRU, 16, 1, 0.1f),
            Labels.inSets(sets.stream().flatMap(List::stream)));
    predictor.parameters().initialize(KEY);
    return predictor;
  }

  private static Objective.Score train(Backend backend, Objective objective) {
    var settings =
        new Trainer.Settings(8, 0, 0.02f, new Schedule.Cosine(), 5, Float.POSITIVE_INFINITY, 1, 1);
    return new Trainer(
            backend, objective, new Adam(), settings, new Trainer.Listener() {}, Checkpoints.NONE)
        .run(() -> false)
        .getLast()
        .score();
  }

  private Objective tagging(Tagger model) {
    return new Tagging(model, sentences.subList(0, 100), sentences.subList(100, 120), 8, 0, 1);
  }

  private Objective classification(SeriesClassifier model) {
    return new SeriesClassification(model, series.subList(0, 90), series.subList(90, 120), 8, 0, 1);
  }

  private Objective prediction(SetPredictor model) {
    return new SetPrediction(model, sets.subList(0, 45), sets.subList(45, 60), 4, 1);
  }

  @Test
  void allOfThemLearn() {
    assertThat(train(SINGLE, tagging(tagger())).value()).isGreaterThan(0.9);
    assertThat(train(SINGLE, classification(classifier(CellKind.GRU, Pooling.MEAN))).value())
        .isGreaterThan(0.8);
    // four labels at half cost 2.77 nats; whether there is a next bell is all that is to be known
    assertThat(train(SINGLE, prediction(predictor())).value()).isLessThan(0.6);
  }

  @Test
  void aValidationTellsWhichWasTakenForWhich() {
    Tagger model = tagger();
    Objective objective = tagging(model);
    assertThat(objective.findings()).isEmpty();
    Tape tape = Tape.inference(SINGLE, model.parameters());
    double accuracy = objective.validate(tape).value();
    ConfusionMatrix found = (ConfusionMatrix) objective.findings().orElseThrow();
    assertThat(found.accuracy()).isEqualTo(accuracy);
    assertThat(found.total()).isPositive();

    SetPredictor predictor = predictor();
    Objective prediction = prediction(predictor);
    double loss = prediction.validate(Tape.inference(SINGLE, predictor.parameters())).loss();
    assertThat((MultiLabelJudgement) prediction.findings().orElseThrow())
        .extracting(MultiLabelJudgement::loss)
        .isEqualTo(loss);
    assertThat(GateSaturation.measure(SINGLE, prediction)).isNotEmpty();
    assertThat(GateSaturation.measure(SINGLE, objective)).isNotEmpty();
  }

  @Test
  void threadsChangeNoBit() {
    assertThat(weights(1)).isEqualTo(weights(3));
  }

  private List<Integer> weights(int threads) {
    try (Workers workers = Workers.of(threads)) {
      Backend backend = new Backend(KernelProvider.choose().kernels(), workers);
      Tagger tagger = tagger();
      train(backend, tagging(tagger));
      SeriesClassifier classifier = classifier(CellKind.LSTM, Pooling.MEAN);
      train(backend, classification(classifier));
      SetPredictor predictor = predictor();
      train(backend, prediction(predictor));
      return Stream.of(tagger.parameters(), classifier.parameters(), predictor.parameters())
          .map(parameters -> Arrays.hashCode(parameters.values()))
          .toList();
    }
  }

  @Test
  void aSentenceHasTheSameScoresAloneAndInABatch() {
    Tagger tagger = tagger();
    Tape tape = Tape.inference(SINGLE, tagger.parameters());
    List<List<SentenceEncoder.Word>> words =
        sentences.subList(0, 9).stream()
            .map(s -> s.words().stream().map(tagger.encoder()::encode).toList())
            .toList();
    SentenceBatch batch = SentenceBatch.of(words);
    Matrix together = tagger.logits(tape, batch).value().copy();
    for (int i = 0; i < words.size(); i++) {
      tape.reset(KEY);
      Matrix alone = tagger.logits(tape, SentenceBatch.of(words.subList(i, i + 1))).value();
      int position = batch.packing().positions()[i];
      for (int t = 0; t < alone.rows; t++) {
        int row = batch.packing().offset(t) + position;
        assertThat(together.rowRange(row, row + 1).toArray())
            .isEqualTo(alone.rowRange(t, t + 1).toArray());
      }
    }
    assertThat(
            tagger.tag(tape, sentences.subList(0, 9).stream().map(TaggedSentence::words).toList()))
        .extracting(List::size)
        .isEqualTo(words.stream().map(List::size).toList());
  }

  @Test
  void spellingTellsCaseAndUnknownWordsApart() {
    SentenceEncoder encoder = tagger().encoder();
    assertThat(encoder.encode("THE").id()).isEqualTo(encoder.encode("the").id()).isPositive();
    assertThat(encoder.encode("THE").characters()).isNotEqualTo(encoder.encode("the").characters());
    assertThat(encoder.encode("new1").id()).isZero();
    assertThat(encoder.encode("x".repeat(100)).characters()).hasSize(64);
  }

  @Test
  void wordsAreDroppedInTrainingAlone() {
    Tagger tagger =
        new Tagger(
            new Tagger.Config(4, 3, 3, 4, 1, 0, 0.9f),
            SentenceEncoder.learn(sentences, 1),
            Labels.inSentences(sentences));
    tagger.parameters().initialize(KEY);
    SentenceBatch batch =
        SentenceBatch.of(
            List.of(Stream.of("the", "a", "the").map(tagger.encoder()::encode).toList()));
    Tape training = Tape.training(SINGLE, tagger.parameters());
    Tape inference = Tape.inference(SINGLE, tagger.parameters());
    float[] whole = tagger.logits(inference, batch).value().toArray();
    inference.reset(RandomKey.of(2));
    assertThat(tagger.logits(inference, batch).value().toArray()).isEqualTo(whole);
    training.reset(RandomKey.of(2));
    assertThat(tagger.logits(training, batch).value().toArray()).isNotEqualTo(whole);
  }

  @Test
  void theMeanOfASequenceIsThatOfItsOwnSteps() {
    SeriesClassifier classifier = classifier(CellKind.RNN, Pooling.MEAN);
    Tape tape = Tape.inference(SINGLE, classifier.parameters());
    List<Matrix> sequences = series.subList(0, 7).stream().map(LabelledSeries::steps).toList();
    List<float[]> together = classifier.probabilities(tape, sequences);
    for (int i = 0; i < sequences.size(); i++) {
      assertThat(together.get(i))
          .isEqualTo(classifier.probabilities(tape, sequences.subList(i, i + 1)).getFirst());
    }
    Matrix scaled = classifier.scaler().scale(sequences.getFirst());
    assertThat(SeriesBatch.of(List.of(scaled)).steps().toArray()).isEqualTo(scaled.toArray());
  }

  /** The measure of the music benchmarks, with weights of zero: log 2 for each label of each step but the first. */
  @Test
  void theLossOfASetIsTheSumOverItsLabels() {
    SetPredictor zero = new SetPredictor(predictor().config(), predictor().labels());
    Tape tape = Tape.inference(SINGLE, zero.parameters());
    MultiLabelJudgement judgement = SetPrediction.evaluate(tape, zero, sets);
    assertThat(judgement.loss()).isCloseTo(4 * Math.log(2), within(1e-5));
    assertThat(judgement.counts().examples())
        .isEqualTo(sets.stream().mapToInt(s -> s.size() - 1).sum());
    assertThat(zero.next(tape, sets.getFirst())).containsOnly(0.5f);
  }

  @Test
  void textsWithAnyNumberOfLabels() {
    List<LabelledText> texts =
        IntStream.range(0, 80)
            .mapToObj(i -> List.of("-:xyz", "a:xax", "b:bxb", "a,b:abxab").get(i % 4).split(":"))
            .map(parts -> new LabelledText(parts[0], parts[1]))
            .toList();
    TextClassifier model =
        new TextClassifier(
            new TextClassifier.Config(Tokenizer.CHARACTERS, 1, 5, 6, 1, true, 0),
            TextEncoder.learn(
                Tokenizer.CHARACTERS, 1, texts.stream().map(LabelledText::text), 1, 99),
            Labels.of(List.of("a", "b")).independent());
    model.parameters().initialize(KEY);
    assertThat(train(SINGLE, new TextLabelling(model, texts, texts, 8, 1)).value()).isEqualTo(1);
    Tape tape = Tape.inference(SINGLE, model.parameters());
    assertThat(TextLabelling.evaluate(tape, model, texts).counts().exactMatch()).isEqualTo(1);
    float[] both = model.probabilities(tape, List.<int[][]>of(model.encode("ab"))).getFirst();
    assertThat(both[0] + both[1]).isGreaterThan(1);
  }
}
