package dev.sluice.io;

import dev.sluice.parameter.Parameters;

/** What a {@link ModelDirectory} can hold: one type for each task. */
public sealed interface StoredModel
    permits ForecastingModel,
        LabellingModel,
        StoredNetwork,
        TrainedClassifier,
        TrainedLanguageModel {
  /** Its weights, under PyTorch's names. */
  Parameters parameters();
}
