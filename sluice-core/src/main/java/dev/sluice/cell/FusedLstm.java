package dev.sluice.cell;

import dev.sluice.kernel.Elementwise;
import dev.sluice.kernel.Kernels;
import dev.sluice.kernel.PackedMatrix;
import dev.sluice.kernel.Products;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.Packing;
import dev.sluice.tape.PackedSequence;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.List;

/**
 * The kernel of {@link LstmCell}: one direction of one layer over a whole batch of sequences, as one
 * entry of the tape.
 *
 * <p>Forward, the input product of all steps is one product; then each step adds h·W_hh to its rows
 * and runs the gates. Sequences never meet, so threads take ranges of them through all steps without
 * waiting for one another, and a sequence has the same bits in every batch.
 *
 * <p>Backward, with dz the gradient of the gates before activation ({@link
 * Kernels#lstmGatesBackward}):
 *
 * <pre>
 *   dh(t) = dz(t+1)·W_hhᵀ + dy(t)          (t+1: the step that was computed from t)
 *   dx    = dz·W_ihᵀ                       all steps at once
 *   dW_ih = xᵀ·dz,  dW_hh = hBeforeᵀ·dz,  db = Σ dz
 * </pre>
 *
 * <p>Values, and gradients of x, h0 and c0, equal those of the formula bit for bit. Gradients of weights sum
 * over rows in packed order, t rising, where the formula adds step by step in the order of its backward
 * pass: equal but for the rounding of that sum.
 */
final class FusedLstm {
  /** Fewer sequences than this for each thread are not worth a thread. */
  private static final int ROWS_PER_PART = 6;

  private final Tape tape;
  private final Kernels kernels;
  private final Packing packing;
  private final Direction direction;
  private final Var x; // (R, I)
  private final Var h0; // (B, H)
  private final Var c0; // (B, H)
  private final Var wIh; // (I, 4H)
  private final Var wHh; // (H, 4H)
  private final Var bias; // (1, 4H)

  private final Matrix gates; // (R, 4H) after activation; in backward overwritten by dz
  private final Matrix hBefore; // (R, H) the state each step started from
  private final Matrix cBefore; // (R, H)
  private final Matrix tanhC; // (R, H)
  private final Var h; // (R, H) the output
  private final Var hN; // (B, H) while running: the state; at the end: the final one
  private final Var cN; // (B, H)

  private FusedLstm(
      LstmCell cell, PackedSequence x, Direction direction, List<Var> initial, List<Var> weights) {
    this.tape = x.data().tape();
    this.kernels = tape.kernels();
    this.packing = x.packing();
    this.direction = direction;
    this.x = x.data();
    this.h0 = initial.get(0);
    this.c0 = initial.get(1);
    this.wIh = weights.get(0);
    this.wHh = weights.get(1);
    this.bias = cell.gateBias(weights);
    int rows = packing.rows();
    int batch = packing.batch();
    int hidden = cell.hiddenSize();
    Var[] inputs = {this.x, h0, c0, wIh, wHh, bias};
    gates = tape.allocate(rows, 4 * hidden);
    hBefore = tape.allocate(rows, hidden);
    cBefore = tape.allocate(rows, hidden);
    tanhC = tape.allocate(rows, hidden);
    h = tape.result(tape.allocate(rows, hidden), inputs);
    hN = tape.result(tape.allocate(batch, hidden), inputs);
    cN = tape.result(tape.allocate(batch, hidden), inputs);
  }

  static Scan scan(
      LstmCell cell, PackedSequence x, Direction direction, List<Var> initial, List<Var> weights) {
    FusedLstm lstm = new FusedLstm(cell, x, direction, initial, weights);
    lstm.forward();
    lstm.tape.record(lstm::backward, lstm.h, lstm.hN, lstm.cN);
    return new Scan(new PackedSequence(x.packing(), lstm.h), List.of(lstm.hN, lstm.cN));
  }

  private void forward() {
    hN.value().copyFrom(h0.value());
    cN.value().copyFrom(c0.value());
    Elementwise.broadcast(bias.value(), gates);
    Products.gemm(kernels, tape.workers(), x.value(), wIh.packed(), gates);
    PackedMatrix recurrent = wHh.packed();
    int[] bounds = partBounds();
    tape.workers().run(bounds.length - 1, p -> forwardRows(bounds[p], bounds[p + 1], recurrent));
  }

