package dev.sluice.io.tensorflow;

import dev.sluice.cell.Cell;
import dev.sluice.cell.GruCell;
import dev.sluice.cell.LayerNormLstmCell;
import dev.sluice.cell.LstmCell;
import dev.sluice.cell.LstmVariant;
import dev.sluice.cell.LstmVariant.Coupling;
import dev.sluice.cell.LstmVariantCell;
import dev.sluice.cell.RnnCell;
import dev.sluice.io.StoredTensor;
import dev.sluice.io.dialect.Dialect;
import dev.sluice.io.dialect.StoredCell;
import dev.sluice.matrix.Matrix;
import dev.sluice.tape.Activation;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Makes a cell of the variables of one scope: which kind, their names tell, and where they do not, their
 * shapes.
 */
final class CellBuilder {
  /** What a scope that ends so holds is no cell that Sluice has, whatever the scopes around it are. */
  private static final List<String> NO_CELLS =
      List.of(
          "ugrnn",
          "intersection_rnn",
          "weight_norm",
          "sru",
          "dense",
          "logit",
          "softmax",
          "fully_connected",
          "linear",
          "output",
          "projection",
          "conv",
          "attention",
          "embedding");

  private final String scope;
  private final Map<Role, StoredTensor> variables;
  private final float forgetBias;
  private final Map<Role, Matrix> read = new EnumMap<>(Role.class);
  private final List<String> assumptions = new ArrayList<>();

  private CellBuilder(String scope, Map<Role, StoredTensor> variables, float forgetBias) {
    this.scope = scope;
    this.variables = variables;
    this.forgetBias = forgetBias;
  }

  /** The cell; nothing when the variables are none of a cell. */
  static Optional<TensorFlowCell> build(
      String scope, Map<Role, StoredTensor> variables, float forgetBias) {
    boolean real = variables.values().stream().allMatch(CellBuilder::isMatrix);
    if (!real) {
      return Optional.empty();
    }
    try {
      return new CellBuilder(scope, variables, forgetBias).build();
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // shapes that do not go together
    }
  }

  private Optional<TensorFlowCell> build() {
    if (has(Role.CANDIDATE_KERNEL) && has(Role.GATES_KERNEL)) {
      return Optional.of(gru());
    }
    if (has(Role.INPUT_KERNEL) && has(Role.HIDDEN_KERNEL) && has(Role.GATES_KERNEL)) {
      return Optional.of(cudnnGru());
    }
    if (!has(Role.KERNEL)) {
      return Optional.empty();
    }
    if (has(Role.RECURRENT_KERNEL)) {
      return keras();
    }
    int gates = gates();
    return switch (gates) {
      case 4, 3 -> Optional.of(has(Role.STATE_GAIN) ? layerNormLstm() : lstm(gates));
      case 1 -> Optional.of(rnn());
      default -> Optional.empty();
    };
  }

