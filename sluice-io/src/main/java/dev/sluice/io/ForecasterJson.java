package dev.sluice.io;

import dev.sluice.cell.CellKind;
import dev.sluice.data.StandardScaler;
import dev.sluice.model.Forecaster;
import java.nio.file.Path;
import java.util.List;

/** The part of config.json that describes a forecaster, key by key, and back. */
record ForecasterJson(
    String cell,
    int hidden,
    int layers,
    float dropout,
    int window,
    int horizon,
    int residual,
    boolean relative,
    boolean autoregressive,
    List<String> inputs,
    List<String> outputs) {
  static ForecasterJson of(Forecaster forecaster) {
    Forecaster.Config config = forecaster.config();
    return new ForecasterJson(
        ModelConfig.inFile(config.cell()),
        config.hidden(),
        config.layers(),
        config.dropout(),
        config.window(),
        config.horizon(),
        config.residual(),
        config.relative(),
        config.autoregressive(),
        forecaster.columns().inputs(),
        forecaster.columns().outputs());
  }

  /** The forecaster with the weights and the scaler that are stored beside {@code file}. */
  Forecaster read(Path file, ModelFiles files) {
    Forecaster.Config config = config(file);
    Forecaster.Columns columns = columns(file);
    StandardScaler scaler = ScalerFile.read(files);
    if (scaler.channels() != columns.all().size()) {
      throw new ModelFileException(
          file,
          "%d columns, but %s has %d; do the files belong together?"
              .formatted(columns.all().size(), ModelFiles.SCALER, scaler.channels()));
    }
    double units = hidden;
    double given = (double) horizon * outputs.size();
    double atLeast = units * (inputs.size() + units * layers) + given * units;
    return files.read(
        atLeast + (autoregressive ? (double) window * horizon : 0),
        () -> new Forecaster(config, columns, scaler),
        Forecaster::parameters);
  }

  private Forecaster.Config config(Path file) {
    CellKind kind = ModelConfig.constant(file, "architecture.cell", cell, CellKind.class);
    try {
      return new Forecaster.Config(
          kind, hidden, layers, dropout, window, horizon, residual, relative, autoregressive);
    } catch (IllegalArgumentException e) {
      throw new ModelFileException(file, e.getMessage() + "; was the file edited?", e);
    }
  }

  private Forecaster.Columns columns(Path file) {
    try {
      return new Forecaster.Columns(inputs, outputs);
    } catch (IllegalArgumentException e) {
      throw new ModelFileException(file, e.getMessage() + "; was the file edited?", e);
    }
  }
}
