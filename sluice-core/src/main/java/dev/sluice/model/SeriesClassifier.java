package dev.sluice.model;

import dev.sluice.cell.CellKind;
import dev.sluice.data.Labels;
import dev.sluice.data.SeriesBatch;
import dev.sluice.data.StandardScaler;
import dev.sluice.layer.Dense;
import dev.sluice.layer.Layer;
import dev.sluice.layer.Recurrent;
import dev.sluice.loss.CrossEntropy;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.RandomKey;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.PackedSequence;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.List;

/**
 * A sequence of numbers in, a probability for each label out:
 *
 * <pre>
 *   scaled values → recurrent layers, one direction or both → last or mean output → dense → softmax
 * </pre>
 *
 * <p>with dropout between layers and before the dense layer. Text is for {@link TextClassifier}.
 *
 * <p>Any number of threads may classify with one model, each on a tape of its own.
 */
public final class SeriesClassifier {
  /**
   * The shape of the network.
   *
   * @param cell of the recurrent layers
   * @param hidden units of each layer and direction
   * @param layers recurrent layers
   * @param bidirectional whether each layer also reads backwards
   * @param pooling which outputs count
   * @param dropout probability of dropping an element, while training
   */
  public record Config(
      CellKind cell,
      int hidden,
      int layers,
      boolean bidirectional,
      Pooling pooling,
      float dropout) {
    /** Fails when a number is out of range. */
    public Config {
      if (hidden < 1 || layers < 1) {
        throw new IllegalArgumentException(
            "hidden and layers must be at least 1, got %d, %d".formatted(hidden, layers));
      }
      RecurrentStack.requireDropout(dropout);
    }
  }

  private final Config config;
  private final StandardScaler scaler;
  private final Labels labels;
  private final Recurrent recurrent;
  private final Dense dense;
  private final Parameters parameters;

  /** A network whose parameters are all zero: to be initialised, or read from a file. */
  public SeriesClassifier(Config config, StandardScaler scaler, Labels labels) {
    this.config = config;
    this.scaler = scaler;
    this.labels = labels;
    recurrent =
        RecurrentStack.of(
            config.cell(),
            scaler.channels(),
            config.hidden(),
            config.layers(),
            config.bidirectional(),
            config.dropout());
    dense = new Dense("dense", recurrent.outputSize(), labels.size());
    parameters = Layer.parametersOf(recurrent, dense);
  }

  public Config config() {
    return config;
  }

  public StandardScaler scaler() {
    return scaler;
  }

  public Labels labels() {
    return labels;
  }

  public Parameters parameters() {
    return parameters;
  }

  /** The recurrent layers. */
  public Recurrent recurrent() {
    return recurrent;
  }

  /** Scores before softmax, (B, labels), of sequences that are scaled, in the order given. */
  public Var logits(Tape tape, SeriesBatch batch) {
    PackedSequence x = new PackedSequence(batch.packing(), tape.constant(batch.steps()));
    Recurrent.Result result = recurrent.forward(x);
    Var features =
        switch (config.pooling()) {
          case LAST -> recurrent.lastOutputs(result);
          case MEAN -> result.output().mean();
        };
    return dense.forward(features.dropout(config.dropout()));
  }

  /**
   * The probability of every label for every sequence, in the order given.
   *
   * @param tape an inference tape over {@link #parameters}; it is reset
   * @param sequences each (T, channels), not yet scaled
   */
  public List<float[]> probabilities(Tape tape, List<Matrix> sequences) {
    tape.reset(RandomKey.of(0));
    SeriesBatch batch = SeriesBatch.of(sequences.stream().map(scaler::scale).toList());
    Matrix p = CrossEntropy.softmax(tape, logits(tape, batch).value());
    float[][] rows = new float[p.rows][];
    for (int b = 0; b < rows.length; b++) {
      rows[b] = p.rowRange(b, b + 1).toArray();
    }
    return List.of(rows);
  }
}
