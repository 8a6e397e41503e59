package dev.sluice.io.pytorch;

import dev.sluice.network.LastStepLayer;
import dev.sluice.network.NetworkLayer;
import dev.sluice.network.RecurrentLayer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a state dict does not say about its network. What is not given here is taken as PyTorch's default,
 * with a note.
 *
 * @param nonlinearity of {@code nn.RNN}
 * @param output what layers after the last recurrent one read
 */
public record StateDictOptions(Optional<Nonlinearity> nonlinearity, Optional<Output> output) {
  /** Nothing is known. */
  public static final StateDictOptions NONE =
      new StateDictOptions(Optional.empty(), Optional.empty());

  /** The activation of {@code nn.RNN}. */
  public enum Nonlinearity {
    TANH,
    RELU
  }

  /** What is made of the output of the last recurrent layer. */
  public enum Output {
    /** Every step: {@code head(output)}. */
    STEPS,
    /** The last step: {@code head(output[:, -1])}, of each sequence its last real step. */
    LAST_STEP,
    /** The final h of the top layer, both directions side by side: {@code head(torch.cat(...h_n...))}. */
    FINAL_STATE;

    /** {@code layers} with this as the output of the last recurrent one. */
    public List<NetworkLayer> of(List<? extends NetworkLayer> layers) {
      List<NetworkLayer> changed = new ArrayList<>(layers);
      int last = changed.size() - 1;
      while (last >= 0 && !(changed.get(last) instanceof RecurrentLayer)) {
        last--;
      }
      if (last >= 0 && changed.get(last) instanceof RecurrentLayer layer) {
        changed.set(
            last,
            new RecurrentLayer(
                layer.recurrent(),
                layer.merge(),
                layer.reading(),
                layer.fill(),
                this != FINAL_STATE));
        if (this == LAST_STEP) {
          changed.add(last + 1, new LastStepLayer("last_step"));
        }
      }
      return changed;
    }
  }
}
