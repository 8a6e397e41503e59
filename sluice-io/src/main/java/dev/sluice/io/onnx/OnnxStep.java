package dev.sluice.io.onnx;

import dev.sluice.layer.Dense;
import dev.sluice.layer.Embedding;
import dev.sluice.layer.Recurrent;
import dev.sluice.tape.Activation;

/** One step of an {@link OnnxChain}. Shapes are for T steps of B sequences; either of them may be first. */
public sealed interface OnnxStep {
  /** The vectors of tokens, (T, B) to (T, B, width); the first step, or none at all. */
  record Embed(Embedding embedding) implements OnnxStep {}

  /**
   * Recurrent layers, one or several, (T, B, inputs) to (T, B, features).
   *
   * @param recurrent the layers; its dropout is left out
   * @param reverse whether every layer reads from the last step to the first, outputs standing where their
   *     steps stand; not with two directions
   * @param returnSequences whether the output is that of all steps; otherwise it is (B, features), the last
   *     that each direction of the last layer reads
   */
  record Recur(Recurrent recurrent, boolean reverse, boolean returnSequences) implements OnnxStep {
    /** Fails when layers of two directions are to be read in reverse. */
    public Recur {
      if (reverse && recurrent.bidirectional()) {
        throw new IllegalArgumentException(
            recurrent.name() + ": layers of two directions cannot be read in reverse");
      }
    }
  }

  /** The output at the last step, (T, B, n) to (B, n). */
  record LastStep() implements OnnxStep {}

  /** b + x·W of each step, or of a vector. */
  record Affine(Dense dense) implements OnnxStep {}

  /** A function of each number. */
  record Activate(Activation activation) implements OnnxStep {}

  /**
   * Probabilities of each step, or of a vector.
   *
   * @param logarithm whether their logarithm is taken: {@code LogSoftmax}
   */
  record Softmax(boolean logarithm) implements OnnxStep {}
}
