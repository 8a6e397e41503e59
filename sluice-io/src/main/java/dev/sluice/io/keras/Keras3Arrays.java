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
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code model.weights.h5} of Keras 3: groups named after the kind of layer and numbered among those of
 * its kind, {@code layers/lstm_1/cell/vars/0}, whatever the name of the layer. So of the layers of one kind
 * the first has the group with the lowest number, and so on.
 */
final class Keras3Arrays implements LayerArrays {
  /** Where layers are; the second is that of tf.keras 2.12 to 2.15, which skips numbers. */
  private static final List<String> FOLDERS = List.of("layers", "_layer_checkpoint_dependencies");

  private static final Pattern NUMBERED = Pattern.compile(".*_(\\d{1,6})");

  /** Groups inside of a layer's, in the order of their arrays. */
  private static final List<String> TWO_WAYS = List.of("forward_layer", "backward_layer");

  private static final List<String> ONE_WAY = List.of("cell", "layer");
  private static final int DEEPEST = 4; // forward_layer/cell inside of a layer's layer

  private final SequencedMap<String, List<StoredTensor>> arrays = new LinkedHashMap<>(); // by group
  private final Map<String, String> groups = new HashMap<>(); // by the name of the layer

  /**
   * The arrays in the file of {@code root}.
   *
   * @param configs the layers in their order in the model; none when they are not known
   */
  Keras3Arrays(Hdf5Group root, List<LayerConfig> configs) {
    Map<String, SortedMap<Integer, String>> byKind = new HashMap<>();
    Hdf5Group layers = layers(root).orElse(root);
    for (String name : layers.names()) {
      List<StoredTensor> own = layers.group(name).map(Keras3Arrays::arrays).orElse(List.of());
      if (!own.isEmpty()) {
        arrays.put(name, own);
        byKind.computeIfAbsent(kind(name), kind -> new TreeMap<>()).put(number(name), name);
      }
    }
    for (LayerConfig layer : configs) {
      SortedMap<Integer, String> left = byKind.get(snakeCase(layer.kind()));
      if (left != null && !left.isEmpty()) {
        groups.put(layer.name(), left.remove(left.firstKey()));
      }
    }
  }

  /** Whether there are weights in this form. */
  static boolean are(Hdf5Group root) {
    return layers(root).isPresent();
  }

  @Override
  public List<StoredTensor> of(LayerConfig layer) {
    return arrays.getOrDefault(groups.getOrDefault(layer.name(), layer.name()), List.of());
  }

  @Override
  public SequencedMap<String, List<StoredTensor>> all() {
    return arrays;
  }

  /** {@code lstm} of {@code lstm_3}. */
  private static String kind(String group) {
    return group.replaceFirst("_\\d{1,6}$", "");
  }

  /** 3 of {@code lstm_3}, 0 of {@code lstm}. */
  static int number(String group) {
    Matcher numbered = NUMBERED.matcher(group);
    return numbered.matches() ? Integer.parseInt(numbered.group(1)) : 0;
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
    boolean twoWays = group.group("forward_layer").isPresent();
    for (String part : twoWays ? TWO_WAYS : ONE_WAY) {
      Optional<Hdf5Group> inner = depth == 0 ? Optional.empty() : group.group(part);
      inner.ifPresent(found -> collect(found, depth - 1, arrays));
    }
  }
}
