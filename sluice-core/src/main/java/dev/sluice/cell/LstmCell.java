package dev.sluice.cell;

import dev.sluice.parameter.ParameterSpec;
import dev.sluice.tape.Var;
import java.util.List;
import java.util.Optional;

/**
 * Long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al.
 * 2000), as PyTorch's {@code nn.LSTMCell}.
 *
 * <pre>
 *   z  = b_ih + b_hh + x·W_ih + h·W_hh     (n, 4H), gates in the order i f g o
 *   c' = σ(f)·c + σ(i)·tanh(g)
 *   h' = σ(o)·tanh(c')
 * </pre>
 *
 * <p>State: h, c, each (n, H). Weights: W_ih (I, 4H), W_hh (H, 4H) and, with {@code bias}, b_ih and
 * b_hh (4H): two of them, as PyTorch has, so that state dicts and optimizer steps agree. All start
 * uniform in ±1/√H.
 *
 * @param inputSize I
 * @param hiddenSize H
 * @param bias whether there are b_ih and b_hh
 */
public record LstmCell(int inputSize, int hiddenSize, boolean bias) implements Cell {
  /** Fails when a size is below 1. */
  public LstmCell {
    Gates.requireSizes("an LSTM", inputSize, hiddenSize);
  }

  /** With biases. */
  public LstmCell(int inputSize, int hiddenSize) {
    this(inputSize, hiddenSize, true);
  }

  @Override
  public String name() {
    return "LSTM";
  }

  @Override
  public List<Integer> stateSizes() {
    return List.of(hiddenSize, hiddenSize);
  }

  @Override
  public List<ParameterSpec> parameters(String suffix) {
    return Gates.parameters(suffix, inputSize, hiddenSize, hiddenSize, 4, bias);
  }

  @Override
  public Step step(Var x, List<Var> state, List<Var> weights) {
    StepArguments.require(this, x, state);
    Var h = state.get(0);
    Var c = state.get(1);
    Var z = Gates.bias(weights, bias).addmm(x, weights.get(0)).addmm(h, weights.get(1)); // (n, 4H)

    Var i = Gates.gate(z, 0, hiddenSize).sigmoid().named(Gates.INPUT);
    Var f = Gates.gate(z, 1, hiddenSize).sigmoid().named(Gates.FORGET);
    Var g = Gates.gate(z, 2, hiddenSize).tanh();
    Var o = Gates.gate(z, 3, hiddenSize).sigmoid().named(Gates.OUTPUT);

    Var nextC = f.mul(c).add(i.mul(g));
    Var nextH = o.mul(nextC.tanh());
    return Step.of(nextH, nextC);
  }

  @Override
  public String formula() {
    return """
    z_i, z_f, z_g, z_o = %sx·W_ih + h·W_hh
    c' = σ(z_f)⊙c + σ(z_i)⊙tanh(z_g)
    h' = σ(z_o)⊙tanh(c')\
    """
        .formatted(bias ? "b_ih + b_hh + " : "");
  }

  @Override
  public Optional<SequenceKernel> kernel() {
    return Optional.of(
        (x, direction, initial, weights) ->
            new FusedLstm(x, direction, initial, weights, Gates.bias(weights, bias), 0));
  }
}
