package dev.sluice.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cell.Cell;
import dev.sluice.cell.GruCell;
import dev.sluice.cell.LstmCell;
import dev.sluice.cell.LstmVariant;
import dev.sluice.cell.LstmVariantCell;
import dev.sluice.cell.RnnCell;
import dev.sluice.cell.SampleCells;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.ScalarKernels;
import dev.sluice.kernel.Workers;
import dev.sluice.layer.Dense;
import dev.sluice.layer.Recurrent;
import dev.sluice.matrix.Matrix;
import dev.sluice.parameter.Parameter;
import dev.sluice.parameter.ParameterSpec;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Activation;
import dev.sluice.tape.Backend;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A stream gives what the whole sequence gives, and its state can be kept, moved and dropped. */
class SessionTest {
  private static final Backend SCALAR = new Backend(new ScalarKernels(), Workers.SINGLE);
  private static final Backend VECTOR =
      new Backend(KernelProvider.choose("vector").kernels(), Workers.SINGLE);
  private static final List<Backend> BACKENDS =
      List.of(
          SCALAR,
          VECTOR,
          new Backend(VECTOR.kernels(), Workers.of(2)),
          new Backend(VECTOR.kernels(), Workers.of(5)));

  private static final StreamRun SMALL = StreamRun.of(StreamRun.lstm(3, 5, 4), 2);

  static Stream<StreamRun> networks() {
    List<StreamRun> runs = new ArrayList<>();
    for (int hidden : new int[] {1, 5, 13, 16, 17, 31, 32, 33, 48, 100, 128}) {
      for (int input : new int[] {1, 7, 16}) {
        runs.add(StreamRun.of(StreamRun.lstm(input, hidden)));
        runs.add(StreamRun.of(List.of(new GruCell(input, hidden, true, hidden != 16))));
        runs.add(StreamRun.of(List.of(new RnnCell(input, hidden))));
      }
    }
    runs.add(StreamRun.of(StreamRun.lstm(6, 40, 24, 70)));
    runs.add(StreamRun.of(StreamRun.lstm(128, 128, 128), 32));
    runs.add(StreamRun.of(StreamRun.lstm(9, 20), 1, 63, 64, 65, 130));
    runs.add(StreamRun.of(List.of(new LstmCell(4, 6, false), new GruCell(6, 5)), 3));
    runs.add(
        StreamRun.of(
            List.of(
                new LstmVariantCell(6, 40, LstmVariant.TF1),
                new GruCell(40, 70),
                new RnnCell(70, 33, Activation.RELU, true))));
    SampleCells.all().values().forEach(cell -> runs.add(StreamRun.of(List.of(cell), 2)));
    return runs.stream();
  }

  @ParameterizedTest
  @MethodSource("networks")
  void aStreamIsTheWholeSequence(StreamRun run) {
    Matrix x = run.input(0);
    Matrix whole = run.whole(SCALAR, run.parameters(), x);
    for (Backend backend : BACKENDS) {
      Session session = run.model(backend, Precision.FLOAT32).open();
      StreamRun.assertSameBits(StreamRun.stream(session, x, whole.cols), whole);
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void bfloat16IsRoundingOfTheWeightsAndNothingElse(StreamRun run) {
    Parameters rounded = run.parameters();
    for (Parameter p : rounded.all()) {
      if (p.spec().kind() == ParameterSpec.Kind.WEIGHT) {
        Precision.BFLOAT16.round(p.value());
      }
    }
    Matrix x = run.input(0);
    Matrix whole = run.whole(SCALAR, rounded, x);
    for (Backend backend : BACKENDS) {
      Session session = run.model(backend, Precision.BFLOAT16).open();
      StreamRun.assertSameBits(StreamRun.stream(session, x, whole.cols), whole);
    }
  }

  @Test
  void saysWhatRunsEachLayer() {
    List<Cell> cells =
        List.of(
            new LstmCell(4, 6),
            new LstmVariantCell(6, 6, LstmVariant.TF1),
            new LstmVariantCell(6, 6, LstmVariant.TF1.withPeepholes()),
            new GruCell(6, 5),
            new GruCell(5, 5, false, true),
            new RnnCell(5, 5),
            new RnnCell(5, 5, Activation.RELU, true),
            new RnnCell(5, 5, Activation.SOFTSIGN, true));
    assertThat(StreamRun.of(cells, 3).model(VECTOR, Precision.FLOAT32).layers())
        .containsExactly(
            "LSTM 4 -> 6, step kernel",
            "LSTM 6 -> 6, step kernel",
            "LSTM 6 -> 6, by its formula",
            "GRU 6 -> 5, step kernel",
            "GRU 5 -> 5, by its formula",
            "RNN 5 -> 5, step kernel",
            "RNN 5 -> 5, step kernel",
            "RNN 5 -> 5, by its formula",
            "dense 5 -> 3, step kernel");
  }

  @Test
  void resetGoesBackToTheBeginning() {
    Session session = SMALL.model(VECTOR, Precision.FLOAT32).open();
    Matrix first = StreamRun.stream(session, SMALL.input(0), 2);
    session.reset();
    StreamRun.assertSameBits(StreamRun.stream(session, SMALL.input(0), 2), first);
  }

  @Test
  void goesOnFromASavedStateInAnotherSession() {
    Matrix x = SMALL.input(0);
    Matrix whole = SMALL.whole(SCALAR, SMALL.parameters(), x);
    Session session = SMALL.model(VECTOR, Precision.FLOAT32).open();
    for (int t = 0; t < x.rows; t++) {
      Session next = SMALL.model(SCALAR, Precision.FLOAT32).open();
      next.restore(session.save());
      Matrix y = StreamRun.stream(next, x.rowRange(t, t + 1), 2);
      StreamRun.assertSameBits(y, whole.rowRange(t, t + 1));
      assertThat(next.save()).isNotEqualTo(session.save());
      session = next;
    }
  }

  @Test
  void aSavedStateIsAValue() {
    Session session = SMALL.model(VECTOR, Precision.FLOAT32).open();
    byte[] saved = session.save();
    byte[] copy = saved.clone();
    StreamRun.stream(session, SMALL.input(0), 2);
    assertThat(saved).isEqualTo(copy);
    session.restore(saved);
    assertThat(session.save()).isEqualTo(saved);
  }

  @Test
  void manyThreadsShareAModel() throws Exception {
    StreamRun run = StreamRun.of(List.of(new LstmCell(3, 40), new GruCell(40, 7)), 2);
    StreamingModel model = run.model(BACKENDS.getLast(), Precision.FLOAT32);
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<Matrix>> outputs = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        Matrix x = run.input(i);
        outputs.add(threads.submit(() -> StreamRun.stream(model.open(), x, 2)));
      }
      for (int i = 0; i < outputs.size(); i++) {
        StreamRun.assertSameBits(
            outputs.get(i).get(), run.whole(SCALAR, run.parameters(), run.input(i)));
      }
    }
  }

