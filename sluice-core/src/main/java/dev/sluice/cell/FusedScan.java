package dev.sluice.cell;

import dev.sluice.kernel.Elementwise;
import dev.sluice.kernel.Kernels;
import dev.sluice.kernel.PackedMatrix;
import dev.sluice.kernel.Products;
import dev.sluice.kernel.Workers;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.Packing;
import dev.sluice.tape.PackedSequence;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.ArrayList;
import java.util.List;

/**
 * What kernels of cells have in common: one direction of one layer over a whole batch of sequences,
 * as one entry of the tape. What their gates do is in the subclasses.
 *
 * <p>Gates work on sums over the input, zx = b + x·W_ih, and over the state, zh = h·W_hh: on their total,
 * for which zh is the same matrix as zx, or on both, and then zh starts from a bias of its own.
 *
 * <p>Forward, zx of some steps at a time, a {@link Chunk}, is one product; then each step completes zh of
 * its rows and runs the gates. Sequences never meet, so threads take ranges of them through the steps of a
 * chunk without waiting for one another, and a sequence has the same bits in every batch. Where they are too
 * few for that, threads share the product of each step, by columns. What only a backward would read again is
 * kept for a chunk at a time, or not at all, when there will be none.
 *
 * <p>Backward, from the gradients dzx and dzh that the gates give:
 *
 * <pre>
 *   dh(t) = dzh(t+1)·W_hhᵀ + direct(t+1) + dy(t)     (t+1: the step that was computed from t)
 *   dx    = dzx·W_ihᵀ                                all steps at once
 *   dW_ih = xᵀ·dzx,  dW_hh = hBeforeᵀ·dzh,  and of biases Σ dzx, Σ dzh
 * </pre>
 *
 * <p>where direct is what reaches h past the product: nothing, unless the gates read h itself.
 *
 * <p>Gradients of the state that are {@linkplain Kernels#NEGLIGIBLE negligible} become zero between steps.
 *
 * <p>Values, and gradients of x and of the initial state, equal those of the formula bit for bit.
 * Gradients of weights sum over rows in packed order, t rising, where the formula adds step by step in
 * the order of its backward pass: equal but for the rounding of that sum.
 */
abstract class FusedScan implements SequenceKernel.Pass {
  /** Fewer sequences than this for each thread are not worth a thread. */
  private static final int ROWS_PER_PART = 6;

  /** Floats of the sums of a chunk: one megabyte. */
  private static final int CHUNK_FLOATS = 1 << 18;

  /** Fewer rows leave a product too little to do between two readings of its weights. */
  private static final int MIN_CHUNK_ROWS = 512;

  private final Tape tape;
  private final Packing packing;
  private final List<Chunk> chunks;
  private final Direction direction;
  private final Var x; // (R, I)
  private final List<Var> initial; // (B, H) each
  private final Var wIh; // (I, G)
  private final Var wHh; // (H, G)
  private final List<Var> biases; // (1, G) each: of zx, and of zh when that is apart
  private final PackedMatrix input; // W_ih
  private final PackedMatrix recurrent; // W_hh
  private final Workers team; // of each step

  final Kernels kernels;
  final Matrix zx; // (K, G) sums, then the gates, in backward their gradient; K: R, or a chunk's
  final Matrix zh; // (K, G) likewise; the same matrix when there is one bias
  final Matrix hBefore; // (R, H) the state each step started from; no rows without a backward
  final Var h; // (R, H) the output
  final List<Var> state; // (B, H) each, h first: the current one, in the end the final one

  FusedScan(
      PackedSequence x, Direction direction, List<Var> initial, List<Var> weights, Var... biases) {
    this.tape = x.data().tape();
    this.kernels = tape.kernels();
    this.packing = x.packing();
    this.direction = direction;
    this.x = x.data();
    this.initial = initial;
    this.wIh = weights.get(0);
    this.wHh = weights.get(1);
    this.biases = List.of(biases);
    input = wIh.packed();
    recurrent = wHh.packed();
    team = sharesSteps() ? tape.workers() : Workers.SINGLE;
    chunks = Chunk.of(packing, direction, Math.max(MIN_CHUNK_ROWS, CHUNK_FLOATS / wIh.cols()));
    int kept =
        tape.isTraining() ? packing.rows() : chunks.stream().mapToInt(Chunk::rows).max().orElse(0);
    zx = tape.allocate(kept, wIh.cols());
    zh = biases.length == 1 ? zx : tape.allocate(kept, wHh.cols());
    hBefore = tape.allocate(tape.isTraining() ? kept : 0, wHh.rows());
    List<Var> inputs = new ArrayList<>(initial);
    inputs.addAll(this.biases);
    inputs.addAll(List.of(this.x, wIh, wHh));
    h = result(packing.rows(), inputs);
    state = initial.stream().map(part -> result(packing.batch(), inputs)).toList();
  }