  /** How many gates the columns of the kernel are for; 0 when it is no cell's. */
  private int gates() {
    int columns = size(Role.KERNEL, -1);
    if (has(Role.PEEPHOLE_F)) {
      return columns / size(Role.PEEPHOLE_F, -1);
    }
    if (has(Role.PROJECTION)) {
      return columns / size(Role.PROJECTION, 0);
    }
    String name = scope.substring(scope.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    if (NO_CELLS.stream().anyMatch(name::contains)) {
      return 0;
    }
    if (name.contains("coupled")) {
      return 3;
    }
    if (name.contains("lstm")) {
      return 4;
    }
    return name.contains("rnn") && !name.startsWith("multi") ? 1 : gatesByShape(columns);
  }

  /** Of a scope that only those around it say to be recurrent. */
  private int gatesByShape(int columns) {
    String around = scope.toLowerCase(Locale.ROOT);
    boolean recurrent =
        around.contains("lstm") || around.contains("rnn") || around.contains("cell");
    int rows = size(Role.KERNEL, 0);
    if (!recurrent || !has(Role.BIAS)) {
      return 0;
    }
    if (columns % 4 == 0 && rows > columns / 4) {
      assumptions.add(
          "its name does not tell the kind: taken for an LSTM of %d units, which a kernel of (%d, %d) allows"
              .formatted(columns / 4, rows, columns));
      return 4;
    }
    return rows > columns ? 1 : 0;
  }

  private TensorFlowCell rnn() {
    Matrix kernel = get(Role.KERNEL);
    int inputs = kernel.rows - kernel.cols;
    Cell cell = new RnnCell(inputs, kernel.cols);
    return converted(Dialect.TF1, cell, StoredCell.ofJoined(kernel, inputs, biases(Role.BIAS)));
  }

  private TensorFlowCell lstm(int gates) {
    Matrix kernel = get(Role.KERNEL);
    int units = kernel.cols / gates;
    LstmVariant variant = variant(gates);
    int state = variant.projectionSize() > 0 ? variant.projectionSize() : units;
    int inputs = kernel.rows - state;
    StoredCell stored = StoredCell.ofJoined(kernel, inputs, biases(Role.BIAS));
    if (variant.peepholes()) {
      stored = withPeephole(stored, "weight_ci", Role.PEEPHOLE_I);
      stored = withPeephole(stored, "weight_cf", Role.PEEPHOLE_F);
      stored = withPeephole(stored, "weight_co", Role.PEEPHOLE_O);
    }
    if (variant.projectionSize() > 0) {
      stored = stored.with("weight_hr", get(Role.PROJECTION));
    }
    Cell cell =
        variant.equals(LstmVariant.PLAIN)
            ? new LstmCell(inputs, units)
            : new LstmVariantCell(inputs, units, variant);
    return converted(Dialect.TF1, cell, stored);
  }

  private LstmVariant variant(int gates) {
    LstmVariant variant = LstmVariant.PLAIN.withForgetBias(assumedForgetBias());
    if (gates == 3) {
      variant = variant.withCoupling(Coupling.INPUT_FROM_FORGET);
    }
    if (has(Role.PEEPHOLE_F)) {
      variant = variant.withPeepholes();
    }
    if (has(Role.PROJECTION)) {
      variant = variant.withProjection(get(Role.PROJECTION).cols);
    }
    return has(Role.BIAS) ? variant : variant.withoutBias();
  }

  /** CuDNN's cells add nothing, and so those that are compatible with them. */
  private float assumedForgetBias() {
    if (scope.toLowerCase(Locale.ROOT).contains("cudnn")) {
      return 0;
    }
    assumptions.add(
        "forget_bias is not stored: %s is added to its forget gate at run time%s"
            .formatted(
                forgetBias,
                forgetBias == TensorFlowCells.FORGET_BIAS ? ", which is TF1's default" : ""));
    return forgetBias;
  }

  private TensorFlowCell layerNormLstm() {
    Matrix kernel = get(Role.KERNEL);
    int units = kernel.cols / 4;
    int inputs = kernel.rows - units;
    StoredCell stored =
        StoredCell.ofJoined(kernel, inputs, List.of())
            .with(
                "weight_ln",
                joined(Role.INPUT_GAIN, Role.FORGET_GAIN, Role.TRANSFORM_GAIN, Role.OUTPUT_GAIN))
            .with(
                "bias_ln",
                joined(
                    Role.INPUT_SHIFT, Role.FORGET_SHIFT, Role.TRANSFORM_SHIFT, Role.OUTPUT_SHIFT))
            .with("weight_ln_c", get(Role.STATE_GAIN))
            .with("bias_ln_c", get(Role.STATE_SHIFT));
    Cell cell = new LayerNormLstmCell(inputs, units, assumedForgetBias());
    return converted(Dialect.TF1, cell, stored);
  }

  private TensorFlowCell gru() {
    Matrix candidate = get(Role.CANDIDATE_KERNEL);
    int inputs = candidate.rows - candidate.cols;
    Matrix kernel = StoredCell.sideBySide(get(Role.GATES_KERNEL), candidate);
    List<Matrix> biases =
        has(Role.GATES_BIAS) && has(Role.CANDIDATE_BIAS)
            ? List.of(joined(Role.GATES_BIAS, Role.CANDIDATE_BIAS))
            : List.of();
    Cell cell = new GruCell(inputs, candidate.cols, false, !biases.isEmpty());
    return converted(Dialect.TF1, cell, StoredCell.ofJoined(kernel, inputs, biases));
  }

  private TensorFlowCell cudnnGru() {
    Matrix gates = get(Role.GATES_KERNEL);
    Matrix input = get(Role.INPUT_KERNEL);
    Matrix hidden = get(Role.HIDDEN_KERNEL);
    int inputs = input.rows;
    int units = hidden.cols;
    Matrix none = Matrix.zeros(1, 2 * units);
    StoredCell stored =
        new StoredCell(
            StoredCell.sideBySide(gates.rowRange(0, inputs), input),
            StoredCell.sideBySide(gates.rowRange(inputs, gates.rows), hidden),
            List.of(
                joined(Role.GATES_BIAS, Role.INPUT_BIAS),
                StoredCell.sideBySide(none, get(Role.HIDDEN_BIAS))));
    return converted(Dialect.TF1, new GruCell(inputs, units), stored);
  }

  /** A layer of Keras in a graph of TF1. */
  private Optional<TensorFlowCell> keras() {
    Matrix recurrent = get(Role.RECURRENT_KERNEL);
    Matrix input = get(Role.KERNEL);
    int units = recurrent.rows;
    boolean bias = has(Role.BIAS);
    List<Matrix> biases = new ArrayList<>();
    for (int row = 0; bias && row < get(Role.BIAS).rows; row++) {
      biases.add(get(Role.BIAS).rowRange(row, row + 1));
    }
    Cell cell;
    switch (recurrent.cols / units) {
      case 4 -> cell = new LstmCell(input.rows, units, bias);
      case 3 -> cell = new GruCell(input.rows, units, biases.size() == 2, bias);
      case 1 -> cell = new RnnCell(input.rows, units, Activation.TANH, bias);
      default -> {
        return Optional.empty();
      }
    }
    assumptions.add("the activations of a Keras layer are not stored: tanh and sigmoid");
    return Optional.of(converted(Dialect.KERAS, cell, new StoredCell(input, recurrent, biases)));
  }

  private TensorFlowCell converted(Dialect dialect, Cell cell, StoredCell stored) {
    return new TensorFlowCell(scope, cell, dialect.convert(stored, cell), assumptions);
  }

  private StoredCell withPeephole(StoredCell stored, String name, Role role) {
    return has(role) ? stored.with(name, get(role)) : stored;
  }

  private List<Matrix> biases(Role role) {
    return has(role) ? List.of(get(role)) : List.of();
  }

  private Matrix joined(Role first, Role... others) {
    Matrix all = get(first);
    for (Role role : others) {
      all = StoredCell.sideBySide(all, get(role));
    }
    return all;
  }

  private boolean has(Role role) {
    return variables.containsKey(role);
  }

  /** A size of a variable, the last for -1. */
  private int size(Role role, int dimension) {
    List<Integer> shape = Objects.requireNonNull(variables.get(role)).shape();
    return shape.get(dimension < 0 ? shape.size() + dimension : dimension);
  }

  /** The values of a matrix, or of a vector as one row. */
  private Matrix get(Role role) {
    StoredTensor tensor = variables.get(role);
    if (tensor == null) {
      throw new IllegalArgumentException("%s has no %s".formatted(scope, role));
    }
    return read.computeIfAbsent(
        role,
        r -> {
          int cols = tensor.shape().getLast();
          float[] values = tensor.floats();
          return Matrix.window(values, 0, values.length / cols, cols);
        });
  }

  private static boolean isMatrix(StoredTensor tensor) {
    List<Integer> shape = tensor.shape();
    return tensor.type().isReal()
        && (shape.size() == 1 || shape.size() == 2)
        && shape.stream().allMatch(size -> size > 0);
  }
}
