package dev.sluice.io.keras;

import dev.sluice.io.StoredTensor;
import dev.sluice.io.hdf5.Hdf5Group;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * {@code model.weights.h5} of Keras 3: groups named after the kind of layer and its number among those of
 * its kind, {@code layers/lstm_1/cell/vars/0}, whatever the name of the layer.
 */
final class Keras3Arrays implements LayerArrays {
  /** Where layers are; the second is that of tf.keras 2.12 to 2.15. */
  private static final List<String> FOLDERS = List.of("layers", "_layer_checkpoint_dependencies");

  /** Groups in which a layer keeps its arrays, in this order. */
  private static final List<String> PARTS = List.of("forward_layer", "backward_layer");

  private static final int DEEPEST = 4; // forward_layer/cell inside of a layer's layer

  private final Hdf5Group layers;
  private final Map<String, String> groups = new HashMap<>(); // by the name of the layer

  /**
   * The arrays in the file of {@code root}.
   *
   * @param configs the layers in their order in the model; none when they are not known
   */
  Keras3Arrays(Hdf5Group root, List<LayerConfig> configs) {
    layers = layers(root).orElse(root);
    Map<String, Integer> counts = new HashMap<>();
    for (LayerConfig layer : configs) {
      String kind = snakeCase(layer.kind());
      int number = counts.merge(kind, 1, Integer::sum) - 1;
      groups.put(layer.name(), number == 0 ? kind : kind + "_" + number);
    }
  }

  /** Whether there are weights in this form. */
  static boolean are(Hdf5Group root) {
    return layers(root).isPresent();
  }

  @Override
  public List<StoredTensor> of(LayerConfig layer) {
    return layers
        .group(groups.getOrDefault(layer.name(), layer.name()))
        .or(() -> layers.group(layer.name()))
        .map(Keras3Arrays::arrays)
        .orElse(List.of());
  }

  @Override
  public SequencedMap<String, List<StoredTensor>> all() {
    SequencedMap<String, List<StoredTensor>> all = new LinkedHashMap<>();
    for (String name : layers.names()) {
      layers.group(name).map(Keras3Arrays::arrays).ifPresent(arrays -> all.put(name, arrays));
    }
    return all;
  }

  /** {@code SimpleRNN} as {@code simple_rnn}, by Keras's rule. */
  static String snakeCase(String kind) {
    return kind.replaceAll("\\W+", "")
        .replaceAll("(.)([A-Z][a-z]+)", "$1_$2")
        .replaceAll("([a-z])([A-Z])", "$1_$2")
        .toLowerCase(Locale.ROOT);
  }

  private static Optional<Hdf5Group> layers(Hdf5Group root) {
    return FOLDERS.stream().flatMap(folder -> root.group(folder).stream()).findFirst();
  }

  private static List<StoredTensor> arrays(Hdf5Group layer) {
    List<StoredTensor> arrays = new ArrayList<>();
    collect(layer, DEEPEST, arrays);
    return arrays;
  }

  /** A wrapper also knows the layer from which it was made, which has no arrays of its own then. */
  private static void collect(Hdf5Group group, int depth, List<StoredTensor> arrays) {
    Optional<StoredTensor> next = group.array("vars/0");
    for (int i = 1; next.isPresent(); i++) {
      arrays.add(next.get());
      next = group.array("vars/" + i);
    }
    boolean wrapper = group.group("forward_layer").isPresent();
    List<String> parts = wrapper ? PARTS : List.of("cell", "layer");
    for (String part : parts) {
      Optional<Hdf5Group> inner = depth == 0 ? Optional.empty() : group.group(part);
      inner.ifPresent(found -> collect(found, depth - 1, arrays));
    }
  }
}