  @Test
  void parametersThatChangeLaterDoNotChangeTheModel() {
    Parameters parameters = SMALL.parameters();
    StreamingModel model =
        new StreamingModel(VECTOR, parameters, SMALL.recurrent(), SMALL.heads(), Precision.FLOAT32);
    Arrays.fill(parameters.values(), 7);
    parameters.changed();
    Matrix x = SMALL.input(0);
    Matrix whole = SMALL.whole(SCALAR, SMALL.parameters(), x);
    StreamRun.assertSameBits(StreamRun.stream(model.open(), x, 2), whole);
  }

  @Test
  void messagesSayWhatDoesNotFit() {
    Session session = SMALL.model(VECTOR, Precision.FLOAT32).open();
    assertThatThrownBy(() -> session.step(new float[2], new float[2]))
        .hasMessage("x: expected 3 floats (the model's inputs), got 2");
    assertThatThrownBy(() -> session.step(new float[3], new float[1]))
        .hasMessage("y: expected 2 floats (the model's outputs), got 1");
    assertThatThrownBy(() -> session.step(new float[9], 7, new float[2], 0))
        .hasMessage("x: 3 floats (the model's inputs) from index 7 do not fit in an array of 9");
    assertThatThrownBy(() -> session.step(new float[9], -1, new float[2], 0))
        .hasMessage("x: 3 floats (the model's inputs) from index -1 do not fit in an array of 9");

    List<Cell> both = List.of(new LstmCell(3, 5), new LstmCell(3, 5));
    assertThatThrownBy(() -> model(new Recurrent("rnn", both, true, 0)))
        .hasMessage(
            "rnn: reads in both directions, and a stream has no end to read from;"
                + " stream a network that was trained in one direction");
    Dense wide = new Dense("wide", 5, 2);
    assertThatThrownBy(
            () ->
                new StreamingModel(
                    VECTOR,
                    SMALL.parameters(),
                    SMALL.recurrent(),
                    List.of(wide),
                    Precision.FLOAT32))
        .hasMessage("wide: takes 5 inputs, but the last recurrent layer gives 4");
    assertThatThrownBy(() -> model(new Recurrent("lstm", SMALL.recurrent().cells(), false, 0)))
        .hasMessageStartingWith("no parameter is named lstm.weight_ih_l0; there are rnn.weight");
    assertThatThrownBy(() -> model(new Recurrent("rnn", StreamRun.lstm(3, 4), false, 0)))
        .hasMessage("rnn.weight_ih_l0: expected (3, 16), got (3, 20)");
  }

  private static StreamingModel model(Recurrent recurrent) {
    return new StreamingModel(VECTOR, SMALL.parameters(), recurrent, List.of(), Precision.FLOAT32);
  }

  @Test
  void aStateOfAnotherModelOrADamagedOneIsRefusedAndChangesNothing() {
    Session session = SMALL.model(VECTOR, Precision.FLOAT32).open();
    StreamRun.stream(session, SMALL.input(0), 2);
    byte[] before = session.save();

    byte[] other =
        StreamRun.of(StreamRun.lstm(3, 4)).model(VECTOR, Precision.FLOAT32).open().save();
    assertThatThrownBy(() -> session.restore(other))
        .hasMessage(
            "the state is of a model with layers [LSTM 4+4]; this one has [LSTM 5+5, LSTM 4+4]");
    assertThatThrownBy(() -> session.restore("{}".getBytes(StandardCharsets.UTF_8)))
        .hasMessage("not a saved state: 2 bytes that do not begin with SLUICE01");
    assertThatThrownBy(() -> session.restore(Arrays.copyOf(before, before.length - 1)))
        .hasMessage("the state is damaged: expected 72 bytes for [LSTM 5+5, LSTM 4+4], found 71");
    byte[] wrongLength = before.clone();
    wrongLength[8] = -1;
    assertThatThrownBy(() -> session.restore(wrongLength))
        .hasMessageMatching(
            "the state is damaged: a text of -\\d+ bytes cannot be inside 102 bytes");
    assertThat(session.save()).isEqualTo(before);
  }
}
