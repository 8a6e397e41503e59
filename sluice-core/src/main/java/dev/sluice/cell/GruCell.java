package dev.sluice.cell;

import dev.sluice.parameter.ParameterSpec;
import dev.sluice.tape.Activation;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.List;
import java.util.Optional;

/**
 * Gated recurrent unit (Cho et al. 2014), its reset gate after or before the recurrent product.
 *
 * <pre>
 *   zx = b_ih + x·W_ih,  zh = b_hh + h·W_hh          (n, 3H), gates in the order r z n
 *   r  = σ(zx_r + zh_r)
 *   z  = σ(zx_z + zh_z)
 *   n  = tanh(zx_n + r·zh_n)                         reset after
 *   n  = tanh(zx_n + b_hn + (r·h)·W_hn)              reset before
 *   h' = (1 - z)·n + z·h
 * </pre>
 *
 * <p>Reset after is PyTorch's {@code nn.GRUCell}, Keras's {@code reset_after=True} and ONNX's {@code
 * linear_before_reset=1}; reset before is the paper, TF1's {@code GRUCell} and Keras's {@code
 * reset_after=False}. Weights of one are no good for the other.
 *
 * <p>State: h (n, H). Weights: W_ih (I, 3H), W_hh (H, 3H) and, with {@code bias}, b_ih and b_hh (3H).
 * All start uniform in ±1/√H.
 *
 * @param inputSize I
 * @param hiddenSize H
 * @param resetAfter whether the reset gate comes after the recurrent product
 * @param bias whether there are b_ih and b_hh
 * @param gate in place of σ
 * @param candidate in place of tanh
 */
public record GruCell(
    int inputSize,
    int hiddenSize,
    boolean resetAfter,
    boolean bias,
    Activation gate,
    Activation candidate)
    implements Cell {
  /** Fails when a size is below 1. */
  public GruCell {
    Gates.requireSizes("a GRU", inputSize, hiddenSize);
  }

  /** With σ and tanh. */
  public GruCell(int inputSize, int hiddenSize, boolean resetAfter, boolean bias) {
    this(inputSize, hiddenSize, resetAfter, bias, Activation.SIGMOID, Activation.TANH);
  }

  /** PyTorch's: reset after, with biases. */
  public GruCell(int inputSize, int hiddenSize) {
    this(inputSize, hiddenSize, true, true);
  }

  @Override
  public String name() {
    return "GRU";
  }

  @Override
  public List<Integer> stateSizes() {
    return List.of(hiddenSize);
  }

  @Override
  public List<ParameterSpec> parameters(String suffix) {
    return Gates.parameters(suffix, inputSize, hiddenSize, hiddenSize, 3, bias);
  }

  @Override
  public Step step(Var x, List<Var> state, List<Var> weights) {
    StepArguments.require(this, x, state);
    return begin(x.tape(), x.rows(), weights).step(x, state);
  }

  /** For a reset gate after the product, σ and tanh. */
  @Override
  public Optional<SequenceKernel> kernel() {
    if (!equals(new GruCell(inputSize, hiddenSize, true, bias))) {
      return Optional.empty();
    }
    return Optional.of(
        (x, direction, initial, weights) ->
            new FusedGru(x, direction, initial, weights, bias(weights, 2), bias(weights, 3)));
  }

  @Override
  public Stepper begin(Tape tape, int batch, List<Var> weights) {
    Var bIh = bias(weights, 2);
    Var bHh = bias(weights, 3);
    Var wIh = weights.get(0);
    Var wHh = weights.get(1);
    if (resetAfter) {
      return (x, state) -> resetAfter(bIh.addmm(x, wIh), bHh, wHh, state.getFirst());
    }
    Var b = bIh.add(bHh);
    Var wHrz = wHh.columnRange(0, 2 * hiddenSize);
    Var wHn = wHh.columnRange(2 * hiddenSize, 3 * hiddenSize);
    return (x, state) -> resetBefore(b.addmm(x, wIh), wHrz, wHn, state.getFirst());
  }

  private Step resetAfter(Var zx, Var bHh, Var wHh, Var h) {
    Var zh = bHh.addmm(h, wHh); // (n, 3H)
    Var r = part(zx, 0).add(part(zh, 0)).activate(gate).named(Gates.RESET);
    Var z = part(zx, 1).add(part(zh, 1)).activate(gate).named(Gates.UPDATE);
    Var n = part(zx, 2).add(r.mul(part(zh, 2))).activate(candidate);
    return Step.of(z.affine(-1, 1).mul(n).add(z.mul(h)));
  }

  private Step resetBefore(Var zx, Var wHrz, Var wHn, Var h) {
    Var rz = zx.columnRange(0, 2 * hiddenSize).addmm(h, wHrz).activate(gate);
    Var r = part(rz, 0).named(Gates.RESET);
    Var z = part(rz, 1).named(Gates.UPDATE);
    Var n = part(zx, 2).addmm(r.mul(h), wHn).activate(candidate);
    return Step.of(z.affine(-1, 1).mul(n).add(z.mul(h)));
  }

  /** What sums start from, (1, 3H): the weight of that index, or zero. */
  private Var bias(List<Var> weights, int index) {
    return bias ? weights.get(index) : Gates.zeros(weights.getFirst().tape(), 3 * hiddenSize);
  }

  private Var part(Var gates, int i) {
    return Gates.gate(gates, i, hiddenSize);
  }

  @Override
  public String formula() {
    return resetAfter
        ? """
        x_r, x_z, x_n = %sx·W_ih
        h_r, h_z, h_n = %sh·W_hh
        r = %s
        z = %s
        n = %s
        h' = (1 - z)⊙n + z⊙h\
        """
            .formatted(
                bias ? "b_ih + " : "",
                bias ? "b_hh + " : "",
                Notation.apply(gate, "x_r + h_r"),
                Notation.apply(gate, "x_z + h_z"),
                Notation.apply(candidate, "x_n + r⊙h_n"))
        : """
        x_r, x_z, x_n = %sx·W_ih
        W_r, W_z, W_n = W_hh
        r = %s
        z = %s
        n = %s
        h' = (1 - z)⊙n + z⊙h\
        """
            .formatted(
                bias ? "b_ih + b_hh + " : "",
                Notation.apply(gate, "x_r + h·W_r"),
                Notation.apply(gate, "x_z + h·W_z"),
                Notation.apply(candidate, "x_n + (r⊙h)·W_n"));
  }
}
