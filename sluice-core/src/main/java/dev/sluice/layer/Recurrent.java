package dev.sluice.layer;

import dev.sluice.cell.Cell;
import dev.sluice.cell.Direction;
import dev.sluice.cell.FormulaScan;
import dev.sluice.cell.Scan;
import dev.sluice.parameter.ParameterSpec;
import dev.sluice.tape.PackedSequence;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Stacked recurrent layers, read in one direction or both, as PyTorch's {@code nn.LSTM} and its
 * kin: the output of a layer, both directions side by side, is the input of the next, with dropout
 * between layers.
 *
 * <p>Weights are named as in PyTorch, {@code NAME.weight_ih_l0}, {@code
 * NAME.weight_hh_l0_reverse}, and so on. States come layer by layer, forward before backward.
 *
 * @param name prefix of the parameters' names
 * @param cells one for each layer and direction: layer 0 forward, layer 0 backward, layer 1 forward ...
 * @param bidirectional whether each layer has a backward direction
 * @param dropout probability with which elements of a layer's output are dropped before the next layer
 */
public record Recurrent(String name, List<Cell> cells, boolean bidirectional, float dropout)
    implements Layer {
  /** Fails when the sizes of one layer do not fit the next. */
  public Recurrent {
    cells = List.copyOf(cells);
    if (!(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException(name + ": dropout must be in [0, 1), got " + dropout);
    }
    int directions = bidirectional ? 2 : 1;
    if (cells.isEmpty() || cells.size() % directions != 0) {
      throw new IllegalArgumentException(
          "%s: expected %d cell(s) for each layer, got %d cells in all"
              .formatted(name, directions, cells.size()));
    }
    for (int i = 0; i < cells.size(); i++) {
      int before = i / directions * directions - directions;
      int expected = before < 0 ? cells.getFirst().inputSize() : width(cells, before, directions);
      if (cells.get(i).inputSize() != expected) {
        throw new IllegalArgumentException(
            "%s: cell %d takes %d inputs, but what it reads has %d features"
                .formatted(name, i, cells.get(i).inputSize(), expected));
      }
    }
  }

  /**
   * The final states, and the output of the last layer.
   *
   * @param output (steps of all sequences, features): both directions side by side
   * @param states the final state of each cell, parts of (B, size), sequences in packed order
   */
  public record Result(PackedSequence output, List<List<Var>> states) {}

  @Override
  public List<ParameterSpec> parameters() {
    return IntStream.range(0, cells.size())
        .boxed()
        .flatMap(i -> cells.get(i).parameters(suffix(i)).stream())
        .map(p -> new ParameterSpec(qualified(p), p.kind(), p.rows(), p.cols(), p.initializer()))
        .toList();
  }

  /** Features of the output. */
  public int outputSize() {
    return width(cells, cells.size() - directions(), directions());
  }

  /** Runs over sequences from a state of zeros. */
  public Result forward(PackedSequence x) {
    Tape tape = x.data().tape();
    int batch = x.packing().batch();
    List<List<Var>> zeros = new ArrayList<>();
    for (Cell cell : cells) {
      zeros.add(cell.stateSizes().stream().map(n -> tape.constant(tape.zeros(batch, n))).toList());
    }
    return forward(x, zeros);
  }

  /**
   * Runs over sequences from given states.
   *
   * @param x (steps of all sequences, inputs)
   * @param initial the state of each cell, parts of (B, size), sequences in packed order
   */
  public Result forward(PackedSequence x, List<List<Var>> initial) {
    if (initial.size() != cells.size()) {
      throw new IllegalArgumentException(
          "%s: expected a state for each of %d cells, got %d"
              .formatted(name, cells.size(), initial.size()));
    }
    List<List<Var>> states = new ArrayList<>();
    PackedSequence features = x;
    for (int first = 0; first < cells.size(); first += directions()) {
      PackedSequence input =
          first == 0
              ? features
              : new PackedSequence(features.packing(), features.data().dropout(dropout));
      Var[] outputs = new Var[directions()];
      for (int d = 0; d < directions(); d++) {
        Scan scan = scan(first + d, input, initial.get(first + d));
        outputs[d] = scan.output().data();
        states.add(scan.state());
      }
      features =
          new PackedSequence(x.packing(), outputs.length == 1 ? outputs[0] : Var.concat(outputs));
    }
    return new Result(features, states);
  }

  private Scan scan(int i, PackedSequence x, List<Var> initial) {
    Cell cell = cells.get(i);
    Tape tape = x.data().tape();
    List<Var> weights =
        cell.parameters(suffix(i)).stream().map(p -> tape.weight(qualified(p))).toList();
    Direction direction = i % directions() == 0 ? Direction.FORWARD : Direction.BACKWARD;
    return cell.kernel()
        .map(kernel -> kernel.scan(x, direction, initial, weights))
        .orElseGet(() -> FormulaScan.scan(cell, x, direction, initial, weights));
  }

  private int directions() {
    return bidirectional ? 2 : 1;
  }

  private String suffix(int i) {
    return "_l" + i / directions() + (i % directions() == 0 ? "" : "_reverse");
  }

  private String qualified(ParameterSpec p) {
    return name.isEmpty() ? p.name() : name + "." + p.name();
  }

  private static int width(List<Cell> cells, int first, int directions) {
    return cells.subList(first, first + directions).stream().mapToInt(Cell::outputSize).sum();
  }
}
