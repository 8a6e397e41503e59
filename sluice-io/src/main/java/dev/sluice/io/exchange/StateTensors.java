package dev.sluice.io.exchange;

import static java.util.Objects.requireNonNull;

import dev.sluice.cell.Cell;
import dev.sluice.io.ModelFileException;
import dev.sluice.io.StoredTensor;
import dev.sluice.io.exchange.Recording.Layout;
import dev.sluice.layer.DetachedState;
import dev.sluice.matrix.Matrix;
import dev.sluice.network.Network;
import dev.sluice.network.RecurrentLayer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The state of one recurrent layer as PyTorch keeps it: for h and for c one tensor [cells, B, units], cells
 * layer by layer and forward before backward.
 */
final class StateTensors {
  private final RecurrentLayer layer;
  private final boolean only;
  private final Layout layout;
  private final int batch;

  /** Of a {@code layer} of {@code network}, in a run over {@code batch} sequences. */
  StateTensors(Network network, RecurrentLayer layer, Layout layout, int batch) {
    this.layer = layer;
    this.only = network.recurrentLayers().size() == 1;
    this.layout = layout;
    this.batch = batch;
  }

  /** The parts that are one tensor each; none when the cells are not of one kind and size. */
  List<String> parts() {
    Cell first = cells().getFirst();
    boolean alike =
        cells().stream()
            .allMatch(
                cell ->
                    cell.stateSizes().equals(first.stateSizes())
                        && cell.stateNames().equals(first.stateNames()));
    boolean distinct = first.stateNames().stream().distinct().count() == first.stateNames().size();
    return alike && distinct ? first.stateNames() : List.of();
  }

  /** What the tensor of a part may be called, such as {@code lstm.h_n} and {@code h_n}. */
  List<String> names(String part, String ending) {
    String own = layer.name() + "." + part + ending;
    return only ? List.of(part + ending, own) : List.of(own);
  }

  /** The state in {@code given}, by the name of the part; what is not given is zero. */
  DetachedState read(Path file, Map<String, StoredTensor> given) {
    for (String part : given.keySet()) {
      StoredTensor tensor = requireNonNull(given.get(part));
      if (!tensor.shape().equals(shape(part))) {
        throw new ModelFileException(
            file,
            "%s: expected %s, found %s; is it the recording of another model?"
                .formatted(tensor.name(), shape(part), tensor.shape()));
      }
    }
    List<List<Matrix>> states = new ArrayList<>();
    for (int cell = 0; cell < cells().size(); cell++) {
      List<Matrix> state = new ArrayList<>();
      for (String part : parts()) {
        StoredTensor tensor = given.get(part);
        state.add(
            tensor == null
                ? Matrix.zeros(batch, size(part))
                : Matrix.of(cells().size() * batch, size(part), tensor.floats())
                    .rowRange(cell * batch, (cell + 1) * batch));
      }
      states.add(state);
    }
    return new DetachedState(states);
  }

  /** All cells' part of {@code state}, one below the other: the numbers of a tensor of {@link #shape}. */
  float[] values(DetachedState state, String part) {
    int p = parts().indexOf(part);
    Matrix all = Matrix.zeros(cells().size() * batch, size(part));
    for (int cell = 0; cell < cells().size(); cell++) {
      all.rowRange(cell * batch, (cell + 1) * batch).copyFrom(state.cells().get(cell).get(p));
    }
    return all.data;
  }

  /** The shape of the tensor of a part. */
  List<Integer> shape(String part) {
    return switch (layout) {
      case TIME_MAJOR, BATCH_MAJOR -> List.of(cells().size(), batch, size(part));
      case ONE_SEQUENCE -> List.of(cells().size(), size(part));
      case ONE_STEP ->
          cells().size() == 1
              ? List.of(batch, size(part))
              : List.of(cells().size(), batch, size(part));
    };
  }

  private int size(String part) {
    return cells().getFirst().stateSizes().get(parts().indexOf(part));
  }

  private List<Cell> cells() {
    return layer.recurrent().cells();
  }
}
