package dev.sluice.golden;

import dev.sluice.io.SafetensorsFile;
import dev.sluice.io.StoredTensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Reads a case that libtorch computed: a safetensors file with parameters, inputs, results and
 * gradients under the names of {@link PyTorchModule#toCase}, and with the module in its metadata.
 */
final class TorchSafetensors {
  private TorchSafetensors() {}

  static GoldenCase read(Path path) {
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      Map<String, GoldenTensor> others = new LinkedHashMap<>();
      file.tensors().values().stream()
          .filter(t -> !List.of("input", "lengths", "loss").contains(t.name()))
          .forEach(t -> others.put(t.name(), tensor(t)));
      List<Integer> lengths =
          file.tensors().containsKey("lengths")
              ? LongStream.of(file.tensor("lengths").longs()).mapToObj(Math::toIntExact).toList()
              : List.of();
      String name = path.toFile().getName().replace(".safetensors", "");
      return module(file.metadata()).toCase(name, tensor(file.tensor("input")), others, lengths);
    }
  }

  private static PyTorchModule module(Map<String, String> metadata) {
    return new PyTorchModule(
        get(metadata, "mode"),
        Integer.parseInt(get(metadata, "hidden_size")),
        Integer.parseInt(get(metadata, "num_layers")),
        Boolean.parseBoolean(get(metadata, "bidirectional")),
        Boolean.parseBoolean(get(metadata, "bias")),
        Boolean.parseBoolean(get(metadata, "batch_first")),
        Integer.parseInt(get(metadata, "proj_size")));
  }

  private static String get(Map<String, String> metadata, String key) {
    String value = metadata.get(key);
    if (value == null) {
      throw new IllegalStateException("the metadata of a golden file must say " + key);
    }
    return value;
  }

  private static GoldenTensor tensor(StoredTensor stored) {
    return new GoldenTensor(stored.shape(), stored.doubles());
  }
}
