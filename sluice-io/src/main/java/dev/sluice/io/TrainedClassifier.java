package dev.sluice.io;

import dev.sluice.model.TextClassifier;
import dev.sluice.parameter.Parameters;

/** A text classifier and how it came to be: what a {@link ModelDirectory} holds after training. */
public record TrainedClassifier(
    TextClassifier model, Hyperparameters hyperparameters, Provenance provenance)
    implements StoredModel {
  @Override
  public Parameters parameters() {
    return model.parameters();
  }
}
