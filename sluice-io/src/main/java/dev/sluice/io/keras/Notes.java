package dev.sluice.io.keras;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.SequencedSet;

/** What is to be said about a model: each thing once, with all the layers that it is true of. */
final class Notes {
  private final List<String> general = new ArrayList<>();
  private final SequencedMap<String, SequencedSet<String>> layers = new LinkedHashMap<>();

  /** Something about the whole file. */
  void add(String note, Object... arguments) {
    general.add(note.formatted(arguments));
  }

  /** Something about one layer. */
  void addFor(String layer, String note, Object... arguments) {
    layers.computeIfAbsent(note.formatted(arguments), n -> new LinkedHashSet<>()).add(layer);
  }

  List<String> all() {
    List<String> all = new ArrayList<>(general);
    layers.forEach((note, names) -> all.add(String.join(", ", names) + ": " + note));
    return all;
  }
}
