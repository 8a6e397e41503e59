package dev.sluice.model;

import dev.sluice.cell.Cell;
import dev.sluice.layer.Dense;
import dev.sluice.layer.Recurrent;
import dev.sluice.layer.State;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.Packing;
import dev.sluice.matrix.RandomKey;
import dev.sluice.model.StreamLayer.Span;
import dev.sluice.tape.PackedSequence;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Steps many sessions at once: any of them, each at its own point in time. A weight that was read
 * serves all of them, so this is faster than stepping one after the other; each gets the bits that it
 * would get alone.
 *
 * <p>It gathers the states into the rows of a batch, runs the layers over that batch for one step,
 * and puts the states back. The layers have packed weights of their own, always in float32, made when
 * the first batch of a model is stepped. One thread at a time may use a batch; it works with all
 * threads of the backend.
 */
public final class SessionBatch {
  /** Fewer sessions are stepped faster one after the other. */
  private static final int WORTHWHILE = 3;

  private final StreamingModel model;
  private final Tape tape;

  SessionBatch(StreamingModel model) {
    this.model = model;
    this.tape = Tape.inference(model.backend(), model.parameters());
  }

  /**
   * Takes one step with each session.
   *
   * @param sessions n of the model this batch is of, none twice
   * @param x (n, I): row i for session i
   * @param y (n, outputs): row i from session i
   * @throws IllegalArgumentException when a shape is wrong, a session is of another model, or is
   *     there twice; no session has then taken a step
   */
  public void step(List<Session> sessions, Matrix x, Matrix y) {
    int n = sessions.size();
    Matrix.requireShape("x", x, n, model.inputSize());
    Matrix.requireShape("y", y, n, model.outputSize());
    requireDistinct(sessions);
    if (n < WORTHWHILE) {
      for (int i = 0; i < n; i++) {
        sessions.get(i).step(x.data, x.at(i), y.data, y.at(i));
      }
    } else {
      stepRows(sessions, x, y);
    }
  }

  private void stepRows(List<Session> sessions, Matrix x, Matrix y) {
    tape.reset(RandomKey.of(0));
    Packing oneStep = Packing.uniform(sessions.size(), 1);
    PackedSequence input = new PackedSequence(oneStep, tape.constant(x));
    Recurrent.Result result = model.recurrent().forward(input, gather(sessions));
    scatter(result.state(), sessions);
    Var top = result.output().data();
    if (model.heads().isEmpty()) {
      y.copyFrom(top.value());
    }
    int column = 0;
    for (Dense head : model.heads()) {
      y.columnRange(column, column + head.out()).copyFrom(head.forward(top).value());
      column += head.out();
    }
  }

  /** The states as rows, in the order of the sessions. */
  private State gather(List<Session> sessions) {
    Iterator<Span> parts = model.state().iterator();
    List<List<Var>> states = new ArrayList<>();
    for (Cell cell : model.recurrent().cells()) {
      List<Var> state = new ArrayList<>();
      for (int size : cell.stateSizes()) {
        int at = parts.next().at();
        Matrix rows = tape.allocate(sessions.size(), size);
        for (int i = 0; i < rows.rows; i++) {
          System.arraycopy(sessions.get(i).memory(), at, rows.data, rows.at(i), size);
        }
        state.add(tape.constant(rows));
      }
      states.add(state);
    }
    return new State(states);
  }

  private void scatter(State state, List<Session> sessions) {
    Iterator<Span> parts = model.state().iterator();
    for (List<Var> cell : state.cells()) {
      for (Var part : cell) {
        int at = parts.next().at();
        Matrix rows = part.value();
        for (int i = 0; i < rows.rows; i++) {
          System.arraycopy(rows.data, rows.at(i), sessions.get(i).memory(), at, rows.cols);
        }
      }
    }
  }

  private void requireDistinct(List<Session> sessions) {
    for (int i = 0; i < sessions.size(); i++) {
      if (sessions.get(i).model() != model) {
        throw new IllegalArgumentException("session " + i + " is of another model than this batch");
      }
      sessions.get(i).setRow(i);
    }
    for (int i = 0; i < sessions.size(); i++) {
      int last = sessions.get(i).row();
      if (last != i) {
        throw new IllegalArgumentException(
            "sessions %d and %d are one: it can take one step at a time".formatted(i, last));
      }
    }
  }
}
