package dev.sluice.cli;

import dev.sluice.io.ForecastingModel;
import dev.sluice.io.LabellingModel;
import dev.sluice.io.ModelDirectory;
import dev.sluice.io.StoredNetwork;
import dev.sluice.io.TrainedClassifier;
import dev.sluice.io.TrainedLanguageModel;
import dev.sluice.network.Network;
import java.nio.file.Path;

/** The models in directories as the commands for all kinds of them take them. */
final class Models {
  private Models() {}

  /**
   * The network in a model directory; a classifier as the network from its tokens to probabilities.
   *
   * @throws UserException when it is a classifier that is no network
   */
  static Network network(Path directory) {
    return switch (ModelDirectory.open(directory)) {
      case StoredNetwork stored -> stored.network();
      case ForecastingModel _, LabellingModel _ ->
          throw new UserException(directory + ": holds a model that is no chain of layers");
      case TrainedLanguageModel _ ->
          throw new UserException(
              directory + ": holds a language model, whose state goes on from text to text");
      case TrainedClassifier trained -> {
        try {
          yield trained.model().network();
        } catch (IllegalArgumentException e) {
          throw new UserException("%s: %s".formatted(directory, e.getMessage()), e);
        }
      }
    };
  }
}
