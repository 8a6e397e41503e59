package dev.sluice.model;

import dev.sluice.cell.Cell;
import dev.sluice.cell.Step;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.RandomKey;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Backend;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Any cell, by its formula on a tape: right, but neither fast nor free of allocation.
 *
 * <p>Memory: the output, then the parts of the state. Tapes are kept for the next step, one
 * for each thread that steps at the same time.
 */
final class FormulaStream implements StreamLayer {
  private final int input;
  private final int at;
  private final Cell cell;
  private final List<String> names;
  private final Backend backend;
  private final Parameters parameters;
  private final List<Span> state = new ArrayList<>();
  private final Queue<Tape> idle = new ConcurrentLinkedQueue<>();

  FormulaStream(
      int input, int at, Cell cell, List<String> names, Backend backend, Parameters parameters) {
    this.input = input;
    this.at = at;
    this.cell = cell;
    this.names = names;
    this.backend = backend;
    this.parameters = parameters;
    int next = at + cell.outputSize();
    for (int size : cell.stateSizes()) {
      state.add(new Span(next, size));
      next += size;
    }
  }

  @Override
  public String description() {
    return "%s %d -> %d, by its formula"
        .formatted(cell.name(), cell.inputSize(), cell.outputSize());
  }

  @Override
  public int memory() {
    return cell.outputSize() + state.stream().mapToInt(Span::length).sum();
  }

  @Override
  public int scratch() {
    return 0;
  }

  @Override
  public int output() {
    return at;
  }

  @Override
  public List<Span> state() {
    return state;
  }

  @Override
  public long weightBytes() {
    return names.stream()
        .map(name -> parameters.get(name).value())
        .mapToLong(m -> (long) m.rows * m.cols * Float.BYTES)
        .sum();
  }

  @Override
  public int panels() {
    return 1;
  }

  @Override
  public void compute(float[] memory, int scratch, int from, int to) {
    Tape kept = idle.poll();
    Tape tape = kept == null ? Tape.inference(backend, parameters) : kept;
    tape.reset(RandomKey.of(0));
    List<Var> weights = names.stream().map(tape::weight).toList();
    Var x = copy(memory, new Span(input, cell.inputSize()), tape);
    List<Var> before = state.stream().map(part -> copy(memory, part, tape)).toList();
    Step step = cell.begin(tape, 1, weights).step(x, before);
    window(memory, new Span(at, cell.outputSize())).copyFrom(step.output().value());
    for (int i = 0; i < state.size(); i++) {
      window(memory, state.get(i)).copyFrom(step.state().get(i).value());
    }
    idle.add(tape);
  }

  @Override
  public void finish(float[] memory, int scratch) {}

  private static Var copy(float[] memory, Span span, Tape tape) {
    Matrix copy = tape.allocate(1, span.length());
    copy.copyFrom(window(memory, span));
    return tape.constant(copy);
  }

  private static Matrix window(float[] memory, Span span) {
    return Matrix.window(memory, span.at(), 1, span.length());
  }
}
