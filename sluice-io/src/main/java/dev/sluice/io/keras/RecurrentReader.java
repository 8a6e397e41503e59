package dev.sluice.io.keras;

import dev.sluice.io.dialect.Dialect;
import dev.sluice.layer.MergeMode;
import dev.sluice.layer.PaddedBatch.Fill;
import dev.sluice.layer.Recurrent;
import dev.sluice.network.RecurrentLayer;
import dev.sluice.network.RecurrentLayer.Reading;
import java.util.List;
import java.util.Set;

/** Recurrent layers, in one direction or both: what Keras sets around a cell. */
final class RecurrentReader {
  private final LayerConfig layer;
  private final ArrayReader arrays;
  private final boolean keras3;
  private final NetworkDraft draft;
  private final Notes notes;

  private RecurrentReader(
      LayerConfig layer, ArrayReader arrays, boolean keras3, NetworkDraft draft, Notes notes) {
    this.layer = layer;
    this.arrays = arrays;
    this.keras3 = keras3;
    this.draft = draft;
    this.notes = notes;
  }

  /** Adds the layer, and says whether it gives an output for every step. */
  static boolean add(
      LayerConfig layer, ArrayReader arrays, boolean keras3, NetworkDraft draft, Notes notes) {
    RecurrentReader reader = new RecurrentReader(layer, arrays, keras3, draft, notes);
    return layer.kind().equals("Bidirectional") ? reader.addBoth() : reader.addOne();
  }

  private boolean addOne() {
    RecurrentCell cell = RecurrentCell.read(checked(layer), arrays, keras3);
    Reading reading = layer.flag(false, "go_backwards") ? Reading.GO_BACKWARDS : Reading.FORWARD;
    return add(layer, List.of(cell), MergeMode.CONCAT, reading);
  }

  private boolean addBoth() {
    LayerConfig forward = checked(layer.inner("layer"));
    LayerConfig backward = layer.has("backward_layer") ? layer.inner("backward_layer") : forward;
    if (!RecurrentCell.KINDS.contains(forward.kind())
        || !RecurrentCell.KINDS.contains(backward.kind())) {
      throw layer.unsupported("around one of %s", RecurrentCell.KINDS);
    }
    if (forward.flag(false, "go_backwards")) {
      throw layer.unsupported("go_backwards is supported outside of Bidirectional only");
    }
    if (arrays.count() % 2 != 0) {
      throw arrays.wrong("two directions have %d arrays, an odd number", arrays.count());
    }
    int half = arrays.count() / 2;
    RecurrentCell first = RecurrentCell.read(forward, arrays.part(0, half), keras3);
    RecurrentCell second =
        RecurrentCell.read(checked(backward), arrays.part(half, 2 * half), keras3);
    if (forward.flag(false, "return_sequences") != backward.flag(false, "return_sequences")) {
      throw layer.unsupported("return_sequences is not the same in both directions");
    }
    return add(forward, List.of(first, second), merge(), Reading.FORWARD);
  }

  private boolean add(
      LayerConfig settings, List<RecurrentCell> cells, MergeMode merge, Reading reading) {
    String name = layer.name();
    Recurrent recurrent =
        new Recurrent(name, cells.stream().map(RecurrentCell::cell).toList(), cells.size() == 2, 0);
    boolean zero = settings.flag(false, "zero_output_for_mask");
    boolean sequences = settings.flag(false, "return_sequences");
    draft.add(
        new RecurrentLayer(recurrent, merge, reading, zero ? Fill.ZERO : Fill.REPEAT, sequences),
        parameters -> {
          for (int d = 0; d < cells.size(); d++) {
            RecurrentCell cell = cells.get(d);
            String suffix = d == 0 ? "_l0" : "_l0_reverse";
            Dialect.KERAS.load(cell.stored(), cell.cell(), parameters, name + ".", suffix);
          }
        });
    return sequences;
  }

  /** The settings of one direction, when all of them can be followed. */
  private LayerConfig checked(LayerConfig settings) {
    if (settings.flag(false, "time_major")) {
      throw settings.unsupported("time_major is not supported; steps come second in Keras");
    }
    if (settings.flag(false, "return_state")) {
      notes.addFor(layer.name(), "its states are read by nothing");
    }
    if (settings.flag(false, "stateful")) {
      notes.addFor(
          layer.name(), "stateful: here a sequence begins with zeros, unless it is given a state");
    }
    for (String dropout : List.of("dropout", "recurrent_dropout", "dropout_W", "dropout_U")) {
      if (settings.number(0, dropout) != 0) {
        notes.addFor(layer.name(), "%s, which acts in training only, is left out", dropout);
      }
    }
    return settings;
  }

  private MergeMode merge() {
    String mode = layer.text("", "merge_mode");
    return switch (mode) {
      case "concat" -> MergeMode.CONCAT;
      case "sum" -> MergeMode.SUM;
      case "mul" -> MergeMode.MULTIPLY;
      case "ave" -> MergeMode.AVERAGE;
      default ->
          throw layer.unsupported(
              "merge_mode is one of %s, and not %s",
              Set.of("concat", "sum", "mul", "ave"), mode.isEmpty() ? "none" : mode);
    };
  }
}