  private Var result(int rows, List<Var> inputs) {
    return tape.result(tape.allocate(rows, hBefore.cols), inputs.toArray(Var[]::new));
  }

  /**
   * Where a thread is: sequences {@code from} to {@code to} of the batch, in a step in which their
   * rows begin at {@code first}, and at {@code kept} in what is kept for a backward.
   */
  record Rows(int from, int to, int first, int kept) {
    boolean isEmpty() {
      return from == to;
    }

    /** Their rows of a matrix with a row for each sequence. */
    Matrix ofBatch(Matrix m) {
      return m.rowRange(from, to);
    }

    /** Their rows of a matrix with a row for each step of each sequence. */
    Matrix ofStep(Matrix m) {
      return m.rowRange(first, first + to - from);
    }

    /** Their rows of what is kept: zx, zh, hBefore and the like. */
    Matrix ofKept(Matrix m) {
      return m.rowRange(kept, kept + to - from);
    }
  }

  /** One step, once its sums are complete: sets {@link #h}, and what {@link #state} holds beside it. */
  abstract void gates(Rows rows);

  /**
   * The backward of {@link #gates}: overwrites {@link #zx} and {@link #zh} with their gradients.
   *
   * @param dState (B, H) each; in: the gradient of the state after the step; out, beside the first,
   *     which is h: of the state before it
   */
  abstract void gatesBackward(Rows rows, List<Matrix> dState);

  /** Adds to the gradient of h, at the end of a step's backward, what reaches it past the product. */
  void addDirectGradient(Rows rows, Matrix dh) {}

  /** Threads that share steps wait for one another in each of them: two had better take a direction each. */
  @Override
  public final boolean isShared() {
    return team.threads() > Direction.values().length || partBounds().length > 2;
  }

  /** Whether there are too few sequences for threads to share, and enough to do in a step. */
  private boolean sharesSteps() {
    return packing.batch() < 2 * ROWS_PER_PART
        && Products.isShared(tape.workers(), packing.batch(), recurrent.cols(), recurrent.rows());
  }

  @Override
  public final Scan record() {
    List<Var> results = new ArrayList<>(state);
    results.add(h);
    tape.record(this::backward, results.toArray(Var[]::new));
    return new Scan(new PackedSequence(packing, h), state);
  }

  @Override
  public final void forward() {
    for (int i = 0; i < state.size(); i++) {
      state.get(i).value().copyFrom(initial.get(i).value());
    }
    int[] bounds = partBounds();
    for (Chunk chunk : chunks) {
      Matrix sums = zx.rowRange(kept(chunk, chunk.first()), kept(chunk, chunk.end()));
      Matrix bias = biases.getFirst().value().expand(sums.rows);
      Matrix rows = x.value().rowRange(chunk.first(), chunk.end());
      Products.gemm(kernels, tape.workers(), bias, rows, input, sums);
      tape.workers().run(bounds.length - 1, p -> forwardRows(chunk, bounds[p], bounds[p + 1]));
    }
  }

  /** Where a row of a chunk is in what is kept. */
  private int kept(Chunk chunk, int row) {
    return tape.isTraining() ? row : row - chunk.first();
  }

  /** The steps of a chunk for the sequences {@code from} to {@code to}. */
  private void forwardRows(Chunk chunk, int from, int to) {
    for (int i = chunk.from(); i < chunk.to(); i++) {
      Rows rows = rows(chunk, i, from, to);
      if (rows.isEmpty()) {
        continue;
      }
      Matrix current = rows.ofBatch(state.getFirst().value());
      if (tape.isTraining()) {
        rows.ofKept(hBefore).copyFrom(current);
      }
      Matrix sums = rows.ofKept(zh);
      Matrix start = zh == zx ? sums : biases.getLast().value().expand(sums.rows);
      Products.gemm(kernels, team, start, current, recurrent, sums);
      gates(rows);
      current.copyFrom(rows.ofStep(h.value()));
    }
  }

