package dev.sluice.model;

import dev.sluice.kernel.StepKernels;
import dev.sluice.kernel.StepWeights;
import java.util.List;

/**
 * A GRU with its reset gate after the recurrent product, by the step kernels.
 *
 * <p>Memory: h (H). Scratch: the sums over x and those over h, which stay apart because r scales only
 * the latter.
 *
 * @param input where x is found
 * @param at where h is
 * @param ofInput weights of x
 * @param ofState weights of h, of as many panels
 */
record GruStream(
    int input,
    int at,
    int inputSize,
    int hiddenSize,
    StepKernels kernels,
    StepWeights ofInput,
    StepWeights ofState)
    implements StreamLayer {
  @Override
  public String description() {
    return "GRU %d -> %d, step kernel".formatted(inputSize, hiddenSize);
  }

  @Override
  public int memory() {
    return hiddenSize;
  }

  @Override
  public int scratch() {
    return 2 * sums();
  }

  @Override
  public int output() {
    return at;
  }

  @Override
  public List<Span> state() {
    return List.of(new Span(at, hiddenSize));
  }

  @Override
  public long weightBytes() {
    return ofInput.bytes() + ofState.bytes();
  }

  @Override
  public int panels() {
    return ofState.layout().panels();
  }

  @Override
  public void compute(float[] memory, int scratch, int from, int to) {
    kernels.affine(ofInput, memory, input, from, to, memory, scratch);
    kernels.affine(ofState, memory, at, from, to, memory, scratch + sums());
  }

  @Override
  public void finish(float[] memory, int scratch) {
    kernels.gruGates(memory, scratch, scratch + sums(), at, hiddenSize);
  }

  /** Room for 3H sums. */
  private int sums() {
    return ofState.layout().paddedUnits();
  }
}
