package dev.sluice.io.dialect;

import static java.util.Objects.requireNonNull;

import dev.sluice.cell.Cell;
import dev.sluice.cell.GruCell;
import dev.sluice.cell.LayerNormLstmCell;
import dev.sluice.cell.LstmCell;
import dev.sluice.cell.LstmVariant.Coupling;
import dev.sluice.cell.LstmVariantCell;
import dev.sluice.cell.RnnCell;
import dev.sluice.matrix.Matrix;
import dev.sluice.parameter.ParameterSpec;
import dev.sluice.parameter.Parameters;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a framework lays out the weights of recurrent cells, and the one way from there to Sluice and back.
 *
 * <p>A gate is a letter: i, f, o of an LSTM and g its candidate (which TF1 calls j and Keras c); r, z of
 * a GRU and n its candidate (TF1: u is z; Keras and ONNX: h is n).
 *
 * @param name for messages
 * @param lstmGates the order in which the gates of an LSTM stand side by side
 * @param gruGates the same for a GRU
 * @param inputMajor whether matrices are (in, out), as in Sluice's memory, or (out, in)
 */
public record Dialect(String name, String lstmGates, String gruGates, boolean inputMajor) {
  public static final Dialect PYTORCH = new Dialect("PyTorch", "ifgo", "rzn", false);
  public static final Dialect KERAS = new Dialect("Keras", "ifgo", "zrn", true);

  /** Gates and candidate of a GRU, which are two kernels, are to be put side by side first. */
  public static final Dialect TF1 = new Dialect("TF1", "igfo", "rzn", true);

  public static final Dialect ONNX = new Dialect("ONNX", "iofg", "zrn", false);

  private static final String RNN_GATES = "n";
  private static final Dialect SLUICE = new Dialect("Sluice", "ifgo", "rzn", true);

  /**
   * The weights of {@code cell} by the names and in the memory layout of its {@link Cell#parameters}. A
   * bias that the framework does not have is zero.
   *
   * @throws IllegalArgumentException when something is missing or has another shape than the cell says
   */
  public Map<String, Matrix> convert(StoredCell stored, Cell cell) {
    Map<String, Matrix> weights = new LinkedHashMap<>();
    for (ParameterSpec spec : cell.parameters("")) {
      Matrix weight =
          switch (spec.name()) {
            case "weight_ih" -> reordered(oriented(stored.input()), cell);
            case "weight_hh" -> reordered(oriented(stored.recurrent()), cell);
            case "bias_ih" -> bias(stored, 0, cell, spec);
            case "bias_hh" -> bias(stored, 1, cell, spec);
            case "weight_hr" -> oriented(other(stored, spec));
            default -> other(stored, spec);
          };
      Matrix.requireShape(name + ": " + spec.name(), weight, spec.rows(), spec.cols());
      weights.put(spec.name(), weight);
    }
    return weights;
  }

  /**
   * The opposite of {@link #convert}: the weights of {@code cell} in this dialect's order and orientation,
   * with as many biases as the cell has. A gate that the cell does not compute, being coupled, is zero.
   *
   * @param weights by the names and in the memory layout of {@link Cell#parameters}
   * @throws IllegalArgumentException when one is missing or has another shape than the cell says
   */
  public StoredCell store(Cell cell, Map<String, Matrix> weights) {
    List<Matrix> biases = new ArrayList<>();
    Map<String, Matrix> others = new LinkedHashMap<>();
    for (ParameterSpec spec : cell.parameters("")) {
      Matrix weight = weights.get(spec.name());
      if (weight == null) {
        throw new IllegalArgumentException(
            "%s: the cell has a %s, and there are only %s"
                .formatted(name, spec.name(), weights.keySet()));
      }
      Matrix.requireShape(name + ": " + spec.name(), weight, spec.rows(), spec.cols());
      switch (spec.name()) {
        case "weight_ih", "weight_hh" -> {}
        case "bias_ih", "bias_hh" -> biases.add(arranged(weight, cell));
        case "weight_hr" -> others.put(spec.name(), oriented(weight));
        default -> others.put(spec.name(), weight);
      }
    }
    return new StoredCell(
        oriented(arranged(requireNonNull(weights.get("weight_ih")), cell)),
        oriented(arranged(requireNonNull(weights.get("weight_hh")), cell)),
        biases,
        others);
  }

