package dev.sluice.io;

import dev.sluice.data.Labels;
import dev.sluice.data.TagColumn;
import dev.sluice.layer.Recurrent;
import dev.sluice.model.Tagger;
import dev.sluice.parameter.Parameters;
import java.util.List;

/**
 * A tagger and how it came to be.
 *
 * @param column of the files it learned from, in which files to be judged have the tag too
 */
public record TrainedTagger(Tagger model, TagColumn column, Provenance provenance)
    implements LabellingModel {
  @Override
  public Parameters parameters() {
    return model.parameters();
  }

  @Override
  public Labels labels() {
    return model.tags();
  }

  @Override
  public List<Recurrent> recurrent() {
    return model.recurrent();
  }
}
