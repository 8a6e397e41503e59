package dev.sluice.cell;

import dev.sluice.cell.LstmVariant.Coupling;
import dev.sluice.parameter.Initializer;
import dev.sluice.parameter.ParameterSpec;
import dev.sluice.tape.Activation;
import dev.sluice.tape.Var;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Long short-term memory in all its variants: run-time forget bias, peepholes, coupled gates,
 * projection, clipping, other activations, recurrent dropout; which, says the {@link LstmVariant}.
 * The plain LSTM is {@link LstmCell}.
 *
 * <pre>
 *   z  = b_ih + b_hh + x·W_ih + h·W_hh     (n, 4H), gates in the order i f g o
 *   i  = σ(z_i + w_ci⊙c)                   or 1 - f
 *   f  = σ(z_f + w_cf⊙c + forget bias)     or 1 - i
 *   g  = dropout(tanh(z_g))
 *   c' = clip(f⊙c + i⊙g)
 *   o  = σ(z_o + w_co⊙c')                  sees the new c, after its clipping
 *   h' = o⊙tanh(c'), or clip((o⊙tanh(c'))·W_hr)
 * </pre>
 *
 * <p>State: h (n, P or H), c (n, H). Weights, in PyTorch's names where it has one: {@code weight_ih} (I,
 * 4H), {@code weight_hh} (P or H, 4H), {@code bias_ih} and {@code bias_hh} (4H), for peepholes {@code
 * weight_ci}, {@code weight_cf} and {@code weight_co} (H), for the projection {@code weight_hr} (H, P). A
 * gate that is coupled to the other has no weights: there are 3H columns, and one peephole less. All
 * start uniform in ±1/√H.
 *
 * <p>After TF1's {@code LSTMCell} and PyTorch's {@code nn.LSTM} with {@code proj_size}.
 *
 * @param inputSize I
 * @param hiddenSize H
 * @param variant what is different from the plain LSTM
 */
public record LstmVariantCell(int inputSize, int hiddenSize, LstmVariant variant) implements Cell {
  /** Fails when a size is below 1. */
  public LstmVariantCell {
    Gates.requireSizes("an LSTM", inputSize, hiddenSize);
  }

  @Override
  public String name() {
    return "LSTM";
  }

  @Override
  public int outputSize() {
    return variant.projectionSize() > 0 ? variant.projectionSize() : hiddenSize;
  }

  @Override
  public List<Integer> stateSizes() {
    return List.of(outputSize(), hiddenSize);
  }

  @Override
  public List<ParameterSpec> parameters(String suffix) {
    List<ParameterSpec> specs =
        new ArrayList<>(
            Gates.parameters(
                suffix, inputSize, outputSize(), hiddenSize, gateCount(), variant.bias()));
    Initializer uniform = Gates.uniform(hiddenSize);
    if (variant.peepholes()) {
      gates().stream()
          .filter(gate -> !gate.equals("g"))
          .map(gate -> ParameterSpec.bias("weight_c" + gate + suffix, hiddenSize, uniform))
          .forEach(specs::add);
    }
    if (variant.projectionSize() > 0) {
      specs.add(
          ParameterSpec.weight(
              "weight_hr" + suffix, hiddenSize, variant.projectionSize(), uniform));
    }
    return specs;
  }

  @Override
  public Step step(Var x, List<Var> state, List<Var> weights) {
    StepArguments.require(this, x, state);
    Var h = state.get(0);
    Var c = state.get(1);
    Iterator<Var> w = weights.iterator();
    Var wIh = w.next();
    Var wHh = w.next();
    int width = gateCount() * hiddenSize;
    Var sum = variant.bias() ? w.next().add(w.next()) : Gates.zeros(x.tape(), width);
    Var z = sum.addmm(x, wIh).addmm(h, wHh); // (n, 4H)

    Var i;
    Var f;
    if (variant.coupling() == Coupling.INPUT_FROM_FORGET) {
      f = forgetGate(peep(gate(z, 0), c, w));
      i = f.affine(-1, 1);
    } else {
      i = peep(gate(z, 0), c, w).activate(variant.gate());
      f =
          variant.coupling() == Coupling.FORGET_FROM_INPUT
              ? i.affine(-1, 1)
              : forgetGate(peep(gate(z, 1), c, w));
    }
    Var g =
        gate(z, gateCount() - 2).activate(variant.candidate()).dropout(variant.candidateDropout());
    i.named(Gates.INPUT);
    f.named(Gates.FORGET);
    Var nextC = clip(f.mul(c).add(i.mul(g)), variant.cellClip());
    Var o = peep(gate(z, gateCount() - 1), nextC, w).activate(variant.gate()).named(Gates.OUTPUT);
    Var nextH = o.mul(nextC.activate(variant.output()));
    return Step.of(variant.projectionSize() > 0 ? project(nextH, w.next()) : nextH, nextC);
  }

  @Override
  public String formula() {
    boolean forgetFirst = variant.coupling() == Coupling.INPUT_FROM_FORGET;
    boolean inputFirst = variant.coupling() == Coupling.FORGET_FROM_INPUT;
    String bias = variant.bias() ? "b_ih + b_hh + " : "";
    String i = "i = " + (forgetFirst ? "1 - f" : gateFormula("i", "c", 0));
    String f = "f = " + (inputFirst ? "1 - i" : gateFormula("f", "c", variant.forgetBias()));
    String g = Notation.apply(variant.candidate(), "z_g");
    String h = "o⊙" + Notation.apply(variant.output(), "c'");
    return String.join(
        "\n",
        "z_" + String.join(", z_", gates()) + " = " + bias + "x·W_ih + h·W_hh",
        forgetFirst ? f : i,
        forgetFirst ? i : f,
        "g = " + Notation.dropout(g, Notation.number(variant.candidateDropout())),
        "c' = " + Notation.clip("f⊙c + i⊙g", variant.cellClip()),
        "o = " + gateFormula("o", "c'", 0),
        "h' = "
            + (variant.projectionSize() > 0
                ? Notation.clip("(" + h + ")·W_hr", variant.projectionClip())
                : h));
  }

  private String gateFormula(String gate, String seen, float added) {
    String peephole = variant.peepholes() ? " + w_c%s⊙%s".formatted(gate, seen) : "";
    return Notation.apply(variant.gate(), Notation.plus("z_" + gate + peephole, added));
  }

  /** For a variant that has, beside biases or none, a forget bias and nothing else. */
  @Override
  public Optional<SequenceKernel> kernel() {
    LstmVariant known = LstmVariant.PLAIN.withForgetBias(variant.forgetBias());
    if (!variant.equals(variant.bias() ? known : known.withoutBias())) {
      return Optional.empty();
    }
    return Optional.of(
        (x, direction, initial, weights) -> {
          Var bias = Gates.bias(weights, variant.bias());
          return new FusedLstm(x, direction, initial, weights, bias, variant.forgetBias());
        });
  }

  private Var forgetGate(Var z) {
    return (variant.forgetBias() == 0 ? z : z.affine(1, variant.forgetBias()))
        .activate(variant.gate());
  }

  private Var peep(Var z, Var c, Iterator<Var> weights) {
    return variant.peepholes() ? z.add(weights.next().mul(c)) : z;
  }

  private Var project(Var h, Var wHr) {
    return clip(
        Gates.zeros(h.tape(), variant.projectionSize()).addmm(h, wHr), variant.projectionClip());
  }

  private static Var clip(Var v, float limit) {
    return limit == Float.POSITIVE_INFINITY ? v : v.activate(Activation.clip(limit));
  }

  private Var gate(Var z, int i) {
    return Gates.gate(z, i, hiddenSize);
  }

  private int gateCount() {
    return gates().size();
  }

  /** The gates that are computed, in the order of their columns. */
  private List<String> gates() {
    return switch (variant.coupling()) {
      case NONE -> List.of("i", "f", "g", "o");
      case INPUT_FROM_FORGET -> List.of("f", "g", "o");
      case FORGET_FROM_INPUT -> List.of("i", "g", "o");
    };
  }
}
