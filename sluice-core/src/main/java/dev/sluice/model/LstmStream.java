package dev.sluice.model;

import dev.sluice.kernel.StepKernels;
import dev.sluice.kernel.StepWeights;
import java.util.List;

/**
 * An LSTM by its step kernel.
 *
 * <p>Memory: x (I) and h (H), side by side because one product takes both, and c, padded to the
 * kernel's units. Scratch: the next h.
 *
 * @param input where x is found
 * @param at where its own memory begins
 * @param weights of both x and h
 */
record LstmStream(
    int input,
    int at,
    int inputSize,
    int hiddenSize,
    float forgetBias,
    StepKernels kernels,
    StepWeights weights)
    implements StreamLayer {
  @Override
  public String description() {
    return "LSTM %d -> %d, step kernel".formatted(inputSize, hiddenSize);
  }

  @Override
  public int memory() {
    return inputSize + hiddenSize + weights.layout().paddedUnits();
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
    return List.of(new Span(output(), hiddenSize), new Span(c(), hiddenSize));
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
    kernels.lstm(weights, forgetBias, memory, at, c(), scratch, from, to);
  }

  @Override
  public void finish(float[] memory, int scratch) {
    System.arraycopy(memory, scratch, memory, output(), hiddenSize);
  }

  private int c() {
    return at + inputSize + hiddenSize;
  }
}
