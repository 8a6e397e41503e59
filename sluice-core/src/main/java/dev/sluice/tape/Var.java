package dev.sluice.tape;

import dev.sluice.kernel.Elementwise;
import dev.sluice.kernel.PackedMatrix;
import dev.sluice.kernel.Products;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.RandomKey;
import dev.sluice.parameter.Parameter;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A value on a {@link Tape}, and the operations on it. Operations compute at once; gradients flow
 * when {@link Tape#backward} runs.
 *
 * <p>Shapes must match exactly, but for {@link #add}, {@link #mul} and {@link #addmm}, where one row
 * meets every row.
 */
public final class Var {
  private static final Matrix UNTOUCHED = Matrix.zeros(0, 0);

  private final Tape tape;
  private final Matrix value;
  private final boolean needsGradient;
  private final Optional<Parameter> parameter;
  private final Supplier<Matrix> gradientMemory;
  private final boolean sharesGradient; // its memory is a parameter's, or a window of another's
  private boolean isProduct;
  private Matrix gradient = UNTOUCHED;
  private Optional<PackedMatrix> packed = Optional.empty();
  private Optional<PackedMatrix> packedTransposed = Optional.empty();

  private Var(
      Tape tape,
      Matrix value,
      boolean needsGradient,
      Optional<Parameter> parameter,
      Supplier<Matrix> gradientMemory,
      boolean sharesGradient) {
    this.tape = tape;
    this.value = value;
    this.needsGradient = needsGradient;
    this.parameter = parameter;
    this.gradientMemory = gradientMemory;
    this.sharesGradient = sharesGradient;
  }

  Var(Tape tape, Matrix value, boolean needsGradient) {
    this(
        tape,
        value,
        needsGradient,
        Optional.empty(),
        () -> tape.zeros(value.rows, value.cols),
        false);
  }

  Var(Tape tape, Parameter parameter, boolean needsGradient) {
    this(tape, parameter.value(), needsGradient, Optional.of(parameter), parameter::gradient, true);
  }

  public Tape tape() {
    return tape;
  }

  public Matrix value() {
    return value;
  }

  public int rows() {
    return value.rows;
  }

  public int cols() {
    return value.cols;
  }

  /** Whether anything that is learned or asked for depends on it. */
  public boolean needsGradient() {
    return needsGradient;
  }

  /** Whether {@link #addmm} or its like made it: no gradient is computed from its value, which may be overwritten. */
  public boolean isProduct() {
    return isProduct;
  }

  /** Where gradients are summed; zero until the first arrives. */
  public Matrix gradient() {
    if (gradient == UNTOUCHED) {
      gradient = gradientMemory.get();
    }
    return gradient;
  }

  /** Whether a gradient has arrived. */
  public boolean hasGradient() {
    return gradient != UNTOUCHED;
  }

  /** Adds {@code dy} to the gradient, when one is needed. */
  public void receive(Matrix dy) {
    if (needsGradient) {
      Elementwise.add(tape.kernels(), dy, gradient());
    }
  }

  /** {@link #receive} of a matrix that the caller gives up: the first to arrive becomes the gradient itself. */
  public void receiveOwned(Matrix dy) {
    if (needsGradient && gradient == UNTOUCHED && !sharesGradient) {
      gradient = dy;
    } else {
      receive(dy);
    }
  }

  /** This value as a right operand. What is no parameter is packed once for each step of the tape. */
  @SuppressWarnings("exports") // kernels are for Sluice's own packages
  public PackedMatrix packed() {
    if (parameter.isPresent()) {
      return parameter.get().packed(tape.kernels(), tape.workers());
    }
    if (packed.isEmpty()) {
      packed = Optional.of(tape.kernels().pack(value, false));
    }
    return packed.get();
  }

  /** This value, transposed, as a right operand. */
  @SuppressWarnings("exports") // kernels are for Sluice's own packages
  public PackedMatrix packedTransposed() {
    if (parameter.isPresent()) {
      return parameter.get().packedTransposed(tape.kernels(), tape.workers());
    }
    if (packedTransposed.isEmpty()) {
      packedTransposed = Optional.of(tape.kernels().pack(value, true));
    }
    return packedTransposed.get();
  }

  /**
   * this + a · w: this is (n, out) or one row for all (1, out), a is (n, in), w is (in, out). Sums start from this and run along
   * {@code in} in order.
   */
  public Var addmm(Var a, Var w) {
    if (a.cols() != w.rows() || cols() != w.cols() || (rows() != a.rows() && rows() != 1)) {
      throw mismatch("addmm", this, a, w);
    }
    return addProduct(a, w, false);
  }

  /**
   * this + a · wᵀ: as {@link #addmm}, with w (out, in) as it stands. So a table of embeddings is also
   * what outputs are multiplied with.
   */
  public Var addmmTransposed(Var a, Var w) {
    if (a.cols() != w.cols() || cols() != w.rows() || (rows() != a.rows() && rows() != 1)) {
      throw mismatch("addmmTransposed", this, a, w);
    }
    return addProduct(a, w, true);
  }

  private Var addProduct(Var a, Var w, boolean transposed) {
    Matrix y = tape.allocate(a.rows(), cols());
    PackedMatrix right = transposed ? w.packedTransposed() : w.packed();
    Products.gemm(tape.kernels(), tape.workers(), value.expand(y.rows), a.value, right, y);
    Var result = tape.result(y, this, a, w);
    result.isProduct = true;
    tape.record(
        () -> {
          Matrix dy = result.gradient();
          receiveBroadcast(dy);
          if (a.needsGradient) {
            Matrix da = tape.allocate(a.rows(), a.cols());
            Matrix zero = tape.zeros(1, da.cols).expand(da.rows);
            PackedMatrix back = transposed ? w.packed() : w.packedTransposed();
            Products.gemm(tape.kernels(), tape.workers(), zero, dy, back, da);
            a.receiveOwned(da);
          }
          if (w.needsGradient) {
            Matrix left = transposed ? dy : a.value;
            Matrix last = transposed ? a.value : dy;
            Products.gemmTransposed(tape.kernels(), tape.workers(), left, last, w.gradient());
          }
        },
        result);
    return result;
  }

  /** this + b: of one shape, or this one row for every row of b. */
  public Var add(Var b) {
    if (cols() != b.cols() || (rows() != b.rows() && rows() != 1)) {
      throw mismatch("add", this, b);
    }
    Matrix y = tape.allocate(b.rows(), b.cols());
    y.copyFrom(value.expand(y.rows));
    Elementwise.add(tape.kernels(), b.value, y);
    Var result = tape.result(y, this, b);
    tape.record(
        () -> {
          receiveBroadcast(result.gradient());
          b.receive(result.gradient());
        },
        result);
    return result;
  }

  /** this ⊙ b, element by element: of one shape, or this one row for every row of b. */
  public Var mul(Var b) {
    if (cols() != b.cols() || (rows() != b.rows() && rows() != 1)) {
      throw mismatch("mul", this, b);
    }
    Matrix y = tape.allocate(b.rows(), b.cols());
    Elementwise.mul(value, b.value, y);
    Var result = tape.result(y, this, b);
    tape.record(
        () -> {
          if (needsGradient) {
            Elementwise.addMul(result.gradient(), b.value, gradient());
          }
          if (b.needsGradient) {
            Elementwise.addMul(result.gradient(), value, b.gradient());
          }
        },
        result);
    return result;
  }

  /** σ(this) = 1 / (1 + e⁻ˣ), element by element. */
  public Var sigmoid() {
    return activate(Activation.SIGMOID);
  }

  /** tanh(this), element by element. */
  public Var tanh() {
    return activate(Activation.TANH);
  }

  /** f(this), element by element. */
  public Var activate(Activation f) {
    Matrix y = tape.allocate(rows(), cols());
    f.apply(tape.kernels(), value, y);
    Var result = tape.result(y, this);
    tape.record(() -> f.addGradient(result.gradient(), value, y, gradient()), result);
    return result;
  }

  /** α·this + β, element by element. */
  public Var affine(float alpha, float beta) {
    return activate(Activation.affine(alpha, beta));
  }

  /**
   * Each row shifted and scaled to mean 0 and variance 1: (x - mean) / √(variance + epsilon), with
   * the variance of the row's own elements. Layer normalisation (Ba, Kiros and Hinton 2016) without
   * its gain and shift.
   */
  public Var normalizeRows(float epsilon) {
    Matrix y = tape.allocate(rows(), cols());
    Matrix scales = tape.allocate(rows(), 1); // 1 / √(variance + epsilon)
    RowNormalization.forward(tape.kernels(), value, epsilon, y, scales);
    Var result = tape.result(y, this);
    tape.record(
        () ->
            RowNormalization.backward(
                tape.kernels(), result.gradient(), y, scales, tape.allocate(1, cols()), gradient()),
        result);
    return result;
  }

  /** Columns {@code from} (inclusive) to {@code to} (exclusive), as a window: copies nothing. */
  public Var columnRange(int from, int to) {
    return view(value.columnRange(from, to), () -> gradient().columnRange(from, to));
  }

  /** Rows {@code from} (inclusive) to {@code to} (exclusive), as a window: copies nothing. */
  public Var rowRange(int from, int to) {
    return view(value.rowRange(from, to), () -> gradient().rowRange(from, to));
  }

  /** Row {@code rows[i]} of this as row i; a row may be taken any number of times. For embeddings and reordering. */
  public Var gather(int... rows) {
    Matrix y = tape.allocate(rows.length, cols());
    Elementwise.gather(value, rows, y);
    Var result = tape.result(y, this);
    tape.record(
        () -> Elementwise.scatterAdd(tape.kernels(), result.gradient(), rows, gradient()), result);
    return result;
  }

  /** Inverted dropout: zeroes each element with probability {@code p} and divides the others by 1 - p. Nothing when not training. */
  public Var dropout(float p) {
    if (!(p >= 0 && p < 1)) {
      throw new IllegalArgumentException("dropout must be in [0, 1), got " + p);
    }
    if (p == 0 || !tape.isTraining()) {
      return this;
    }
    RandomKey key = tape.nextKey();
    Matrix mask = tape.allocate(rows(), cols());
    Elementwise.dropoutMask(tape.workers(), key, p, mask);
    return mul(tape.constant(mask));
  }

  /** This, which whoever watches the tape is told under {@code name}. */
  public Var named(String name) {
    tape.watcher().ifPresent(watcher -> watcher.value(name, value));
    return this;
  }

  /** The given values side by side: all have the same rows. */
  public static Var concat(Var... parts) {
    Tape tape = parts[0].tape;
    int cols = 0;
    for (Var part : parts) {
      if (part.rows() != parts[0].rows()) {
        throw mismatch("concat", parts);
      }
      cols += part.cols();
    }
    Matrix y = tape.allocate(parts[0].rows(), cols);
    Var result = tape.result(y, parts);
    forEachPart(parts, false, (part, from) -> columnsLike(part, from, y).copyFrom(part.value));
    tape.record(
        () ->
            forEachPart(
                parts,
                false,
                (part, from) -> part.receive(columnsLike(part, from, result.gradient()))),
        result);
    return result;
  }

  /** The given values one below the other: all have the same columns. */
  public static Var stackRows(List<Var> list) {
    Var[] parts = list.toArray(Var[]::new);
    Tape tape = parts[0].tape;
    int rows = 0;
    for (Var part : parts) {
      if (part.cols() != parts[0].cols()) {
        throw mismatch("stackRows", parts);
      }
      rows += part.rows();
    }
    Matrix y = tape.allocate(rows, parts[0].cols());
    Var result = tape.result(y, parts);
    forEachPart(parts, true, (part, from) -> rowsLike(part, from, y).copyFrom(part.value));
    tape.record(
        () ->
            forEachPart(
                parts, true, (part, from) -> part.receive(rowsLike(part, from, result.gradient()))),
        result);
    return result;
  }

  @Override
  public String toString() {
    return "Var(" + rows() + ", " + cols() + ")";
  }

  /** Adds to the gradient of what was added to each row of y, or to all of y. */
  private void receiveBroadcast(Matrix dy) {
    if (needsGradient && rows() == dy.rows) {
      Elementwise.add(tape.kernels(), dy, gradient());
    } else if (needsGradient) {
      Elementwise.addColumnSums(tape.kernels(), tape.workers(), dy, gradient());
    }
  }

  private Var view(Matrix window, Supplier<Matrix> gradientWindow) {
    return new Var(tape, window, needsGradient, Optional.empty(), gradientWindow, true);
  }

  private interface PartAction {
    void accept(Var part, int from);
  }

  private static void forEachPart(Var[] parts, boolean byRows, PartAction action) {
    int from = 0;
    for (Var part : parts) {
      action.accept(part, from);
      from += byRows ? part.rows() : part.cols();
    }
  }

  private static Matrix columnsLike(Var part, int from, Matrix whole) {
    return whole.columnRange(from, from + part.cols());
  }

  private static Matrix rowsLike(Var part, int from, Matrix whole) {
    return whole.rowRange(from, from + part.rows());
  }

  private static IllegalArgumentException mismatch(String operation, Var... operands) {
    return new IllegalArgumentException(
        operation + ": shapes do not match: " + Arrays.toString(operands).replace("Var", ""));
  }
}
