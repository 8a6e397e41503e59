package dev.sluice.bench.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST_ITER;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST_ITER_C;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST_LAYER;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_ITER;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_ITER_C;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_LAYER;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS_ITER;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS_LAYER;

import dev.sluice.cli.bench.LstmShape;
import dev.sluice.matrix.Matrix;
import dev.sluice.parameter.Parameters;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.global.dnnl.rnn_direction;
import org.bytedeco.dnnl.lstm_forward;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.format_tag;

/**
 * Consecutive layers as one primitive of oneDNN, {@code lstm_forward} for inference, with the weights packed as it asks
 * for. All layers of a primitive must have equally many inputs.
 */
final class LstmGroup {
  /** h and c of all layers and directions of a group, each (layers, directions, B, H). */
  record State(memory h, memory c) {}

  private final Dnnl dnnl;
  private final long[] stateShape;
  private final lstm_forward primitive;
  private final memory input;
  private final memory output;
  private final memory inputWeights;
  private final memory recurrentWeights;
  private final memory bias;

  /** Layers {@code first} to {@code end} (exclusive), which read {@code input}, (T, B, features). */
  private LstmGroup(
      Dnnl dnnl, LstmShape lstm, Parameters parameters, int first, int end, memory input) {
    this.dnnl = dnnl;
    this.input = input;
    long steps = input.get_desc().get_dims().get(0);
    long batch = input.get_desc().get_dims().get(1);
    long layers = (long) end - first;
    long directions = lstm.directions();
    long hidden = lstm.hidden();
    long[] inputShape = {layers, directions, lstm.inputs(first), 4, hidden};
    long[] recurrentShape = {layers, directions, hidden, 4, hidden};
    stateShape = new long[] {layers, directions, batch, hidden};
    output = dnnl.zeros(format_tag.tnc, steps, batch, lstm.outputs());
    bias =
        dnnl.of(
            biases(parameters, lstm, first, end), format_tag.ldgo, layers, directions, 4, hidden);
    memory.desc state = Dnnl.describe(format_tag.ldnc, stateShape);
    lstm_forward.primitive_desc description =
        new lstm_forward.primitive_desc(
            dnnl.engine(),
            prop_kind.forward_inference,
            lstm.bidirectional()
                ? rnn_direction.bidirectional_concat
                : rnn_direction.unidirectional_left2right,
            input.get_desc(),
            state,
            state,
            Dnnl.describe(format_tag.any, inputShape),
            Dnnl.describe(format_tag.any, recurrentShape),
            bias.get_desc(),
            output.get_desc(),
            state,
            state);
    primitive = new lstm_forward(description);
    inputWeights =
        dnnl.packed(
            dnnl.of(join(parameters, "weight_ih", lstm, first, end), format_tag.ldigo, inputShape),
            description.weights_layer_desc());
    recurrentWeights =
        dnnl.packed(
            dnnl.of(
                join(parameters, "weight_hh", lstm, first, end), format_tag.ldigo, recurrentShape),
            description.weights_iter_desc());
  }

  /** All layers in as few groups as possible, each reading the one before it; the first reads {@code input}. */
  static List<LstmGroup> all(Dnnl dnnl, LstmShape lstm, Parameters parameters, memory input) {
    List<LstmGroup> groups = new ArrayList<>();
    int end;
    for (int first = 0; first < lstm.depth(); first = end) {
      end = first + 1;
      while (end < lstm.depth() && lstm.inputs(end) == lstm.inputs(first)) {
        end++;
      }
      memory features = groups.isEmpty() ? input : groups.getLast().output;
      groups.add(new LstmGroup(dnnl, lstm, parameters, first, end, features));
    }
    return groups;
  }

  /** The last layer's output of each step: (T, B, features). */
  memory output() {
    return output;
  }

  /** A state of zeros. */
  State zeros() {
    return new State(
        dnnl.zeros(format_tag.ldnc, stateShape), dnnl.zeros(format_tag.ldnc, stateShape));
  }

  /** What a run from the state {@code before} to the state {@code after} works on. */
  IntMemoryMap arguments(State before, State after) {
    return new IntMemoryMap()
        .put(DNNL_ARG_SRC_LAYER, input)
        .put(DNNL_ARG_SRC_ITER, before.h)
        .put(DNNL_ARG_SRC_ITER_C, before.c)
        .put(DNNL_ARG_WEIGHTS_LAYER, inputWeights)
        .put(DNNL_ARG_WEIGHTS_ITER, recurrentWeights)
        .put(DNNL_ARG_BIAS, bias)
        .put(DNNL_ARG_DST_LAYER, output)
        .put(DNNL_ARG_DST_ITER, after.h)
        .put(DNNL_ARG_DST_ITER_C, after.c);
  }

  void run(IntMemoryMap arguments) {
    dnnl.run(primitive, arguments);
  }

  /** A parameter of all layers and directions, one after the other: the gates stand in oneDNN's order, i f g o. */
  private static float[] join(
      Parameters parameters, String name, LstmShape lstm, int first, int end) {
    List<Matrix> parts = new ArrayList<>();
    for (int layer = first; layer < end; layer++) {
      String forward = "lstm.%s_l%d".formatted(name, layer);
      parts.add(parameters.get(forward).value());
      if (lstm.bidirectional()) {
        parts.add(parameters.get(forward + "_reverse").value());
      }
    }
    float[] all = new float[parts.stream().mapToInt(m -> m.rows * m.cols).sum()];
    int offset = 0;
    for (Matrix part : parts) {
      System.arraycopy(part.toArray(), 0, all, offset, part.rows * part.cols);
      offset += part.rows * part.cols;
    }
    return all;
  }

  /** oneDNN has one bias where PyTorch has two. */
  private static float[] biases(Parameters parameters, LstmShape lstm, int first, int end) {
    float[] sum = join(parameters, "bias_ih", lstm, first, end);
    float[] second = join(parameters, "bias_hh", lstm, first, end);
    for (int i = 0; i < sum.length; i++) {
      sum[i] += second[i];
    }
    return sum;
  }
}
