package dev.sluice.io.exchange;

import dev.sluice.layer.DetachedState;
import dev.sluice.layer.PaddedBatch;
import dev.sluice.layer.State;
import dev.sluice.matrix.Matrix;
import dev.sluice.network.Features;
import dev.sluice.network.Network;
import dev.sluice.tape.Backend;
import dev.sluice.tape.Tape;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One run of a network over a padded batch, numbers in and numbers out.
 *
 * @param output (B·T, features), step t of sequence b in row b·T + t; or (B, features)
 * @param sequences whether the output is of every step
 * @param states by the name of the recurrent layer, its final state
 */
public record NetworkRun(Matrix output, boolean sequences, Map<String, DetachedState> states) {
  /**
   * Runs {@code network}.
   *
   * @param input (B·T, features), step t of sequence b in row b·T + t
   * @param initial by the name of the recurrent layer, its state, (B, size); zeros for those not named
   * @param lengths how many steps of each sequence are real
   * @throws IllegalArgumentException when the input or a state does not fit the network
   */
  public static NetworkRun of(
      Backend backend,
      Network network,
      Matrix input,
      int steps,
      Map<String, DetachedState> initial,
      int... lengths) {
    Tape tape = Tape.inference(backend, network.parameters());
    PaddedBatch batch = PaddedBatch.batchMajor(PaddedBatch.mask(steps, lengths));
    Map<String, State> states = new LinkedHashMap<>();
    initial.forEach((layer, state) -> states.put(layer, state.attach(tape)));
    Network.Result result =
        network.forward(Features.sequences(tape.constant(input), batch), states);
    Map<String, DetachedState> last = new LinkedHashMap<>();
    result.states().forEach((layer, state) -> last.put(layer, state.detach()));
    return new NetworkRun(
        result.output().data().value().copy(), result.output().steps().isPresent(), last);
  }
}
