package dev.sluice.io.keras;

import static dev.sluice.io.ModelFileException.shown;

import dev.sluice.io.ModelFileException;
import dev.sluice.io.StoredTensor;
import dev.sluice.io.hdf5.Hdf5Group;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * The {@code .h5} of Keras 1 and 2, and of Keras 3 when it is asked for: a group for each layer, named
 * as the layer, with the list of its arrays.
 */
final class LegacyArrays implements LayerArrays {
  private final SequencedMap<String, List<StoredTensor>> arrays = new LinkedHashMap<>();

  /**
   * Finds all arrays.
   *
   * @param root of the file; weights are there, or in {@code model_weights} beside the configuration
   */
  LegacyArrays(Path file, Hdf5Group root) {
    Hdf5Group weights = root.group("model_weights").orElse(root);
    for (String layer : list(weights, "layer_names").orElse(List.of())) {
      Hdf5Group group = weights.group(layer).orElseThrow(() -> missing(file, "layer_names", layer));
      List<StoredTensor> found = new ArrayList<>();
      for (String name : list(group, "weight_names").orElse(List.of())) {
        found.add(group.array(name).orElseThrow(() -> missing(file, "weight_names", name)));
      }
      arrays.put(layer, found);
    }
  }

  /** Whether there are weights in this form. */
  static boolean are(Hdf5Group root) {
    return list(root.group("model_weights").orElse(root), "layer_names").isPresent();
  }

  @Override
  public List<StoredTensor> of(LayerConfig layer) {
    return arrays.getOrDefault(layer.name(), List.of());
  }

  @Override
  public SequencedMap<String, List<StoredTensor>> all() {
    return arrays;
  }

  /** Lists beyond 64 KB are split: {@code layer_names0}, {@code layer_names1}, and so on. */
  private static Optional<List<String>> list(Hdf5Group group, String name) {
    Optional<List<String>> whole = group.texts(name);
    if (whole.isPresent()) {
      return whole;
    }
    List<String> all = new ArrayList<>();
    Optional<List<String>> part = group.texts(name + 0);
    boolean found = part.isPresent();
    for (int i = 1; part.isPresent(); i++) {
      all.addAll(part.get());
      part = group.texts(name + i);
    }
    return found ? Optional.of(all) : Optional.empty();
  }

  /** A text likewise, if there is one. */
  static Optional<String> text(Hdf5Group group, String name) {
    return list(group, name).map(parts -> String.join("", parts));
  }

  private static ModelFileException missing(Path file, String list, String name) {
    return new ModelFileException(
        file,
        "%s names %s, which is not there; the file is damaged or incomplete"
            .formatted(list, shown(name)));
  }
}
