package dev.sluice.io;

import dev.sluice.model.AnomalyDetector;
import dev.sluice.model.Forecaster;

/** A detector of anomalies and how it came to be. */
public record TrainedDetector(AnomalyDetector detector, Provenance provenance)
    implements ForecastingModel {
  @Override
  public Forecaster forecaster() {
    return detector.forecaster();
  }
}
