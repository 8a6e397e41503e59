package dev.sluice.io;

import dev.sluice.model.Forecaster;
import dev.sluice.parameter.Parameters;

/** A model of a time series and how it came to be. */
public sealed interface ForecastingModel extends StoredModel
    permits TrainedDetector, TrainedForecaster {
  /** What forecasts. */
  Forecaster forecaster();

  /** Where it comes from. */
  Provenance provenance();

  @Override
  default Parameters parameters() {
    return forecaster().parameters();
  }
}
