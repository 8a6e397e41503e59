package dev.sluice.io.exchange;

import dev.sluice.io.NetworkArchitecture;
import dev.sluice.io.pytorch.StateDictOptions;
import java.util.Optional;

/**
 * What the user says about a file.
 *
 * @param key of the state dict that is wanted, in a checkpoint that holds several
 * @param architecture the layers, in place of those that would be inferred from a state dict
 * @param unsaid what a state dict does not say
 */
public record ImportOptions(
    Optional<String> key, Optional<NetworkArchitecture> architecture, StateDictOptions unsaid) {
  /** Nothing is said. */
  public static final ImportOptions NONE =
      new ImportOptions(Optional.empty(), Optional.empty(), StateDictOptions.NONE);
}
