package dev.sluice.cell;

import dev.sluice.parameter.Initializer;
import dev.sluice.parameter.ParameterSpec;
import dev.sluice.tape.Var;
import java.util.List;

/**
 * LSTM with layer normalisation (Ba, Kiros and Hinton 2016), in the form of TF1's {@code
 * LayerNormBasicLSTMCell}: each gate is normalised on its own after input and state are summed, and the
 * new c is normalised before it is stored. (The paper normalises x·W and h·W apart and stores c as
 * it is.)
 *
 * <pre>
 *   z  = x·W_ih + h·W_hh                      (n, 4H), gates in the order i f g o
 *   i  = σ(LN(z_i)),  f = σ(LN(z_f) + forget bias),  g = tanh(LN(z_g)),  o = σ(LN(z_o))
 *   c' = LN(f·c + i·g)
 *   h' = o·tanh(c')
 *   LN(v) = gain⊙(v - mean) / √(variance + 1e-12) + shift
 * </pre>
 *
 * <p>State: h, c, each (n, H). Weights: {@code weight_ih} (I, 4H), {@code weight_hh} (H, 4H), uniform in
 * ±1/√H; gains {@code weight_ln} (4H) and {@code weight_ln_c} (H), which start at 1; shifts {@code
 * bias_ln} (4H) and {@code bias_ln_c} (H), which start at 0 and take the place of a bias.
 *
 * @param inputSize I
 * @param hiddenSize H
 * @param forgetBias added to the forget gate at run time; TF1's default is 1
 */
public record LayerNormLstmCell(int inputSize, int hiddenSize, float forgetBias) implements Cell {
  private static final float EPSILON = 1e-12f;

  /** Fails when a size is below 1. */
  public LayerNormLstmCell {
    Gates.requireSizes("an LSTM", inputSize, hiddenSize);
  }

  @Override
  public String name() {
    return "LayerNormLSTM";
  }

  @Override
  public List<Integer> stateSizes() {
    return List.of(hiddenSize, hiddenSize);
  }

  @Override
  public List<ParameterSpec> parameters(String suffix) {
    Initializer uniform = Gates.uniform(hiddenSize);
    int width = Math.multiplyExact(4, hiddenSize);
    Initializer one = Initializer.constant(1);
    Initializer zero = Initializer.constant(0);
    return List.of(
        ParameterSpec.weight("weight_ih" + suffix, inputSize, width, uniform),
        ParameterSpec.weight("weight_hh" + suffix, hiddenSize, width, uniform),
        ParameterSpec.bias("weight_ln" + suffix, width, one),
        ParameterSpec.bias("bias_ln" + suffix, width, zero),
        ParameterSpec.bias("weight_ln_c" + suffix, hiddenSize, one),
        ParameterSpec.bias("bias_ln_c" + suffix, hiddenSize, zero));
  }

  @Override
  public Step step(Var x, List<Var> state, List<Var> weights) {
    StepArguments.require(this, x, state);
    Var h = state.get(0);
    Var c = state.get(1);
    Var zero = Gates.zeros(x.tape(), 4 * hiddenSize);
    Var z = zero.addmm(x, weights.get(0)).addmm(h, weights.get(1)); // (n, 4H)

    Var i = normalizedGate(z, 0, weights).sigmoid().named(Gates.INPUT);
    Var f = normalizedGate(z, 1, weights).affine(1, forgetBias).sigmoid().named(Gates.FORGET);
    Var g = normalizedGate(z, 2, weights).tanh();
    Var o = normalizedGate(z, 3, weights).sigmoid().named(Gates.OUTPUT);

    Var nextC = normalize(f.mul(c).add(i.mul(g)), weights.get(4), weights.get(5));
    Var nextH = o.mul(nextC.tanh());
    return Step.of(nextH, nextC);
  }

  @Override
  public String formula() {
    return """
    z_i, z_f, z_g, z_o = x·W_ih + h·W_hh
    w_i, w_f, w_g, w_o = w_ln
    b_i, b_f, b_g, b_o = b_ln
    i = σ(LN(z_i, w_i, b_i))
    f = σ(%s)
    g = tanh(LN(z_g, w_g, b_g))
    o = σ(LN(z_o, w_o, b_o))
    c' = LN(f⊙c + i⊙g, w_ln_c, b_ln_c)
    h' = o⊙tanh(c')
    where LN(v, w, b) = w⊙(v - mean(v)) / √(variance(v) + %s) + b\
    """
        .formatted(Notation.plus("LN(z_f, w_f, b_f)", forgetBias), Notation.number(EPSILON));
  }

  private Var normalizedGate(Var z, int i, List<Var> weights) {
    Var gain = Gates.gate(weights.get(2), i, hiddenSize);
    Var shift = Gates.gate(weights.get(3), i, hiddenSize);
    return normalize(Gates.gate(z, i, hiddenSize), gain, shift);
  }

  private static Var normalize(Var v, Var gain, Var shift) {
    return shift.add(gain.mul(v.normalizeRows(EPSILON)));
  }
}
