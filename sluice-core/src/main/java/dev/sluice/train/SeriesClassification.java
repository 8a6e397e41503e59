package dev.sluice.train;

import dev.sluice.data.LabelledSeries;
import dev.sluice.data.SeriesBatch;
import dev.sluice.loss.CrossEntropy;
import dev.sluice.matrix.Matrix;
import dev.sluice.model.SeriesClassifier;
import dev.sluice.tape.Tape;
import java.util.Arrays;
import java.util.List;

/** Teaches a {@link SeriesClassifier} from labelled sequences of numbers, and judges it. */
public final class SeriesClassification extends Classification {
  /** Sequences as the network sees them, scaled, and their labels. */
  private record Sequences(SeriesClassifier model, List<Matrix> scaled, int[] labels)
      implements Examples<Batch> {
    static Sequences of(SeriesClassifier model, List<LabelledSeries> examples) {
      return new Sequences(
          model,
          examples.stream().map(e -> model.scaler().scale(e.steps())).toList(),
          examples.stream().mapToInt(e -> model.labels().id(e.label())).toArray());
    }

    @Override
    public int[] lengths() {
      return scaled.stream().mapToInt(s -> s.rows).toArray();
    }

    @Override
    public Batch batch(int... indices) {
      SeriesBatch batch = SeriesBatch.of(Arrays.stream(indices).mapToObj(scaled::get).toList());
      int[] targets = Arrays.stream(indices).map(i -> labels[i]).toArray();
      return new Batch(tape -> model.logits(tape, batch), targets, indices.length);
    }
  }

  /**
   * Training of {@code model} on {@code training}, judged by {@code validation}.
   *
   * @param smoothing of the labels, see {@link CrossEntropy}; 0 for none
   * @param seed of the order of batches
   * @throws IllegalArgumentException when a label is not one of the model's
   */
  public SeriesClassification(
      SeriesClassifier model,
      List<LabelledSeries> training,
      List<LabelledSeries> validation,
      int batchSize,
      float smoothing,
      long seed) {
    super(
        model.parameters(),
        model.labels().size(),
        Sequences.of(model, training),
        Sequences.of(model, validation),
        batchSize,
        smoothing,
        seed);
  }

  /** How a model does on {@code examples}, whose labels are all known to it. */
  public static ConfusionMatrix evaluate(
      Tape tape, SeriesClassifier model, List<LabelledSeries> examples) {
    return evaluate(tape, model.labels().size(), Sequences.of(model, examples));
  }
}
