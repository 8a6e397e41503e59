package dev.sluice.io.onnx;

import java.util.List;
import java.util.Map;

/**
 * A graph as a file holds it: GraphProto of <a
 * href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">onnx.proto</a>.
 *
 * @param nodes in the order in which they run
 * @param initializers constants by name
 * @param inputs what a run gives, initializers left out
 * @param outputs names of values
 */
record OnnxGraph(
    List<OnnxNode> nodes,
    Map<String, Constant> initializers,
    List<Input> inputs,
    List<String> outputs) {
  /** The size of an axis that each run chooses. */
  static final int ANY = -1;

  /**
   * An input.
   *
   * @param real whether it holds floating-point numbers
   * @param shape its sizes, {@link #ANY} where open; empty also when the file does not say
   */
  record Input(String name, boolean real, List<Integer> shape) {}
}
