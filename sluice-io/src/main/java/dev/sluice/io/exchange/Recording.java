package dev.sluice.io.exchange;

import dev.sluice.io.ModelFileException;
import dev.sluice.io.SafetensorsFile;
import dev.sluice.io.StoredTensor;
import dev.sluice.layer.DetachedState;
import dev.sluice.matrix.Matrix;
import dev.sluice.network.EmbeddingLayer;
import dev.sluice.network.Network;
import dev.sluice.network.RecurrentLayer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The inputs of a run that another framework made, from a safetensors file:
 *
 * <pre>
 *   input     [T, B, features], or [B, T, features]; numbers of tokens: [T, B] or [B, T]
 *   lengths   [B], optional: how many steps of each sequence are real
 *   h0, c0    [cells, B, units], optional; NAME.h0 where the network has several recurrent layers
 * </pre>
 *
 * <p>A single sequence may be without the axis of the batch. But a file with {@code h_n} and no {@code
 * output} is then the run of a cell: one step, {@code input} [B, features], states [B, units].
 *
 * @param file for messages
 * @param layout how sequences stand in the file
 * @param input (B·T, features), step t of sequence b in row b·T + t
 * @param steps T
 * @param lengths of each sequence
 * @param initial by the name of the recurrent layer, its state
 */
