package dev.sluice.io.tensorflow;

import dev.sluice.io.StoredTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * What a checkpoint or a graph holds.
 *
 * @param tensors by name
 * @param unread names of what is of a type that Sluice has no use for
 */
record Contents(SequencedMap<String, StoredTensor> tensors, List<String> unread) {
  /** Nothing yet. */
  Contents() {
    this(new LinkedHashMap<>(), new ArrayList<>());
  }
}
