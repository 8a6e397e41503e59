package dev.sluice.layer;

import dev.sluice.cell.Cell;
import dev.sluice.cell.Direction;
import dev.sluice.cell.FormulaScan;
import dev.sluice.cell.Scan;
import dev.sluice.cell.SequenceKernel.Pass;
import dev.sluice.cell.StepArguments;
import dev.sluice.parameter.ParameterSpec;
import dev.sluice.tape.PackedSequence;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Stacked recurrent layers, read in one direction or both, as PyTorch's {@code nn.LSTM} and its
 * kin: the output of a layer, both directions side by side, is the input of the next, with dropout
 * between layers.
 *
 * <p>Weights are named as in PyTorch, {@code NAME.weight_ih_l0}, {@code
 * NAME.weight_hh_l0_reverse}, and so on. The state is a value that is given and
 * returned, see {@link State}.
 *
 * @param name prefix of the parameters' names
 * @param cells one for each layer and direction: layer 0 forward, layer 0 backward, layer 1 forward ...
 * @param bidirectional whether each layer has a backward direction
 * @param dropout probability with which elements of a layer's output are dropped before the next layer
 */
public record Recurrent(String name, List<Cell> cells, boolean bidirectional, float dropout)
    implements Layer {
  /** Fails when the sizes of one layer do not fit the next, or dropout has no place between two layers. */
  public Recurrent {
    cells = List.copyOf(cells);
    int directions = bidirectional ? 2 : 1;
    requireCells(name, cells, directions);
    if (!(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException(label(name) + "dropout must be in [0, 1), got " + dropout);
    }
    if (dropout > 0 && cells.size() == directions) {
      throw new IllegalArgumentException(
          ("%sdropout is between layers, and there is only one: a dropout of %s would do nothing;"
                  + " for dropout on the output write 0 here and drop the output itself")
              .formatted(label(name), dropout));
    }
  }

  /** Layers that read forward, one above the other, without dropout between them. */
  public Recurrent(String name, Cell... cells) {
    this(name, List.of(cells), false, 0);
  }

  /**
   * Layers of one kind of cell, as in PyTorch's {@code nn.LSTM(input_size, hidden_size, num_layers,
   * dropout=..., bidirectional=...)}: {@code Recurrent.of("lstm", 3, 2, true, 0.5f, inputs -> new
   * LstmCell(inputs, 4))}.
   *
   * @param inputSize features that the first layer reads; the others read what the layer below puts out
   * @param cell makes a cell for that many inputs
   */
  public static Recurrent of(
      String name,
      int inputSize,
      int layers,
      boolean bidirectional,
      float dropout,
      IntFunction<? extends Cell> cell) {
    int directions = bidirectional ? 2 : 1;
    List<Cell> cells = new ArrayList<>();
    int inputs = inputSize;
    for (int layer = 0; layer < layers; layer++) {
      for (int d = 0; d < directions; d++) {
        cells.add(cell.apply(inputs));
      }
      inputs = directions * cells.getLast().outputSize();
    }
    return new Recurrent(name, cells, bidirectional, dropout);
  }

  /**
   * The output of the last layer, and the final state of all.
   *
   * @param output (steps of all sequences, features): both directions side by side
   * @param state after each sequence's last step in reading direction
   */
  public record Result(PackedSequence output, State state) {}

  @Override
  public List<ParameterSpec> parameters() {
    return IntStream.range(0, cells.size())
        .boxed()
        .flatMap(i -> cells.get(i).parameters(suffix(i)).stream())
        .map(
            p ->
                new ParameterSpec(
                    qualified(p.name()), p.kind(), p.rows(), p.cols(), p.initializer()))
        .toList();
  }

  /** Features of the output. */
  public int outputSize() {
    return width(cells, cells.size() - directions(), directions());
  }

  /** Zeros for {@code batch} sequences; TF1's {@code zero_state}. */
  public State zeroState(Tape tape, int batch) {
    List<List<Var>> zeros = new ArrayList<>();
    for (Cell cell : cells) {
      zeros.add(cell.stateSizes().stream().map(n -> tape.constant(tape.zeros(batch, n))).toList());
    }
    return new State(zeros);
  }

  /** Runs over sequences from a state of zeros. */
  public Result forward(PackedSequence x) {
    return forward(x, zeroState(x.data().tape(), x.packing().batch()));
  }

  /**
   * Runs over sequences from a given state.
   *
   * @param x (steps of all sequences, inputs)
   * @param initial for each sequence, in the order given
   * @throws IllegalArgumentException when the input has other features, or the state is not of these
   *     cells or of another batch
   */
  public Result forward(PackedSequence x, State initial) {
    StepArguments.requireInput(name.isEmpty() ? "input" : name, cells.getFirst(), x.data());
    requireState(initial, x.packing().batch());
    List<List<Var>> before = initial.map(x::inPackedOrder).cells();
    List<List<Var>> after = new ArrayList<>();
    PackedSequence features = x;
    for (int first = 0; first < cells.size(); first += directions()) {
      PackedSequence input =
          first == 0
              ? features
              : new PackedSequence(features.packing(), features.data().dropout(dropout));
      List<Scan> scans = scans(first, input, before);
      scans.forEach(scan -> after.add(scan.state()));
      Var[] outputs = scans.stream().map(scan -> scan.output().data()).toArray(Var[]::new);
      features =
          new PackedSequence(x.packing(), outputs.length == 1 ? outputs[0] : Var.concat(outputs));
    }
    return new Result(features, new State(after).map(x::inGivenOrder));
  }

  /**
   * The last valid output of each direction of the last layer, side by side; the backward direction ends at
   * the first step.
   *
   * @param result of {@link #forward}
   * @return (B, outputSize), in the order in which the sequences were given
   */
  public Var lastOutputs(Result result) {
    List<List<Var>> states = result.state().cells();
    return Var.concat(
        states.subList(states.size() - directions(), states.size()).stream()
            .map(List::getFirst)
            .toArray(Var[]::new));
  }

  private void requireState(State state, int batch) {
    if (state.cells().size() != cells.size()) {
      throw new IllegalArgumentException(
          "%sexpected a state for each of %d cells (%d layer(s), %d direction(s)), got %d"
              .formatted(
                  label(name),
                  cells.size(),
                  cells.size() / directions(),
                  directions(),
                  state.cells().size()));
    }
    for (int k = 0; k < cells.size(); k++) {
      int cell = k;
      StepArguments.requireState(
          () -> label(name) + "initial state of " + place(cell),
          cells.get(cell),
          state.cells().get(cell),
          batch);
    }
  }

  private String place(int k) {
    return "layer %d %s"
        .formatted(k / directions(), k % directions() == 0 ? "forward" : "backward");
  }

  /**
   * The directions of the layer that begins with cell {@code first}: one after the other, all threads
   * at each, or where there is too little to do for that at the same time.
   */
  private List<Scan> scans(int first, PackedSequence x, List<List<Var>> initial) {
    List<Pass> passes = new ArrayList<>();
    for (int i = first; i < first + directions(); i++) {
      passes.add(pass(i, x, initial.get(i)));
    }
    if (passes.stream().anyMatch(Pass::isShared)) {
      passes.forEach(Pass::forward);
    } else {
      x.data().tape().workers().run(passes.size(), d -> passes.get(d).forward());
    }
    return passes.stream().map(Pass::record).toList();
  }

  private Pass pass(int i, PackedSequence x, List<Var> initial) {
    Cell cell = cells.get(i);
    Tape tape = x.data().tape();
    List<Var> weights =
        cell.parameters(suffix(i)).stream().map(p -> tape.weight(qualified(p.name()))).toList();
    Direction direction = i % directions() == 0 ? Direction.FORWARD : Direction.BACKWARD;
    tape.watcher().ifPresent(watcher -> watcher.layer(qualified(suffix(i).substring(1))));
    return cell.kernel()
        .filter(_ -> tape.watcher().isEmpty()) // a kernel has no names
        .map(kernel -> kernel.prepare(x, direction, initial, weights))
        .orElseGet(() -> Pass.of(FormulaScan.scan(cell, x, direction, initial, weights)));
  }

  private int directions() {
    return bidirectional ? 2 : 1;
  }

  /** The name of a parameter of cell {@code k} that is no weight of it. */
  String parameterName(int k, String own) {
    return qualified(own + suffix(k));
  }

  private String suffix(int i) {
    return "_l" + i / directions() + (i % directions() == 0 ? "" : "_reverse");
  }

  private String qualified(String parameter) {
    return name.isEmpty() ? parameter : name + "." + parameter;
  }

  private static void requireCells(String name, List<Cell> cells, int directions) {
    if (cells.isEmpty()) {
      throw new IllegalArgumentException(
          label(name) + "there must be at least one layer, got no cell");
    }
    if (cells.size() % directions != 0) {
      throw new IllegalArgumentException(
          "%sexpected %d cell(s) for each layer, got %d cells in all"
              .formatted(label(name), directions, cells.size()));
    }
    for (int i = 0; i < cells.size(); i++) {
      int before = i / directions * directions - directions;
      int expected = before < 0 ? cells.getFirst().inputSize() : width(cells, before, directions);
      if (cells.get(i).inputSize() != expected) {
        throw new IllegalArgumentException(
            "%scell %d takes %d inputs, but what it reads has %d features"
                .formatted(label(name), i, cells.get(i).inputSize(), expected));
      }
    }
  }

  /** What error messages begin with. */
  private static String label(String name) {
    return name.isEmpty() ? "" : name + ": ";
  }

  private static int width(List<Cell> cells, int first, int directions) {
    return cells.subList(first, first + directions).stream().mapToInt(Cell::outputSize).sum();
  }
}
