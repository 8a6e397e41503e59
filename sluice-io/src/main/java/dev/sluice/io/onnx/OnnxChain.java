package dev.sluice.io.onnx;

import dev.sluice.parameter.ParameterSpec;
import dev.sluice.parameter.Parameters;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A network that is a chain of steps, each reading what the one before it gives: what {@link OnnxFile}
 * recognises in a graph, and what {@link OnnxWriter} writes.
 *
 * @param layout how the input stands
 * @param ports which optional inputs and outputs there are
 * @param steps in their order
 * @param parameters the weights of all steps, by the names that the steps give them
 */
public record OnnxChain(
    Layout layout, Set<Port> ports, List<OnnxStep> steps, Parameters parameters) {
  /** How the input stands; an output of all steps stands likewise. Tokens have no feature axis. */
  public enum Layout {
    /** (T, B, features): PyTorch's default. */
    TIME_MAJOR,
    /** (B, T, features): PyTorch's {@code batch_first}, Keras. */
    BATCH_MAJOR,
    /** (B, features): one step for each run, for streams whose state is passed in and out. */
    ONE_STEP
  }

  /** Optional inputs and outputs. */
  public enum Port {
    /** An input with the number of steps of each sequence, (B). */
    LENGTHS,
    /** Inputs for the initial state of each recurrent step, parts of (layers · directions, B, size). */
    INITIAL_STATES,
    /** Outputs for the final states, likewise. */
    FINAL_STATES
  }

  /** Copies the collections. */
  public OnnxChain {
    ports = Set.copyOf(ports);
    steps = List.copyOf(steps);
  }

  /** The parameters that {@code steps} need, in their order. */
  public static List<ParameterSpec> parameters(List<OnnxStep> steps) {
    return steps.stream().flatMap(OnnxChain::parametersOf).toList();
  }

  private static Stream<ParameterSpec> parametersOf(OnnxStep step) {
    return switch (step) {
      case OnnxStep.Embed embed -> embed.embedding().parameters().stream();
      case OnnxStep.Recur recur -> recur.recurrent().parameters().stream();
      case OnnxStep.Affine affine -> affine.dense().parameters().stream();
      case OnnxStep.LastStep last -> Stream.of();
      case OnnxStep.Activate activate -> Stream.of();
      case OnnxStep.Softmax softmax -> Stream.of();
    };
  }
}