  private void backward() {
    List<Matrix> dState = new ArrayList<>();
    for (Var part : state) {
      Matrix gradient = tape.allocate(part.rows(), part.cols());
      gradient.copyFrom(part.gradient());
      dState.add(gradient);
    }
    Matrix dx = tape.allocate(x.needsGradient() ? x.rows() : 0, x.cols());
    Matrix zero = tape.zeros(1, dx.cols);
    PackedMatrix back = wHh.packedTransposed();
    int[] bounds = partBounds();
    for (Chunk chunk : chunks.reversed()) {
      tape.workers()
          .run(bounds.length - 1, p -> backwardRows(chunk, bounds[p], bounds[p + 1], back, dState));
      if (x.needsGradient()) {
        Matrix dz = zx.rowRange(chunk.first(), chunk.end());
        Matrix rows = dx.rowRange(chunk.first(), chunk.end());
        PackedMatrix transposed = wIh.packedTransposed();
        Products.gemm(kernels, tape.workers(), zero.expand(rows.rows), dz, transposed, rows);
      }
    }
    x.receiveOwned(dx);
    for (int i = 0; i < initial.size(); i++) {
      initial.get(i).receive(dState.get(i));
    }
    addGradients();
  }

  /**
   * The steps of a chunk for the sequences {@code from} to {@code to}, against reading direction. {@code dState}
   * holds the gradient of the final state of a sequence until its last step is reached, then of the
   * state at the current step, and at the end of the initial one.
   */
  private void backwardRows(Chunk chunk, int from, int to, PackedMatrix back, List<Matrix> dState) {
    for (int i = chunk.to() - 1; i >= chunk.from(); i--) {
      Rows rows = rows(chunk, i, from, to);
      if (rows.isEmpty()) {
        continue;
      }
      Matrix dh = rows.ofBatch(dState.getFirst());
      if (h.hasGradient()) {
        Elementwise.add(kernels, rows.ofStep(h.gradient()), dh);
      }
      gatesBackward(rows, dState);
      dh.fill(0);
      Products.gemm(kernels, team, rows.ofKept(zh), back, dh);
      addDirectGradient(rows, dh);
      for (Matrix part : dState) {
        kernels.dropNegligible(rows.ofBatch(part));
      }
    }
  }

  /** Gradients of the weights and the biases, from dzx and dzh of all steps. */
  private void addGradients() {
    if (zh == zx) {
      addGradients(zx, List.of(wIh, wHh), List.of(x.value(), hBefore), biases.getFirst());
    } else {
      addGradients(zx, List.of(wIh), List.of(x.value()), biases.getFirst());
      addGradients(zh, List.of(wHh), List.of(hBefore), biases.getLast());
    }
  }

  /** leftᵀ·dz for each weight; a bias is the weight of an input that is always 1. */
  private void addGradients(Matrix dz, List<Var> weights, List<Matrix> lefts, Var bias) {
    List<Matrix> factors = new ArrayList<>();
    List<Matrix> gradients = new ArrayList<>();
    for (int i = 0; i < weights.size(); i++) {
      if (weights.get(i).needsGradient()) {
        factors.add(lefts.get(i));
        gradients.add(weights.get(i).gradient());
      }
    }
    if (bias.needsGradient()) {
      factors.add(Matrix.of(1, 1, 1).expand(dz.rows));
      gradients.add(bias.gradient());
    }
    Products.gemmTransposed(kernels, tape.workers(), factors, dz, gradients);
  }

  /** Of the sequences {@code from} to {@code to}, those that have a part in the i-th step. */
  private Rows rows(Chunk chunk, int i, int from, int to) {
    int t = direction.time(i, packing.steps());
    int first = packing.offset(t) + from;
    return new Rows(from, Math.clamp(packing.live(t), from, to), first, kept(chunk, first));
  }

  /** Splits the batch into ranges of about equal work, one for each thread that is worth its while. */
  private int[] partBounds() {
    int batch = packing.batch();
    int parts = Math.clamp(batch / ROWS_PER_PART, 1, tape.workers().threads());
    int[] bounds = new int[parts + 1];
    long steps = 0;
    int part = 1;
    for (int b = 0; b < batch && part < parts; b++) {
      steps += packing.length(b);
      if (steps * parts >= (long) packing.rows() * part) {
        bounds[part++] = b + 1;
      }
    }
    bounds[parts] = batch;
    return bounds;
  }
}
