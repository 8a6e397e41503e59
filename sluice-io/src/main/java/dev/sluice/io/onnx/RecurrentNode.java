package dev.sluice.io.onnx;

import dev.sluice.cell.Cell;
import dev.sluice.cell.GruCell;
import dev.sluice.cell.LstmCell;
import dev.sluice.cell.LstmVariant;
import dev.sluice.cell.LstmVariant.Coupling;
import dev.sluice.cell.LstmVariantCell;
import dev.sluice.cell.RnnCell;
import dev.sluice.io.ModelFileException;
import dev.sluice.io.dialect.ActivationNames;
import dev.sluice.io.dialect.Dialect;
import dev.sluice.io.dialect.StoredCell;
import dev.sluice.matrix.Matrix;
import dev.sluice.tape.Activation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A node LSTM, GRU or RNN with constant weights, as cells: one, or forward and backward. D directions, G gates,
 * H units, I inputs.
 *
 * @param cells one for each direction
 * @param weights of each cell, by the names and in the layout of {@link Cell#parameters}
 * @param reverse whether the only direction is from the last step to the first
 * @param batchMajor whether sequences come before steps: {@code layout} 1
 */
record RecurrentNode(
    OnnxNode node,
    List<Cell> cells,
    List<Map<String, Matrix>> weights,
    boolean reverse,
    boolean batchMajor) {
  static final Set<String> OPERATORS = Set.of("LSTM", "GRU", "RNN");

  /** Inputs of the operators, which have all the same order. */
  static final int X = 0;

  static final int LENGTHS = 4;
  static final int INITIAL_H = 5;
  static final int INITIAL_C = 6;
  private static final int W = 1;
  private static final int R = 2;
  private static final int B = 3;
  private static final int P = 7;

  private static final List<String> PEEPHOLES = List.of("weight_ci", "weight_co", "weight_cf");

  /** What {@link Dialect#convert} and those who take its result copy, for each weight. */
  private static final int COPIES = 4;

  /** What a cell costs besides its weights. */
  private static final int CELL_BYTES = 2000;

  /**
   * Reads a node.
   *
   * @return nothing when its weights are not constant
   * @throws ModelFileException when its inputs or attributes do not fit together
   */
  static Optional<RecurrentNode> read(Path file, OnnxNode node, Scope scope, Budget budget) {
    for (int input : new int[] {W, R, B, P}) {
      if ((node.input(input).isPresent() && constant(node, input, scope).isEmpty())
          || (input <= R && node.input(input).isEmpty())) {
        return Optional.empty();
      }
    }
    try {
      return Optional.of(new Reading(node, scope, budget).read());
    } catch (IllegalArgumentException e) {
      throw new ModelFileException(file, "%s: %s".formatted(node, e.getMessage()), e);
    }
  }

  private static Optional<Constant> constant(OnnxNode node, int input, Scope scope) {
    return node.input(input).flatMap(scope::constant);
  }

  /** What there is to know of a node while it is read. */
  private static final class Reading {
    private final OnnxNode node;
    private final Scope scope;
    private final Budget budget;
    private final int directions;
    private final int gates;
    private final int hiddenSize;
    private final int inputSize;

    Reading(OnnxNode node, Scope scope, Budget budget) {
      this.node = node;
      this.scope = scope;
      this.budget = budget;
      directions = node.text("direction", "forward").equals("bidirectional") ? 2 : 1;
      gates =
          switch (node.operator()) {
            case "LSTM" -> 4;
            case "GRU" -> 3;
            default -> 1;
          };
      hiddenSize = size(R);
      inputSize = size(W);
      long said = node.integer("hidden_size", hiddenSize);
      if (said != hiddenSize) {
        throw new IllegalArgumentException(
            "hidden_size is %d, but R is for %d units".formatted(said, hiddenSize));
      }
    }

    RecurrentNode read() {
      float[] w = weights("W", W, gates * hiddenSize, inputSize);
      float[] r = weights("R", R, gates * hiddenSize, hiddenSize);
      Optional<float[]> b = node.input(B).map(name -> weights("B", B, 2 * gates * hiddenSize));
      Optional<float[]> p = peepholes();
      List<Cell> cells = new ArrayList<>();
      List<Map<String, Matrix>> converted = new ArrayList<>();
      Iterator<Activation> activations = activations();
      for (int d = 0; d < directions; d++) {
        Cell cell = cell(activations, b.isPresent(), p.isPresent());
        StoredCell stored =
            new StoredCell(
                part(w, d, gates * hiddenSize, inputSize),
                part(r, d, gates * hiddenSize, hiddenSize),
                biases(b, d));
        for (int i = 0; i < PEEPHOLES.size() && p.isPresent(); i++) {
          Matrix gate = Matrix.window(p.get(), (3 * d + i) * hiddenSize, 1, hiddenSize);
          stored = stored.with(PEEPHOLES.get(i), gate);
        }
        cells.add(cell);
        converted.add(Dialect.ONNX.convert(stored, cell));
      }
      boolean reverse = node.text("direction", "forward").equals("reverse");
      return new RecurrentNode(node, cells, converted, reverse, node.integer("layout", 0) == 1);
    }

    /** The last dimension of a weight matrix. */
    private int size(int input) {
      Constant weights = constant(node, input, scope).orElseThrow();
      if (!weights.isReal() || weights.rank() != 3 || weights.count() == 0) {
        throw new IllegalArgumentException(
            "%s holds %s, expected floats [directions, gates · units, ...]"
                .formatted(input == W ? "W" : "R", weights));
      }
      return weights.shape().get(2);
    }

    private float[] weights(String name, int input, int... sizes) {
      Constant weights = constant(node, input, scope).orElseThrow();
      List<Integer> expected = new ArrayList<>(List.of(directions));
      for (int size : sizes) {
        expected.add(size);
      }
      if (!weights.isReal() || !weights.shape().equals(expected)) {
        throw new IllegalArgumentException(
            "%s holds %s, expected floats %s for %d units and %d inputs"
                .formatted(name, weights, expected, hiddenSize, inputSize));
      }
      if (!budget.take((long) COPIES * weights.count(), Float.BYTES)
          || !budget.take(CELL_BYTES, 1)) {
        throw new IllegalArgumentException(
            "so many nodes share weights that reading them all would take many times the memory of"
                + " the file");
      }
      return weights.floats();
    }

    /** Peepholes of zeros are none. */
    private Optional<float[]> peepholes() {
      Optional<Constant> p = constant(node, P, scope);
      return p.isEmpty() || p.get().isZero()
          ? Optional.empty()
          : Optional.of(weights("P", P, 3 * hiddenSize));
    }

    private List<Matrix> biases(Optional<float[]> b, int d) {
      int width = gates * hiddenSize;
      return b.map(
              all ->
                  List.of(
                      Matrix.window(all, 2 * d * width, 1, width),
                      Matrix.window(all, (2 * d + 1) * width, 1, width)))
          .orElse(List.of());
    }

    private Iterator<Activation> activations() {
      List<String> usual =
          switch (node.operator()) {
            case "LSTM" -> List.of("Sigmoid", "Tanh", "Tanh");
            case "GRU" -> List.of("Sigmoid", "Tanh");
            default -> List.of("Tanh");
          };
      List<String> names =
          node.has("activations")
              ? node.texts("activations")
              : Collections.nCopies(directions, usual).stream().flatMap(List::stream).toList();
      if (names.size() != directions * usual.size()) {
        throw new IllegalArgumentException(
            "there are %d activations, expected %d"
                .formatted(names.size(), directions * usual.size()));
      }
      float clip = node.real("clip", Float.POSITIVE_INFINITY);
      Iterator<Float> alphas = node.reals("activation_alpha").iterator();
      Iterator<Float> betas = node.reals("activation_beta").iterator();
      List<Activation> activations = new ArrayList<>();
      for (int i = 0; i < names.size(); i++) {
        Activation activation = ActivationNames.onnx(names.get(i), alphas, betas);
        boolean clipped = i % usual.size() < 2; // not h of an LSTM: see CellOperator
        activations.add(clipped ? activation.withInputLimit(clip) : activation);
      }
      return activations.iterator();
    }

    private Cell cell(Iterator<Activation> f, boolean bias, boolean peepholes) {
      return switch (node.operator()) {
        case "LSTM" -> lstm(f, bias, peepholes);
        case "GRU" -> {
          boolean resetAfter = node.integer("linear_before_reset", 0) != 0;
          yield new GruCell(inputSize, hiddenSize, resetAfter, bias, f.next(), f.next());
        }
        default -> new RnnCell(inputSize, hiddenSize, f.next(), bias);
      };
    }

    /** The plain LSTM where it is one, which has a kernel. */
    private Cell lstm(Iterator<Activation> f, boolean bias, boolean peepholes) {
      LstmVariant variant = LstmVariant.PLAIN.withActivations(f.next(), f.next(), f.next());
      if (peepholes) {
        variant = variant.withPeepholes();
      }
      if (node.integer("input_forget", 0) != 0) {
        variant = variant.withCoupling(Coupling.FORGET_FROM_INPUT);
      }
      if (variant.equals(LstmVariant.PLAIN)) {
        return new LstmCell(inputSize, hiddenSize, bias);
      }
      return new LstmVariantCell(inputSize, hiddenSize, bias ? variant : variant.withoutBias());
    }

    private static Matrix part(float[] all, int d, int rows, int cols) {
      return Matrix.window(all, d * rows * cols, rows, cols);
    }
  }
}
