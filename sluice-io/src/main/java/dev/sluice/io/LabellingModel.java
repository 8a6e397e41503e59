package dev.sluice.io;

import dev.sluice.data.Labels;
import dev.sluice.layer.Recurrent;
import java.util.List;

/** A model that gives labels, other than one for a text, and how it came to be. */
public sealed interface LabellingModel extends StoredModel
    permits TrainedSeriesClassifier, TrainedSetPredictor, TrainedTagger {
  /** The labels it gives. */
  Labels labels();

  /** All its recurrent layers. */
  List<Recurrent> recurrent();

  /** Where it comes from. */
  Provenance provenance();
}
