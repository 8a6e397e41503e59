package dev.sluice.io.keras;

import dev.sluice.io.StoredTensor;
import java.util.List;
import java.util.SequencedMap;

/** The weights of layers, as one of Keras's files groups them. */
interface LayerArrays {
  /**
   * The arrays of a layer in Keras's order: kernel, recurrent kernel, bias; of Bidirectional those of the
   * forward layer before those of the backward one. None when the file has none for it.
   */
  List<StoredTensor> of(LayerConfig layer);

  /** All layers with arrays by name: what is known when there is no configuration. */
  SequencedMap<String, List<StoredTensor>> all();
}
