package dev.sluice.io.exchange;

import dev.sluice.io.pytorch.StateDictOptions;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the user says about a file.
 *
 * @param key of the state dict that is wanted, in a checkpoint of PyTorch that holds several
 * @param config a file with the architecture of weights that come without: of a state dict, layers as
 *     {@code config.json} lists them; of Keras's weights, what {@code model.to_json()} gives
 * @param unsaid what a state dict of PyTorch does not say
 * @param recurrentActivation of the gates, which weights of Keras without their model do not say, by
 *     Keras's name
 * @param forgetBias what a graph of TF1 adds to the forget gates at run time, which variables do not say
 */
public record ImportOptions(
    Optional<String> key,
    Optional<Path> config,
    StateDictOptions unsaid,
    Optional<String> recurrentActivation,
    Optional<Float> forgetBias) {
  /** Nothing is said. */
  public static final ImportOptions NONE =
      new ImportOptions(
          Optional.empty(),
          Optional.empty(),
          StateDictOptions.NONE,
          Optional.empty(),
          Optional.empty());
}
