package dev.sluice.io.onnx;

import java.util.HashMap;
import java.util.Map;

/**
 * Names of layers, all different. A weight that is stored as PyTorch stores it tells the module it is of
 * ({@code head.1.weight}), and so does the path of a node ({@code /head/head.1/Gemm}); else a layer is
 * called what it is.
 */
final class LayerNames {
  private static final String WEIGHT = ".weight";
  private static final int LONGEST_PATH = 200;

  private final Map<String, Integer> taken = new HashMap<>(); // how often

  /**
   * The name of the layer that {@code node} is.
   *
   * @param weight the number of the input that is its weight
   */
  String of(OnnxNode node, int weight, String otherwise) {
    String stored = node.input(weight).orElse("");
    if (stored.endsWith(WEIGHT)) {
      return fresh(stored.substring(0, stored.length() - WEIGHT.length()));
    }
    String module = module(node.name());
    return fresh(module.isEmpty() ? otherwise : module);
  }

  /** {@code name}, or one like it that no layer has. */
  String fresh(String name) {
    int times = taken.merge(name, 1, Integer::sum);
    return times == 1 ? name : fresh("%s_%d".formatted(name, times - 1));
  }

  /** The modules around a node; one whose name begins with that of the one around it says both. */
  private static String module(String path) {
    if (path.length() > LONGEST_PATH) {
      return "";
    }
    String[] parts = path.split("/", -1);
    String module = "";
    String around = "";
    for (int i = 0; i < parts.length - 1; i++) {
      boolean says = !around.isEmpty() && parts[i].startsWith(around + ".");
      String outer = says ? module.substring(0, module.length() - around.length()) : module + ".";
      module = module.isEmpty() ? parts[i] : outer + parts[i];
      around = parts[i];
    }
    return module;
  }
}
