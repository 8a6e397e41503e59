package dev.sluice.io.keras;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/** What is to be said about a model, each thing once. */
final class Notes {
  private final SequencedSet<String> all = new LinkedHashSet<>();

  void add(String note, Object... arguments) {
    all.add(note.formatted(arguments));
  }

  List<String> all() {
    return List.copyOf(all);
  }
}
