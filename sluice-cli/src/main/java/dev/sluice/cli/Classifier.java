package dev.sluice.cli;

import dev.sluice.model.TextClassifier;
import dev.sluice.tape.Backend;
import dev.sluice.tape.Tape;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Answers texts with a model: what {@code predict} and {@code demo} have in common. */
final class Classifier {
  private final TextClassifier model;
  private final Tape tape;
  private final int top;

  /** A label and how probable it is. */
  record Prediction(String label, float probability) {}

  /** Answers with the {@code top} most probable labels. */
  Classifier(TextClassifier model, Backend backend, int top) {
    this.model = model;
    this.tape = Tape.inference(backend, model.parameters());
    this.top = top;
  }

  /** For each text the most probable labels, the most probable first. */
  List<List<Prediction>> classify(List<String> texts) {
    return model.probabilities(tape, texts.stream().map(model::encode).toList()).stream()
        .map(this::best)
        .toList();
  }

  private List<Prediction> best(float[] probabilities) {
    return IntStream.range(0, probabilities.length)
        .mapToObj(k -> new Prediction(model.labels().name(k), probabilities[k]))
        .sorted(Comparator.comparingDouble(Prediction::probability).reversed())
        .limit(top)
        .toList();
  }
}
