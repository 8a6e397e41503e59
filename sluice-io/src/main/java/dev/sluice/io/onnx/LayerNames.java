package dev.sluice.io.onnx;

import java.util.HashMap;
import java.util.Map;

/**
 * Names of layers, all different: where the exporter's module was, as PyTorch would call it, when the name of
 * the node tells ({@code /decoder/rnn/LSTM} is {@code decoder.rnn}), else what the layer is.
 */
final class LayerNames {
  private final Map<String, Integer> taken = new HashMap<>(); // how often

  /** The name of the layer that {@code node} is. */
  String of(OnnxNode node, String otherwise) {
    String path = node.name().startsWith("/") ? node.name().substring(1) : node.name();
    int end = path.lastIndexOf('/');
    return fresh(end < 1 ? otherwise : path.substring(0, end).replace('/', '.'));
  }

  /** {@code name}, or one like it that no layer has. */
  String fresh(String name) {
    int times = taken.merge(name, 1, Integer::sum);
    return times == 1 ? name : fresh("%s_%d".formatted(name, times - 1));
  }
}
