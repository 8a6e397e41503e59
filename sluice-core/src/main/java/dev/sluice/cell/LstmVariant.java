package dev.sluice.cell;

import dev.sluice.tape.Activation;
import java.util.function.Consumer;

/**
 * What a {@link LstmVariantCell} does beyond the plain LSTM; any of it together. Starts from {@link
 * #PLAIN} or {@link #TF1}, changed by the {@code with} methods:
 *
 * <pre>
 *   LstmVariant.TF1.withPeepholes().withProjection(128).withCellClip(3)
 * </pre>
 *
 * @param bias whether there are b_ih and b_hh
 * @param forgetBias added to the forget gate before its activation at run time, and not stored in a
 *     bias; TF1's {@code forget_bias}
 * @param peepholes whether i and f see the old c, and o the new one (Gers and Schmidhuber 2000)
 * @param coupling whether one of the gates i and f is 1 minus the other
 * @param projectionSize P, width to which h is projected before it is the output (Sak et al. 2014);
 *     0: not at all
 * @param cellClip the new c is clipped to ± this; infinite: not at all; 0 makes it 0, as in TF1's {@code
 *     LSTMCell}
 * @param projectionClip the projected h is clipped to ± this; infinite: not at all
 * @param gate in place of σ, for i, f and o
 * @param candidate in place of tanh, for g
 * @param output in place of tanh, for c' on its way to h'
 * @param candidateDropout probability with which elements of g are dropped in training, anew in each
 *     step: recurrent dropout without loss of memory (Semeniuta et al. 2016)
 */
public record LstmVariant(
    boolean bias,
    float forgetBias,
    boolean peepholes,
    Coupling coupling,
    int projectionSize,
    float cellClip,
    float projectionClip,
    Activation gate,
    Activation candidate,
    Activation output,
    float candidateDropout) {
  /** Which of the gates i and f is computed, and which is 1 minus the other. */
  public enum Coupling {
    /** Both are computed. */
    NONE,
    /** i = 1 - f: TF1's {@code CoupledInputForgetGateLSTMCell}, TFLite's CIFG (Greff et al. 2017). */
    INPUT_FROM_FORGET,
    /** f = 1 - i: ONNX's {@code input_forget}. */
    FORGET_FROM_INPUT
  }

  /** The formula of {@link LstmCell}, with biases. */
  public static final LstmVariant PLAIN = new Draft().variant();

  /** TF1's default: a forget bias of 1, added at run time. */
  public static final LstmVariant TF1 = PLAIN.withForgetBias(1);

  /** Fails when a size, a limit or a probability is out of range. */
  public LstmVariant {
    require(projectionSize >= 0, "a projection has at least 1 unit (0: none), got", projectionSize);
    require(cellClip >= 0, "c is clipped to ±limit, and the limit is at least 0, got", cellClip);
    require(
        projectionClip >= 0,
        "the projection is clipped to ±limit, and the limit is at least 0, got",
        projectionClip);
    require(
        candidateDropout >= 0 && candidateDropout < 1,
        "dropout must be in [0, 1), got",
        candidateDropout);
  }

  public LstmVariant withoutBias() {
    return with(v -> v.bias = false);
  }

  public LstmVariant withForgetBias(float added) {
    return with(v -> v.forgetBias = added);
  }

  public LstmVariant withPeepholes() {
    return with(v -> v.peepholes = true);
  }

  public LstmVariant withCoupling(Coupling gates) {
    return with(v -> v.coupling = gates);
  }

  public LstmVariant withProjection(int size) {
    return with(v -> v.projectionSize = size);
  }

  public LstmVariant withCellClip(float limit) {
    return with(v -> v.cellClip = limit);
  }

  public LstmVariant withProjectionClip(float limit) {
    return with(v -> v.projectionClip = limit);
  }

  /** In ONNX's words f, g and h. Keras and TF1 take the same function for the last two. */
  public LstmVariant withActivations(Activation gates, Activation candidates, Activation outputs) {
    return with(
        v -> {
          v.gate = gates;
          v.candidate = candidates;
          v.output = outputs;
        });
  }

  public LstmVariant withCandidateDropout(float probability) {
    return with(v -> v.candidateDropout = probability);
  }

  private LstmVariant with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.variant();
  }

  private static void require(boolean holds, String rule, float got) {
    if (!holds) {
      throw new IllegalArgumentException(rule + " " + got);
    }
  }

  /** The plain LSTM, or a copy of a variant, to be changed by assignment. */
  private static final class Draft {
    private boolean bias = true;
    private float forgetBias;
    private boolean peepholes;
    private Coupling coupling = Coupling.NONE;
    private int projectionSize;
    private float cellClip = Float.POSITIVE_INFINITY;
    private float projectionClip = Float.POSITIVE_INFINITY;
    private Activation gate = Activation.SIGMOID;
    private Activation candidate = Activation.TANH;
    private Activation output = Activation.TANH;
    private float candidateDropout;

    Draft() {}

    Draft(LstmVariant v) {
      bias = v.bias;
      forgetBias = v.forgetBias;
      peepholes = v.peepholes;
      coupling = v.coupling;
      projectionSize = v.projectionSize;
      cellClip = v.cellClip;
      projectionClip = v.projectionClip;
      gate = v.gate;
      candidate = v.candidate;
      output = v.output;
      candidateDropout = v.candidateDropout;
    }

    LstmVariant variant() {
      return new LstmVariant(
          bias,
          forgetBias,
          peepholes,
          coupling,
          projectionSize,
          cellClip,
          projectionClip,
          gate,
          candidate,
          output,
          candidateDropout);
    }
  }
}
