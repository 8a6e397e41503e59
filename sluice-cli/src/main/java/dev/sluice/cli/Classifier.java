package dev.sluice.cli;

import dev.sluice.data.Labels;
import dev.sluice.data.SeriesText;
import dev.sluice.data.SetSequences;
import dev.sluice.matrix.Matrix;
import dev.sluice.model.SeriesClassifier;
import dev.sluice.model.SetPredictor;
import dev.sluice.model.TextClassifier;
import dev.sluice.tape.Backend;
import dev.sluice.tape.Tape;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Answers lines with labels by a model: what {@code predict} and {@code demo} have in common. */
final class Classifier {
  private static final float HALF = 0.5f;

  private final Labels labels;
  private final Function<List<String>, List<float[]>> probabilities;
  private final Optional<Integer> top;

  /** A label and how probable it is. */
  record Prediction(String label, float probability) {}

  private Classifier(
      Labels labels, Function<List<String>, List<float[]>> probabilities, Optional<Integer> top) {
    this.labels = labels;
    this.probabilities = probabilities;
    this.top = top;
  }

  /**
   * Answers texts.
   *
   * @param top how many labels to give; if not said, one, or all that are more probable than not where a
   *     text may have several
   */
  static Classifier of(TextClassifier model, Backend backend, Optional<Integer> top) {
    Tape tape = Tape.inference(backend, model.parameters());
    return new Classifier(
        model.labels(),
        texts -> model.probabilities(tape, texts.stream().map(model::encode).toList()),
        top);
  }

  /** Answers sequences of numbers, such as {@code 0.1,2 0.3,4}. */
  static Classifier of(SeriesClassifier model, Backend backend, Optional<Integer> top) {
    Tape tape = Tape.inference(backend, model.parameters());
    return new Classifier(
        model.labels(),
        lines ->
            model.probabilities(
                tape,
                lines.stream()
                    .map(line -> parsed(line, text -> steps(text, model.scaler().channels())))
                    .toList()),
        top);
  }

  private static Matrix steps(String text, int channels) {
    Matrix steps = SeriesText.parse(text);
    if (steps.cols != channels) {
      throw new IllegalArgumentException(
          "expected %d channel(s), got %d; every step needs the values the model learned from"
              .formatted(channels, steps.cols));
    }
    return steps;
  }

  /** Answers sequences of label sets, such as {@code 60,64 62 -}, with the labels of the next step. */
  static Classifier of(SetPredictor model, Backend backend, Optional<Integer> top) {
    Tape tape = Tape.inference(backend, model.parameters());
    return new Classifier(
        model.labels(),
        lines ->
            lines.stream()
                .map(line -> parsed(line, text -> model.next(tape, SetSequences.parse(text))))
                .toList(),
        top);
  }

  private static <T> T parsed(String line, Function<String, T> parser) {
    try {
      return parser.apply(line);
    } catch (IllegalArgumentException e) {
      String excerpt = line.length() <= 40 ? line : line.substring(0, 40) + "...";
      throw new UserException("'%s': %s".formatted(excerpt, e.getMessage()), e);
    }
  }

  /** For each line its labels, the most probable first. */
  List<List<Prediction>> classify(List<String> lines) {
    return probabilities.apply(lines).stream().map(this::best).toList();
  }

  private List<Prediction> best(float[] p) {
    boolean severalGiven = top.isEmpty() && !labels.areExclusive();
    return IntStream.range(0, p.length)
        .filter(k -> !severalGiven || p[k] > HALF)
        .mapToObj(k -> new Prediction(labels.name(k), p[k]))
        .sorted((a, b) -> Double.compare(b.probability(), a.probability()))
        .limit(severalGiven ? p.length : top.orElse(1))
        .toList();
  }
}
