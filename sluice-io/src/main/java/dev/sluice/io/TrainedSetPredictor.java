package dev.sluice.io;

import dev.sluice.data.Labels;
import dev.sluice.layer.Recurrent;
import dev.sluice.model.SetPredictor;
import dev.sluice.parameter.Parameters;
import java.util.List;

/** A predictor of label sets and how it came to be. */
public record TrainedSetPredictor(SetPredictor model, Provenance provenance)
    implements LabellingModel {
  @Override
  public Parameters parameters() {
    return model.parameters();
  }

  @Override
  public Labels labels() {
    return model.labels();
  }

  @Override
  public List<Recurrent> recurrent() {
    return List.of(model.recurrent());
  }
}
