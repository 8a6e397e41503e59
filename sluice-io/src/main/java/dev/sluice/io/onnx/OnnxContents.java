package dev.sluice.io.onnx;

import java.util.List;
import java.util.Optional;

/**
 * What {@link OnnxReader} finds in an ONNX model: a whole network, or recurrent layers among other things.
 *
 * @param network the model, when it is a chain of layers
 * @param layers otherwise its recurrent nodes with constant weights, also those inside of the branches of an
 *     If or the body of a Loop, in the order of the file
 * @param others otherwise its other nodes, each as its operator and its name in quotes; computed constants are
 *     left out
 * @param obstacle otherwise what is no part of a chain, in words
 */
public record OnnxContents(
    Optional<OnnxNetwork> network, List<OnnxLayer> layers, List<String> others, String obstacle) {
  /** Copies the lists. */
  public OnnxContents {
    layers = List.copyOf(layers);
    others = List.copyOf(others);
  }
}
