package dev.sluice.model;

import dev.sluice.kernel.StepKernels;
import dev.sluice.kernel.StepWeights;
import java.util.List;

/**
 * A dense head by the step kernels.
 *
 * <p>Memory: its output. Scratch: the same, padded to the kernel's units.
 *
 * @param input where the output of the recurrent layers is found
 * @param at where its own memory begins
 */
record DenseStream(
    int input, int at, int inputSize, int outputSize, StepKernels kernels, StepWeights weights)
    implements StreamLayer {
  @Override
  public String description() {
    return "dense %d -> %d, step kernel".formatted(inputSize, outputSize);
  }

  @Override
  public int memory() {
    return outputSize;
  }

  @Override
  public int scratch() {
    return weights.layout().paddedUnits();
  }

  @Override
  public int output() {
    return at;
  }

  @Override
  public List<Span> state() {
    return List.of();
  }

  @Override
  public long weightBytes() {
    return weights.bytes();
  }

  @Override
  public int panels() {
    return weights.layout().panels();
  }

  @Override
  public void compute(float[] memory, int scratch, int from, int to) {
    kernels.affine(weights, memory, input, from, to, memory, scratch);
  }

  @Override
  public void finish(float[] memory, int scratch) {
    System.arraycopy(memory, scratch, memory, at, outputSize);
  }
}