// The array is small, and no recordings are compared.
@SuppressWarnings("ArrayRecordComponent")
record Recording(
    Path file,
    Layout layout,
    Matrix input,
    int steps,
    int[] lengths,
    Map<String, DetachedState> initial) {
  /** How sequences stand. */
  enum Layout {
    /** [T, B, ...]. */
    TIME_MAJOR,
    /** [B, T, ...]. */
    BATCH_MAJOR,
    /** [T, ...]: one sequence. */
    ONE_SEQUENCE,
    /** [B, ...]: one step. */
    ONE_STEP;

    /** The axes in front of the features, for {@code batch} sequences of {@code steps}. */
    List<Integer> axes(int batch, int steps) {
      return switch (this) {
        case TIME_MAJOR -> List.of(steps, batch);
        case BATCH_MAJOR -> List.of(batch, steps);
        case ONE_SEQUENCE -> List.of(steps);
        case ONE_STEP -> List.of(batch);
      };
    }

    /** Where step {@code t} of sequence {@code b} stands. */
    int row(int b, int t, int batch, int steps) {
      return this == TIME_MAJOR ? t * batch + b : b * steps + t;
    }
  }

  /** Initial states of a network of one recurrent layer; they must not be overlooked in another. */
  private static final List<String> INITIAL = List.of("h0", "c0", "h_0", "c_0");

  private static final String BATCH_FIRST = "batch_first";

  int batch() {
    return lengths.length;
  }

  /**
   * Reads the inputs.
   *
   * @param batchFirst whether sequences stand as [B, T, ...]; else the metadata {@code batch_first} says so
   * @throws ModelFileException when they do not fit {@code network}
   */
  static Recording read(SafetensorsFile stored, Network network, boolean batchFirst) {
    StoredTensor input = stored.tensor("input");
    int features = network.inputWidth();
    boolean tokens =
        !network.layers().isEmpty() && network.layers().getFirst() instanceof EmbeddingLayer;
    List<Integer> axes = new ArrayList<>(input.shape());
    if (!axes.isEmpty() && (!tokens || (axes.size() == 3 && axes.getLast() == 1))) {
      int width = axes.removeLast();
      if (width != features) {
        throw problem(stored, input, "expected %d features on the last axis".formatted(features));
      }
    }
    if (axes.isEmpty() || axes.size() > 2 || axes.contains(0)) {
      throw problem(
          stored,
          input,
          tokens
              ? "expected tokens as [T, B], [B, T] or [T]"
              : "expected [T, B, %d], [B, T, %d] or [T, %d]"
                  .formatted(features, features, features));
    }
    Layout layout = layout(stored, axes.size() == 2, batchFirst);
    int batch =
        switch (layout) {
          case TIME_MAJOR -> axes.get(1);
          case BATCH_MAJOR, ONE_STEP -> axes.get(0);
          case ONE_SEQUENCE -> 1;
        };
    int steps = (int) (elements(axes) / batch);
    Matrix rows = inputRows(input, layout, batch, steps, features);
    int[] lengths = lengths(stored, batch, steps);
    return new Recording(
        stored.file(), layout, rows, steps, lengths, initial(stored, network, layout, batch));
  }

  private static Layout layout(SafetensorsFile stored, boolean batched, boolean batchFirst) {
    if (batched) {
      boolean said = Boolean.parseBoolean(stored.metadata().getOrDefault(BATCH_FIRST, "false"));
      return batchFirst || said ? Layout.BATCH_MAJOR : Layout.TIME_MAJOR;
    }
    boolean cell = stored.tensors().containsKey("h_n") && !stored.tensors().containsKey("output");
    return cell ? Layout.ONE_STEP : Layout.ONE_SEQUENCE;
  }

  private static long elements(List<Integer> axes) {
    return axes.stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b);
  }

  private static Matrix inputRows(
      StoredTensor input, Layout layout, int batch, int steps, int features) {
    Matrix given = Matrix.of(batch * steps, features, numbers(input));
    Matrix rows = Matrix.zeros(batch * steps, features);
    for (int b = 0; b < batch; b++) {
      for (int t = 0; t < steps; t++) {
        int to = b * steps + t;
        int from = layout.row(b, t, batch, steps);
        rows.rowRange(to, to + 1).copyFrom(given.rowRange(from, from + 1));
      }
    }
    return rows;
  }

  /** The values of a tensor of any type. */
  private static float[] numbers(StoredTensor tensor) {
    if (tensor.type().isReal()) {
      return tensor.floats();
    }
    long[] whole = tensor.longs();
    float[] floats = new float[whole.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = whole[i];
    }
    return floats;
  }

  private static int[] lengths(SafetensorsFile stored, int batch, int steps) {
    int[] lengths = new int[batch];
    Arrays.fill(lengths, steps);
    if (!stored.tensors().containsKey("lengths")) {
      return lengths;
    }
    StoredTensor tensor = stored.tensor("lengths");
    if (!tensor.shape().equals(List.of(batch))) {
      throw problem(stored, tensor, "expected [%d], one for each sequence".formatted(batch));
    }
    float[] given = numbers(tensor);
    for (int b = 0; b < batch; b++) {
      lengths[b] = (int) given[b];
      if (lengths[b] != given[b] || lengths[b] < 0 || lengths[b] > steps) {
        throw new ModelFileException(
            stored.file(),
            "lengths: sequence %d has %s steps, but the input has %d; is it [B, T, ...] (--batch-first)?"
                .formatted(b, given[b], steps));
      }
    }
    return lengths;
  }

  private static Map<String, DetachedState> initial(
      SafetensorsFile stored, Network network, Layout layout, int batch) {
    Map<String, DetachedState> initial = new LinkedHashMap<>();
    Set<String> left = new LinkedHashSet<>(INITIAL);
    List<String> known = new ArrayList<>();
    for (RecurrentLayer layer : network.recurrentLayers()) {
      StateTensors tensors = new StateTensors(network, layer, layout, batch);
      Map<String, StoredTensor> given = new LinkedHashMap<>();
      for (String part : tensors.parts()) {
        find(stored, tensors.names(part, "0"))
            .or(() -> find(stored, tensors.names(part, "_0"))) // as PyTorch's documentation has it
            .ifPresent(tensor -> given.put(part, tensor));
      }
      if (!given.isEmpty()) {
        initial.put(layer.name(), tensors.read(stored.file(), given));
      }
      given.values().forEach(tensor -> left.remove(tensor.name()));
      tensors.parts().forEach(part -> known.add(tensors.names(part, "0").getFirst()));
    }
    left.retainAll(stored.tensors().keySet());
    if (!left.isEmpty()) {
      throw new ModelFileException(
          stored.file(),
          "%s: is no initial state of this model; it has %s"
              .formatted(left.iterator().next(), ModelFileException.shown(known)));
    }
    return initial;
  }

  /** The first tensor there is of those called {@code names}. */
  static Optional<StoredTensor> find(SafetensorsFile stored, List<String> names) {
    return names.stream().filter(stored.tensors()::containsKey).findFirst().map(stored::tensor);
  }

  static ModelFileException problem(SafetensorsFile stored, StoredTensor tensor, String expected) {
    return new ModelFileException(
        stored.file(),
        "%s: %s, found %s; is it the recording of another model?"
            .formatted(tensor.name(), expected, tensor.shape()));
  }
}