  /**
   * Fills the parameters of {@code cell} that are called {@code prefix}, their own name, {@code suffix}: {@code
   * rnn.weight_ih_l0} for {@code "rnn."} and {@code "_l0"}.
   *
   * @throws IllegalArgumentException as {@link #convert}, and when there is no such parameter
   */
  public void load(
      StoredCell stored, Cell cell, Parameters parameters, String prefix, String suffix) {
    Map<String, Matrix> weights = convert(stored, cell);
    weights
        .keySet()
        .forEach(name -> parameters.get(prefix + name + suffix)); // before one is filled
    weights.forEach((name, m) -> parameters.get(prefix + name + suffix).value().copyFrom(m));
    parameters.changed();
  }

  private Matrix bias(StoredCell stored, int i, Cell cell, ParameterSpec spec) {
    return i < stored.biases().size()
        ? reordered(stored.biases().get(i), cell)
        : Matrix.zeros(spec.rows(), spec.cols());
  }

  private Matrix other(StoredCell stored, ParameterSpec spec) {
    Matrix weight = stored.others().get(spec.name());
    if (weight == null) {
      throw new IllegalArgumentException(
          "%s: the cell needs a %s, and there are only %s"
              .formatted(name, spec.name(), stored.others().keySet()));
    }
    return weight;
  }

  private Matrix oriented(Matrix m) {
    if (inputMajor) {
      return m;
    }
    Matrix transposed = Matrix.zeros(m.cols, m.rows);
    for (int r = 0; r < m.rows; r++) {
      for (int c = 0; c < m.cols; c++) {
        transposed.set(c, r, m.get(r, c));
      }
    }
    return transposed;
  }

  /** The gates of the cell in Sluice's order; those it does not have, being coupled, are left out. */
  private Matrix reordered(Matrix m, Cell cell) {
    String to = SLUICE.gates(cell);
    String own = gates(cell);
    int size = cell.stateSizes().getLast();
    String from = m.cols == allGates(cell).length() * size ? allGates(cell) : own;
    if (m.cols != from.length() * size) {
      throw new IllegalArgumentException(
          "%s: expected the %d gates %s of %d units side by side, got %s"
              .formatted(name, from.length(), String.join(" ", from.split("")), size, m));
    }
    Matrix result = Matrix.zeros(m.rows, to.length() * size);
    for (int i = 0; i < to.length(); i++) {
      int at = from.indexOf(to.charAt(i)) * size;
      result.columnRange(i * size, (i + 1) * size).copyFrom(m.columnRange(at, at + size));
    }
    return result;
  }

  /** The opposite of {@link #reordered}: all gates in the order of this dialect. */
  private Matrix arranged(Matrix m, Cell cell) {
    String to = allGates(cell);
    String from = SLUICE.gates(cell);
    int size = cell.stateSizes().getLast();
    Matrix result = Matrix.zeros(m.rows, to.length() * size);
    for (int i = 0; i < from.length(); i++) {
      int at = to.indexOf(from.charAt(i)) * size;
      result.columnRange(at, at + size).copyFrom(m.columnRange(i * size, (i + 1) * size));
    }
    return result;
  }

  /** The gates that the cell computes, in the order of this dialect. */
  private String gates(Cell cell) {
    if (cell instanceof LstmVariantCell lstm) {
      Coupling coupling = lstm.variant().coupling();
      return switch (coupling) {
        case NONE -> lstmGates;
        case INPUT_FROM_FORGET -> lstmGates.replace("i", "");
        case FORGET_FROM_INPUT -> lstmGates.replace("f", "");
      };
    }
    return allGates(cell);
  }

  private String allGates(Cell cell) {
    return switch (cell) {
      case LstmCell lstm -> lstmGates;
      case LstmVariantCell lstm -> lstmGates;
      case LayerNormLstmCell lstm -> lstmGates;
      case GruCell gru -> gruGates;
      case RnnCell rnn -> RNN_GATES;
      default ->
          throw new IllegalArgumentException(
              "%s: weights of a %s come cell by cell".formatted(name, cell.name()));
    };
  }
}
