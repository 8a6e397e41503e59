package dev.sluice.io.keras;

import static dev.sluice.io.ModelFileException.shown;

import dev.sluice.io.StoredTensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes configurations of layers of which a file holds nothing but the arrays, from names and shapes. What
 * those do not tell is presumed as Keras would by default, and said in the notes.
 */
final class Inference {
  /** Of a layer that cannot be told, so that it is supported nowhere. */
  private static final String UNKNOWN = "unknown";

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final SequencedMap<String, List<StoredTensor>> arrays;
  private final String version;
  private final Optional<String> recurrentActivation;
  private final Notes notes;

  /**
   * Knows what there is to know.
   *
   * @param arrays by the name of the layer
   * @param version of the Keras that wrote the file; may be empty
   * @param recurrentActivation of gates, if the user says it
   */
  Inference(
      SequencedMap<String, List<StoredTensor>> arrays,
      String version,
      Optional<String> recurrentActivation,
      Notes notes) {
    this.arrays = arrays;
    this.version = version;
    this.recurrentActivation = recurrentActivation;
    this.notes = notes;
  }

  /**
   * The layers with arrays.
   *
   * @param ordered whether the file has them in their order; otherwise embeddings come first and dense
   *     layers last
   */
  List<LayerConfig> layers(boolean ordered) {
    List<String> names =
        new ArrayList<>(arrays.keySet().stream().filter(n -> !of(n).isEmpty()).toList());
    List<String> without = arrays.keySet().stream().filter(n -> of(n).isEmpty()).toList();
    if (!ordered) {
      names.sort(
          Comparator.<String>comparingInt(name -> place(kind(name)))
              .thenComparingInt(Keras3Arrays::number)
              .thenComparing(Comparator.naturalOrder()));
    }
    notes.add(
        "the file holds weights only; by names and shapes these are %s",
        String.join(", ", names.stream().map(n -> "%s (%s)".formatted(n, kind(n))).toList()));
    List<LayerConfig> layers = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      Optional<String> next =
          i + 1 < names.size() ? Optional.of(names.get(i + 1)) : Optional.empty();
      layers.add(layer(names.get(i), next));
    }
    if (!without.isEmpty()) {
      notes.add(
          "what layers without weights do is not in the file, so these are left out: %s",
          shown(without));
    }
    return layers;
  }

  private LayerConfig layer(String name, Optional<String> next) {
    String kind = kind(name);
    ObjectNode settings = JSON.objectNode();
    switch (kind) {
      case "Embedding" -> notes.addFor(name, "mask_zero is presumed to be false");
      case "Dense" -> {
        settings.put("use_bias", of(name).size() == 2);
        notes.addFor(name, "the activation is presumed to be linear");
      }
      case "Bidirectional" -> setBidirectional(settings, name, next);
      case UNKNOWN -> {}
      default -> setRecurrent(settings, name, kind, of(name), next);
    }
    return new LayerConfig(kind, name, settings);
  }

  private void setBidirectional(ObjectNode settings, String name, Optional<String> next) {
    List<StoredTensor> forward = of(name).subList(0, of(name).size() / 2);
    String kind = recurrentKind(forward);
    ObjectNode inner = JSON.objectNode();
    setRecurrent(inner, name, kind, forward, next);
    settings.putObject("layer").put("class_name", kind).set("config", inner);
    int units = units(forward);
    boolean merged =
        next.isPresent()
            && of(next.get()).getFirst().shape().stream().findFirst().equals(Optional.of(units));
    settings.put("merge_mode", merged ? "sum" : "concat");
    if (merged) {
      notes.addFor(
          name,
          "merge_mode is sum, mul or ave by the width of what follows, and is presumed to be sum");
    }
  }

  private void setRecurrent(
      ObjectNode settings,
      String name,
      String kind,
      List<StoredTensor> own,
      Optional<String> next) {
    settings.put("units", units(own));
    settings.put("use_bias", own.size() != 2);
    if (kind.equals("GRU")) {
      settings.put("reset_after", own.size() == 3 && own.getLast().shape().size() == 2);
    }
    boolean sequences = next.isPresent() && readsSequences(next.get());
    settings.put("return_sequences", sequences);
    if (!sequences || kind(next.get()).equals(UNKNOWN)) {
      notes.addFor(name, "return_sequences is presumed to be %s", sequences);
    }
    notes.addFor(name, "the activation is presumed to be tanh");
    if (kind.equals("LSTM") || kind.equals("GRU")) {
      setGates(settings, name);
    }
    if (kind.equals("GRU") && own.size() == 2) {
      notes.addFor(name, "reset_after is presumed to be false");
    }
  }

  private void setGates(ObjectNode settings, String name) {
    String usual = hardByDefault() ? "hard_sigmoid" : "sigmoid";
    settings.put("recurrent_activation", recurrentActivation.orElse(usual));
    if (recurrentActivation.isEmpty()) {
      notes.addFor(
          name,
          "the recurrent_activation is presumed to be %s, the default of %s;"
              + " --recurrent-activation %s if it was that",
          usual,
          version.isEmpty()
              ? (hardByDefault() ? "Keras 1" : "Keras since 2.3")
              : "Keras " + version,
          hardByDefault() ? "sigmoid" : "hard_sigmoid");
    }
  }

  /** Keras before 2.3; 2.2.4-tf was written by TensorFlow 1 and 2 alike. */
  private boolean hardByDefault() {
    boolean keras1 = version.isEmpty() && arrays.values().stream().anyMatch(a -> a.size() >= 9);
    return keras1 || (version.matches("1\\..*|2\\.[012]\\..*") && !version.equals("2.2.4-tf"));
  }

  private boolean readsSequences(String name) {
    return switch (kind(name)) {
      case "Dense", "Embedding" -> name.startsWith("time_distributed");
      default -> true;
    };
  }

  private String kind(String name) {
    List<StoredTensor> own = of(name);
    boolean twoWays =
        name.startsWith("bidirectional")
            || own.stream().anyMatch(array -> array.name().contains("backward"));
    if (twoWays && own.size() % 2 == 0) {
      boolean known = !recurrentKind(own.subList(0, own.size() / 2)).equals(UNKNOWN);
      return known ? "Bidirectional" : UNKNOWN;
    }
    boolean matrix = own.getFirst().shape().size() == 2;
    boolean vector = own.size() == 2 && own.get(1).shape().size() == 1;
    if (matrix && own.size() == 1) {
      String array = own.getFirst().name();
      boolean table = array.contains("embeddings") || name.startsWith("embedding");
      boolean kernel = array.contains("kernel") || name.startsWith("dense");
      return table ? "Embedding" : kernel ? "Dense" : UNKNOWN;
    }
    return matrix && vector ? "Dense" : recurrentKind(own);
  }

  /** By the ratio of columns to units; the bias of CuDNN has two halves. */
  private static String recurrentKind(List<StoredTensor> own) {
    if (own.size() == 12) {
      return "LSTM";
    }
    if (own.size() == 9) {
      return "GRU";
    }
    boolean fits =
        (own.size() == 2 || own.size() == 3)
            && own.get(0).shape().size() == 2
            && own.get(1).shape().size() == 2
            && own.get(1).shape().getFirst() > 0;
    if (!fits) {
      return UNKNOWN;
    }
    int width = own.get(1).shape().getLast();
    boolean cudnn = own.size() == 3 && own.get(2).shape().equals(List.of(2 * width));
    return switch ((double) width / own.get(1).shape().getFirst() + (cudnn ? " CuDNN" : "")) {
      case "1.0" -> "SimpleRNN";
      case "3.0" -> "GRU";
      case "4.0" -> "LSTM";
      case "3.0 CuDNN" -> "CuDNNGRU";
      case "4.0 CuDNN" -> "CuDNNLSTM";
      default -> UNKNOWN;
    };
  }

  private static int units(List<StoredTensor> own) {
    return own.get(1).shape().getFirst();
  }

  private static int place(String kind) {
    return switch (kind) {
      case "Embedding" -> 0;
      case "Dense" -> 2;
      default -> 1;
    };
  }

  private List<StoredTensor> of(String name) {
    return arrays.getOrDefault(name, List.of());
  }
}