  /** All steps of the sequences {@code from} to {@code to}. */
  private void forwardRows(int from, int to, PackedMatrix recurrent) {
    for (int i = 0; i < packing.steps(); i++) {
      int t = stepAt(i);
      int end = Math.min(to, packing.live(t));
      if (end <= from) {
        continue;
      }
      int first = packing.offset(t) + from;
      int last = packing.offset(t) + end;
      Matrix state = hN.value().rowRange(from, end);
      Matrix cell = cN.value().rowRange(from, end);
      Matrix z = gates.rowRange(first, last);
      Matrix output = h.value().rowRange(first, last);
      hBefore.rowRange(first, last).copyFrom(state);
      cBefore.rowRange(first, last).copyFrom(cell);
      kernels.gemm(state, recurrent, 0, recurrent.cols(), z);
      kernels.lstmGates(z, cell, tanhC.rowRange(first, last), output);
      state.copyFrom(output);
    }
  }

  private void backward() {
    Matrix dh = tape.allocate(packing.batch(), hBefore.cols);
    Matrix dc = tape.allocate(packing.batch(), hBefore.cols);
    dh.copyFrom(hN.gradient());
    dc.copyFrom(cN.gradient());
    Matrix dy = h.gradient();
    PackedMatrix recurrent = wHh.packedTransposed();
    int[] bounds = partBounds();
    tape.workers()
        .run(bounds.length - 1, p -> backwardRows(bounds[p], bounds[p + 1], recurrent, dy, dh, dc));
    h0.receive(dh);
    c0.receive(dc);
    Matrix dz = gates;
    if (x.needsGradient()) {
      Matrix dx = tape.zeros(x.rows(), x.cols());
      Products.gemm(kernels, tape.workers(), dz, wIh.packedTransposed(), dx);
      x.receive(dx);
    }
    if (wIh.needsGradient()) {
      Products.gemmTransposed(kernels, tape.workers(), x.value(), dz, wIh.gradient());
    }
    if (wHh.needsGradient()) {
      Products.gemmTransposed(kernels, tape.workers(), hBefore, dz, wHh.gradient());
    }
    if (bias.needsGradient()) {
      Elementwise.addColumnSums(dz, bias.gradient());
    }
  }

  /**
   * All steps of the sequences {@code from} to {@code to}, against reading direction. dh and dc, (B,
   * H), hold the gradient of the final state of a sequence until its last step is reached, then of
   * the state at the current step, and at the end of the initial one.
   */
  private void backwardRows(
      int from, int to, PackedMatrix recurrent, Matrix dy, Matrix dh, Matrix dc) {
    int later = from; // end of the sequences that the step handled before had
    int laterOffset = 0;
    for (int i = packing.steps() - 1; i >= 0; i--) {
      int t = stepAt(i);
      int end = Math.max(from, Math.min(to, packing.live(t)));
      int offset = packing.offset(t);
      recurrentBackward(laterOffset, from, later, recurrent, dh);
      if (from < end) {
        Elementwise.add(dy.rowRange(offset + from, offset + end), dh.rowRange(from, end));
        gatesBackward(offset, from, end, dh, dc);
      }
      later = end;
      laterOffset = offset;
    }
    recurrentBackward(laterOffset, from, later, recurrent, dh);
  }

  /** dh[from..to] = dz·W_hhᵀ, with dz of the step whose rows begin at {@code offset}. */
  private void recurrentBackward(int offset, int from, int to, PackedMatrix recurrent, Matrix dh) {
    if (from < to) {
      Matrix before = dh.rowRange(from, to);
      before.fill(0);
      Matrix dz = gates.rowRange(offset + from, offset + to);
      kernels.gemm(dz, recurrent, 0, recurrent.cols(), before);
    }
  }

  private void gatesBackward(int offset, int from, int to, Matrix dh, Matrix dc) {
    int first = offset + from;
    int last = offset + to;
    kernels.lstmGatesBackward(
        gates.rowRange(first, last),
        cBefore.rowRange(first, last),
        tanhC.rowRange(first, last),
        dh.rowRange(from, to),
        dc.rowRange(from, to));
  }

  /** The step that is computed as the i-th. */
  private int stepAt(int i) {
    return direction == Direction.FORWARD ? i : packing.steps() - 1 - i;
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
