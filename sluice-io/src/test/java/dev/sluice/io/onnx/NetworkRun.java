package dev.sluice.io.onnx;

import dev.sluice.io.onnx.OnnxNetwork.Layout;
import dev.sluice.layer.PaddedBatch;
import dev.sluice.layer.State;
import dev.sluice.matrix.Matrix;
import dev.sluice.network.Features;
import dev.sluice.network.Network;
import dev.sluice.network.RecurrentLayer;
import dev.sluice.tape.Backend;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What Sluice computes for an {@link OnnxNetwork}, under the names and in the layout of its ONNX model. */
final class NetworkRun {
  private NetworkRun() {}

  /**
   * Runs the network.
   *
   * @param input a row for each step, in the order of the layout; tokens: one column
   * @param initial {@code h0} and so on, (cells·B, units); may be empty
   * @return {@code output} and the final states, {@code h_n} and so on
   */
  static Map<String, Matrix> results(
      OnnxNetwork model, Matrix input, int steps, int[] lengths, Map<String, Matrix> initial) {
    Network network = model.network();
    try (Backend backend = Backend.create(1)) {
      Tape tape = Tape.inference(backend, network.parameters());
      PaddedBatch batch = PaddedBatch.batchMajor(PaddedBatch.mask(steps, lengths));
      boolean timeMajor = model.layout() == Layout.TIME_MAJOR;
      Matrix x = timeMajor ? swapped(input, steps, lengths.length) : input;
      Map<String, State> states = new LinkedHashMap<>();
      for (RecurrentLayer layer : network.recurrentLayers()) {
        if (!initial.isEmpty()) {
          states.put(layer.name(), state(tape, model, layer, initial, lengths.length));
        }
      }
      Network.Result result = network.forward(Features.sequences(tape.constant(x), batch), states);
      Map<String, Matrix> results = new LinkedHashMap<>();
      Matrix output = result.output().data().value();
      boolean turned = timeMajor && result.output().steps().isPresent();
      results.put("output", turned ? swapped(output, lengths.length, steps) : output.copy());
      for (RecurrentLayer layer : network.recurrentLayers()) {
        put(model, layer, Objects.requireNonNull(result.states().get(layer.name())), results);
      }
      return results;
    }
  }

  private static State state(
      Tape tape, OnnxNetwork model, RecurrentLayer layer, Map<String, Matrix> initial, int batch) {
    List<List<Var>> states = new ArrayList<>();
    for (int cell = 0; cell < layer.recurrent().cells().size(); cell++) {
      List<Var> parts = new ArrayList<>();
      for (String part : parts(layer)) {
        Matrix all = Objects.requireNonNull(initial.get(model.port(layer, part + "0")));
        parts.add(tape.constant(all.rowRange(cell * batch, (cell + 1) * batch)));
      }
      states.add(parts);
    }
    return new State(states);
  }

  private static void put(
      OnnxNetwork model, RecurrentLayer layer, State state, Map<String, Matrix> results) {
    List<String> parts = parts(layer);
    for (int p = 0; p < parts.size(); p++) {
      int part = p;
      Var all = Var.stackRows(state.cells().stream().map(cell -> cell.get(part)).toList());
      results.put(model.port(layer, parts.get(p) + "_n"), all.value().copy());
    }
  }

  private static List<String> parts(RecurrentLayer layer) {
    return layer.recurrent().cells().getFirst().stateNames();
  }

  /** From (outer, inner, n) to (inner, outer, n). */
  private static Matrix swapped(Matrix m, int outer, int inner) {
    Matrix result = Matrix.zeros(m.rows, m.cols);
    for (int r = 0; r < m.rows; r++) {
      int to = r % inner * outer + r / inner;
      result.rowRange(to, to + 1).copyFrom(m.rowRange(r, r + 1));
    }
    return result;
  }
}
