package dev.sluice.model;

import dev.sluice.kernel.StepKernels;
import dev.sluice.kernel.StepWeights;
import java.util.List;

/**
 * A simple recurrent network with tanh or relu, by the step kernels.
 *
 * <p>Memory: x (I) and h (H), side by side because one product takes both. Scratch: the next h.
 *
 * @param input where x is found
 * @param at where its own memory begins
 * @param relu whether the activation is relu; else tanh
 * @param weights of both x and h
 */
record RnnStream(
    int input,
    int at,
    int inputSize,
    int hiddenSize,
    boolean relu,
    StepKernels kernels,
    StepWeights weights)
    implements StreamLayer {
  @Override
  public String description() {
    return "RNN %d -> %d, step kernel".formatted(inputSize, hiddenSize);
  }

  @Override
  public int memory() {
    return inputSize + hiddenSize;
  }

  @Override
  public int scratch() {
    return weights.layout().paddedUnits();
  }

  @Override
  public int output() {
    return at + inputSize;
  }

  @Override
  public List<Span> state() {
    return List.of(new Span(output(), hiddenSize));
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
  public void begin(float[] memory) {
    System.arraycopy(memory, input, memory, at, inputSize);
  }

  @Override
  public void compute(float[] memory, int scratch, int from, int to) {
    kernels.affine(weights, memory, at, from, to, memory, scratch);
  }

  @Override
  public void finish(float[] memory, int scratch) {
    if (relu) {
      for (int i = scratch; i < scratch + hiddenSize; i++) {
        memory[i] = Math.max(0, memory[i]);
      }
    } else {
      kernels.tanh(memory, scratch, hiddenSize);
    }
    System.arraycopy(memory, scratch, memory, output(), hiddenSize);
  }
}
