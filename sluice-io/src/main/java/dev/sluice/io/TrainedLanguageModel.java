package dev.sluice.io;

import dev.sluice.model.LanguageModel;
import dev.sluice.parameter.Parameters;
import java.util.Optional;

/**
 * A language model and how it came to be.
 *
 * @param provenance its examples are tokens, its lines those of the texts
 */
public record TrainedLanguageModel(
    LanguageModel model, Provenance provenance, Validation validation) implements StoredModel {
  /**
   * How the best epoch was chosen.
   *
   * @param streams how many the validation text was cut into
   * @param loss of the best epoch, if there is one, in nats for each token
   */
  public record Validation(int streams, Optional<Double> loss) {}

  @Override
  public Parameters parameters() {
    return model.parameters();
  }
}
