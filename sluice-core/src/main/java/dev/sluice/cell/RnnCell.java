package dev.sluice.cell;

import dev.sluice.parameter.ParameterSpec;
import dev.sluice.tape.Activation;
import dev.sluice.tape.Var;
import java.util.List;
import java.util.Optional;

/**
 * The simple recurrent network of Elman (1990), as PyTorch's {@code nn.RNNCell}, TF1's {@code
 * BasicRNNCell} and Keras's {@code SimpleRNN}.
 *
 * <pre>
 *   h' = f(b_ih + b_hh + x·W_ih + h·W_hh)
 * </pre>
 *
 * <p>State: h (n, H). Weights: W_ih (I, H), W_hh (H, H) and, with {@code bias}, b_ih and b_hh (H). All
 * start uniform in ±1/√H.
 *
 * @param inputSize I
 * @param hiddenSize H
 * @param activation f
 * @param bias whether there are b_ih and b_hh
 */
public record RnnCell(int inputSize, int hiddenSize, Activation activation, boolean bias)
    implements Cell {
  /** Fails when a size is below 1. */
  public RnnCell {
    Gates.requireSizes("an RNN", inputSize, hiddenSize);
  }

  /** With tanh and biases. */
  public RnnCell(int inputSize, int hiddenSize) {
    this(inputSize, hiddenSize, Activation.TANH, true);
  }

  @Override
  public String name() {
    return "RNN";
  }

  @Override
  public List<Integer> stateSizes() {
    return List.of(hiddenSize);
  }

  @Override
  public List<ParameterSpec> parameters(String suffix) {
    return Gates.parameters(suffix, inputSize, hiddenSize, hiddenSize, 1, bias);
  }

  @Override
  public Step step(Var x, List<Var> state, List<Var> weights) {
    StepArguments.require(this, x, state);
    Var h = state.getFirst();
    Var z = Gates.bias(weights, bias).addmm(x, weights.get(0)).addmm(h, weights.get(1)); // (n, H)
    return Step.of(z.activate(activation));
  }

  /** With any activation. */
  @Override
  public Optional<SequenceKernel> kernel() {
    return Optional.of(
        (x, direction, initial, weights) ->
            new FusedRnn(x, direction, initial, weights, Gates.bias(weights, bias), activation));
  }

  @Override
  public String formula() {
    String sum = (bias ? "b_ih + b_hh + " : "") + "x·W_ih + h·W_hh";
    return "h' = " + Notation.apply(activation, sum);
  }
}
