package dev.sluice.model;

import dev.sluice.cell.CellKind;
import dev.sluice.data.Labels;
import dev.sluice.layer.Dense;
import dev.sluice.layer.Layer;
import dev.sluice.layer.Recurrent;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.Packing;
import dev.sluice.matrix.RandomKey;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.PackedSequence;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.List;

/**
 * The labels of each step of a sequence in, the probability of each label at the next step out, such as
 * the notes of a chorale (Boulanger-Lewandowski, Bengio and Vincent 2012):
 *
 * <pre>
 *   1 for each label that is there → recurrent layers, forward → dense → sigmoid
 * </pre>
 *
 * <p>with dropout between layers and before the dense layer.
 *
 * <p>Any number of threads may predict with one model, each on a tape of its own.
 */
public final class SetPredictor {
  /**
   * The shape of the network.
   *
   * @param cell of the recurrent layers
   * @param hidden units of each layer
   * @param layers recurrent layers
   * @param dropout probability of dropping an element, while training
   */
  public record Config(CellKind cell, int hidden, int layers, float dropout) {
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
  private final Labels labels;
  private final Recurrent recurrent;
  private final Dense dense;
  private final Parameters parameters;

  /** A network whose parameters are all zero: to be initialised, or read from a file. */
  public SetPredictor(Config config, Labels labels) {
    this.config = config;
    this.labels = labels;
    recurrent =
        RecurrentStack.of(
            config.cell(),
            labels.size(),
            config.hidden(),
            config.layers(),
            false,
            config.dropout());
    dense = new Dense("dense", recurrent.outputSize(), labels.size());
    parameters = Layer.parametersOf(recurrent, dense);
  }

  public Config config() {
    return config;
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

  /** {@code sequence} as numbers: the ids of the labels of each step. */
  public int[][] encode(List<List<String>> sequence) {
    return sequence.stream()
        .map(step -> step.stream().mapToInt(labels::id).toArray())
        .toArray(int[][]::new);
  }

  /**
   * Scores, before the sigmoid, of what comes after each step, (rows, labels).
   *
   * @param steps 1 for each label of a step, (packing.rows(), labels)
   */
  public Var logits(Tape tape, Packing packing, Matrix steps) {
    PackedSequence x = new PackedSequence(packing, tape.constant(steps));
    Var y = recurrent.forward(x).output().data();
    return dense.forward(y.dropout(config.dropout()));
  }

  /**
   * The probability of every label at the step after {@code sequence}.
   *
   * @param tape an inference tape over {@link #parameters}; it is reset
   * @param sequence at least one step
   */
  public float[] next(Tape tape, List<List<String>> sequence) {
    tape.reset(RandomKey.of(0));
    int[][] ids = encode(sequence);
    Matrix steps = Matrix.zeros(ids.length, labels.size());
    for (int t = 0; t < ids.length; t++) {
      for (int label : ids[t]) {
        steps.set(t, label, 1);
      }
    }
    Var p = logits(tape, Packing.of(ids.length), steps).sigmoid();
    return p.value().rowRange(ids.length - 1, ids.length).toArray();
  }
}
