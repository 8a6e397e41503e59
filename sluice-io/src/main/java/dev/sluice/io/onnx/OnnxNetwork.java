package dev.sluice.io.onnx;

import dev.sluice.network.Network;
import dev.sluice.network.RecurrentLayer;
import java.util.Set;

/**
 * A network as an ONNX model holds it: what {@link OnnxFile} recognises in a graph, and what {@link
 * OnnxWriter} writes.
 *
 * @param network the layers and their weights
 * @param layout how the input stands
 * @param ports which optional inputs and outputs there are
 */
public record OnnxNetwork(Network network, Layout layout, Set<Port> ports) {
  /**
   * How the input stands; an output of all steps stands likewise. Inputs that are tokens have no axis for
   * features.
   */
  public enum Layout {
    /** (T, B, features): PyTorch's default. */
    TIME_MAJOR,
    /** (B, T, features): PyTorch's {@code batch_first}, Keras. */
    BATCH_MAJOR,
    /** (B, features): one step in each run, for streams whose state is passed in and out. */
    ONE_STEP
  }

  /** Optional inputs and outputs. */
  public enum Port {
    /** An input with the number of real steps of each sequence, (B). */
    LENGTHS,
    /** Inputs for the initial state of each recurrent layer, parts of (cells, B, size). */
    INITIAL_STATES,
    /** Outputs for the final states, likewise. */
    FINAL_STATES
  }

  /** Copies the ports. */
  public OnnxNetwork {
    ports = Set.copyOf(ports);
  }

  /**
   * What the input or output for a state of {@code layer} is called in files that Sluice writes: {@code
   * h0}, or {@code NAME.h0} when the network has several recurrent layers.
   *
   * @param part h0, c0, h_n or c_n
   */
  public String port(RecurrentLayer layer, String part) {
    return network.recurrentLayers().size() == 1 ? part : layer.name() + "." + part;
  }
}
