package dev.sluice.model;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cell.GruCell;
import dev.sluice.cell.LstmCell;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.ScalarKernels;
import dev.sluice.kernel.Workers;
import dev.sluice.matrix.Matrix;
import dev.sluice.tape.Backend;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sessions stepped together, in any company and at any time, go the way they go alone. */
class SessionBatchTest {
  private static final Backend VECTOR =
      new Backend(KernelProvider.choose("vector").kernels(), Workers.SINGLE);
  private static final List<Backend> BACKENDS =
      List.of(
          new Backend(new ScalarKernels(), Workers.SINGLE),
          VECTOR,
          new Backend(VECTOR.kernels(), Workers.of(3)));

  static Stream<StreamRun> networks() {
    return Stream.of(
        StreamRun.of(StreamRun.lstm(3, 5)),
        StreamRun.of(StreamRun.lstm(7, 13, 40), 3, 2),
        StreamRun.of(StreamRun.lstm(16, 128), 10),
        StreamRun.of(List.of(new LstmCell(4, 6, false), new GruCell(6, 5)), 1));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void togetherIsEachAlone(StreamRun run) {
    for (Backend backend : BACKENDS) {
      for (Precision precision : Precision.values()) {
        interleave(run, run.model(backend, precision));
      }
    }
  }

  /** Each turn steps some sessions, by batch or alone; in the end all have taken all their steps. */
  private static void interleave(StreamRun run, StreamingModel model) {
    Random random = new Random(3);
    SessionBatch batch = model.batch();
    int streams = 40;
    List<Matrix> inputs = new ArrayList<>();
    List<Matrix> expected = new ArrayList<>();
    List<Matrix> actual = new ArrayList<>();
    List<Session> sessions = new ArrayList<>();
    int[] taken = new int[streams];
    for (int i = 0; i < streams; i++) {
      inputs.add(run.input(i));
      expected.add(StreamRun.stream(model.open(), inputs.get(i), model.outputSize()));
      actual.add(Matrix.zeros(inputs.get(i).rows, model.outputSize()));
      sessions.add(model.open());
    }
    for (int turn = 0; turn < 60; turn++) {
      int most = turn % 7;
      List<Integer> chosen =
          random
              .ints(0, streams)
              .distinct()
              .limit(1 + most * most)
              .boxed()
              .filter(i -> taken[i] < inputs.get(i).rows)
              .toList();
      Matrix x = Matrix.zeros(chosen.size(), model.inputSize());
      Matrix y = Matrix.zeros(chosen.size(), model.outputSize());
      for (int r = 0; r < x.rows; r++) {
        int i = chosen.get(r);
        x.rowRange(r, r + 1).copyFrom(inputs.get(i).rowRange(taken[i], taken[i] + 1));
      }
      if (chosen.size() == 1) {
        sessions.get(chosen.getFirst()).step(x.data, y.data);
      } else {
        batch.step(chosen.stream().map(sessions::get).toList(), x, y);
      }
      for (int r = 0; r < y.rows; r++) {
        int i = chosen.get(r);
        actual.get(i).rowRange(taken[i], taken[i] + 1).copyFrom(y.rowRange(r, r + 1));
        taken[i]++;
      }
    }
    for (int i = 0; i < streams; i++) {
      StreamRun.assertSameBits(
          actual.get(i).rowRange(0, taken[i]), expected.get(i).rowRange(0, taken[i]));
    }
  }

  @Test
  void refusesWhatDoesNotBelongTogether() {
    StreamRun run = StreamRun.of(StreamRun.lstm(3, 5));
    StreamingModel model = run.model(VECTOR, Precision.FLOAT32);
    SessionBatch batch = model.batch();
    Session a = model.open();
    Session b = model.open();
    Matrix x = Matrix.zeros(3, 3);
    Matrix y = Matrix.zeros(3, 5);
    assertThatThrownBy(() -> batch.step(List.of(a, b, a), x, y))
        .hasMessage("sessions 0 and 2 are one: it can take one step at a time");
    Session stranger = run.model(VECTOR, Precision.FLOAT32).open();
    assertThatThrownBy(() -> batch.step(List.of(a, b, stranger), x, y))
        .hasMessage("session 2 is of another model than this batch");
    assertThatThrownBy(() -> batch.step(List.of(a, b), x, y))
        .hasMessage("x: expected (2, 3), got (3, 3)");
    assertThatThrownBy(() -> batch.step(List.of(a, b), x.rowRange(0, 2), y))
        .hasMessage("y: expected (2, 5), got (3, 5)");
    batch.step(List.of(), x.rowRange(0, 0), y.rowRange(0, 0));
  }
}
