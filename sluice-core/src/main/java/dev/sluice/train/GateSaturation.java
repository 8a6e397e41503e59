package dev.sluice.train;

import dev.sluice.matrix.Matrix;
import dev.sluice.tape.Backend;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Watcher;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * How far the gates of recurrent layers are open or closed on a few held-out examples (Karpathy,
 * Johnson and Fei-Fei 2015, section 4.2). A gate that is nearly always closed or open does not
 * learn any more.
 */
public final class GateSaturation implements Watcher {
  /** Below it a gate is closed, above 1 - it open. */
  public static final float MARGIN = 0.1f;

  /**
   * The gates of one kind of all units of a layer.
   *
   * @param layer such as {@code lstm.l0_reverse}
   * @param gate such as {@code forget}
   * @param closed share of the values below {@link #MARGIN}
   * @param open share of the values above 1 - {@link #MARGIN}
   */
  public record Gate(String layer, String gate, double closed, double open) {}

  private record Key(String layer, String gate) {}

  private static final class Counts {
    private long closed;
    private long open;
    private long all;
  }

  private final SequencedMap<Key, Counts> counts = new LinkedHashMap<>();
  private String layer = "";

  private GateSaturation() {}

  /**
   * Looks at the gates of what {@code objective} learns, in the order in which they are computed.
   */
  public static List<Gate> measure(Backend backend, Objective objective) {
    GateSaturation saturation = new GateSaturation();
    objective.glance(Tape.watched(backend, objective.parameters(), saturation));
    return saturation.gates();
  }

  private List<Gate> gates() {
    return counts.entrySet().stream()
        .map(
            entry -> {
              Counts c = entry.getValue();
              return new Gate(
                  entry.getKey().layer(),
                  entry.getKey().gate(),
                  c.closed / (double) c.all,
                  c.open / (double) c.all);
            })
        .toList();
  }

  @Override
  public void layer(String name) {
    layer = name;
  }

  @Override
  public void value(String name, Matrix value) {
    Counts c = counts.computeIfAbsent(new Key(layer, name), _ -> new Counts());
    for (int row = 0; row < value.rows; row++) {
      for (int col = 0; col < value.cols; col++) {
        float gate = value.get(row, col);
        c.closed += gate < MARGIN ? 1 : 0;
        c.open += gate > 1 - MARGIN ? 1 : 0;
        c.all++;
      }
    }
  }
}
