package dev.sluice.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cell.Cell;
import dev.sluice.cell.GruCell;
import dev.sluice.cell.LstmCell;
import dev.sluice.kernel.ScalarKernels;
import dev.sluice.kernel.Workers;
import dev.sluice.layer.Dense;
import dev.sluice.layer.Embedding;
import dev.sluice.layer.MergeMode;
import dev.sluice.layer.PaddedBatch;
import dev.sluice.layer.PaddedBatch.Fill;
import dev.sluice.layer.Recurrent;
import dev.sluice.layer.State;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.RandomKey;
import dev.sluice.network.RecurrentLayer.Reading;
import dev.sluice.tape.Activation;
import dev.sluice.tape.Backend;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A chain gives every sequence what it would get alone, and says which layer does not fit. */
class NetworkTest {
  private static final float PAD = -1;

  private final Backend backend = new Backend(new ScalarKernels(), Workers.SINGLE);

  private static Recurrent recurrent(String name, boolean bidirectional, Cell... cells) {
    return new Recurrent(name, List.of(cells), bidirectional, 0);
  }

  private static Network initialized(int inputWidth, NetworkLayer... layers) {
    Network network = new Network(inputWidth, List.of(layers));
    network.parameters().initialize(RandomKey.of(7));
    return network;
  }

  private Tape tape(Network network) {
    return Tape.inference(backend, network.parameters());
  }

  /** One sequence of two features for each step, no step real that is all {@link #PAD}. */
  private Matrix run(Network network, float... values) {
    return runBatch(network, 1, values).data().value();
  }

  private Features runBatch(Network network, int batch, float... values) {
    Tape tape = tape(network);
    int width = network.inputWidth();
    int rows = values.length / width;
    Var data = tape.constant(Matrix.of(rows, width, values));
    return network.forward(Features.sequences(data, PaddedBatch.full(batch, rows / batch)));
  }

  private static RecurrentLayer layer(Recurrent recurrent, Reading reading, boolean sequences) {
    return new RecurrentLayer(recurrent, MergeMode.CONCAT, reading, Fill.REPEAT, sequences);
  }

  @Test
  void maskedStepsChangeNothing() {
    Network network =
        initialized(
            2,
            new MaskingLayer("masking", PAD),
            layer(
                recurrent("gru", true, new GruCell(2, 3), new GruCell(2, 4)),
                Reading.FORWARD,
                true),
            layer(recurrent("lstm", false, new LstmCell(7, 5)), Reading.FORWARD, false),
            new DenseLayer(new Dense("dense", 5, 3)),
            new SoftmaxLayer("softmax"));
    Features both =
        runBatch(network, 2, 1, 2, PAD, PAD, 3, 4, PAD, PAD, PAD, PAD, 5, 6, PAD, PAD, PAD, PAD);
    assertThat(both.steps()).isEmpty();
    assertThat(both.data().value().rowRange(0, 1).toArray())
        .isEqualTo(run(network, 1, 2, 3, 4).toArray());
    assertThat(both.data().value().rowRange(1, 2).toArray())
        .isEqualTo(run(network, 5, 6).toArray());
    assertThat(network.outputShape()).isEqualTo(Shape.vectors(3)).hasToString("(B, 3)");
  }

  @Test
  void outputsAreRepeatedOverMaskedSteps() {
    Network network =
        initialized(
            2,
            new MaskingLayer("masking", PAD),
            layer(recurrent("lstm", false, new LstmCell(2, 3)), Reading.FORWARD, true));
    Matrix output = run(network, PAD, PAD, 1, 2, PAD, PAD, 3, 4);
    Matrix short2 = run(network, 1, 2, 3, 4);
    assertThat(output.rowRange(0, 1).toArray()).containsOnly(0);
    assertThat(output.rowRange(1, 2).toArray()).isEqualTo(short2.rowRange(0, 1).toArray());
    assertThat(output.rowRange(2, 3).toArray()).isEqualTo(short2.rowRange(0, 1).toArray());
    assertThat(output.rowRange(3, 4).toArray()).isEqualTo(short2.rowRange(1, 2).toArray());
  }

  @Test
  void readingOrders() {
    Recurrent lstm = recurrent("lstm", false, new LstmCell(2, 3));
    Matrix turned = run(initialized(2, layer(lstm, Reading.FORWARD, true)), 3, 4, 1, 2);
    Matrix reverse = run(initialized(2, layer(lstm, Reading.REVERSE, true)), 1, 2, 3, 4);
    Matrix backwards = run(initialized(2, layer(lstm, Reading.GO_BACKWARDS, true)), 1, 2, 3, 4);
    Matrix last = run(initialized(2, layer(lstm, Reading.GO_BACKWARDS, false)), 1, 2, 3, 4);
    assertThat(backwards.toArray()).isEqualTo(turned.toArray());
    assertThat(reverse.rowRange(0, 1).toArray()).isEqualTo(turned.rowRange(1, 2).toArray());
    assertThat(reverse.rowRange(1, 2).toArray()).isEqualTo(turned.rowRange(0, 1).toArray());
    assertThat(last.toArray()).isEqualTo(turned.rowRange(1, 2).toArray());
  }

  @Test
  void statesContinueASequence() {
    Network network =
        initialized(2, layer(recurrent("lstm", false, new LstmCell(2, 3)), Reading.FORWARD, true));
    Matrix whole = run(network, 1, 2, 3, 4);
    Tape tape = tape(network);
    Network.Result first = network.forward(step(tape, 1, 2), Map.of());
    Network.Result second = network.forward(step(tape, 3, 4), first.states());
    assertThat(second.output().data().value().toArray()).isEqualTo(whole.rowRange(1, 2).toArray());
    assertThatThrownBy(() -> network.forward(step(tape, 1, 2), Map.of("gru", new State(List.of()))))
        .hasMessage("there is an initial state for gru, but the recurrent layers are [lstm]");
  }

  private static Features step(Tape tape, float... values) {
    return Features.sequences(
        tape.constant(Matrix.of(1, values.length, values)), PaddedBatch.full(1, 1));
  }

  @Test
  void tokenZeroMayBePadding() {
    Network network =
        initialized(
            1,
            new EmbeddingLayer(new Embedding("embedding", 10, 4), true),
            layer(recurrent("lstm", false, new LstmCell(4, 3)), Reading.FORWARD, false));
    assertThat(run(network, 5, 7, 0, 0).toArray()).isEqualTo(run(network, 5, 7).toArray());
    assertThatThrownBy(() -> run(network, 1.5f))
        .hasMessage("embedding reads numbers of tokens, 0 to 9; got 1.5");
  }

  @Test
  void glueBetweenLayers() {
    Network network =
        initialized(
            2,
            new LastStepLayer("last"),
            new RepeatLayer("repeat", 3),
            new ActivationLayer("double", Activation.affine(2, 0)),
            new FlattenLayer("flatten", 3));
    assertThat(runBatch(network, 2, 1, 2, 3, 4, 5, 6, 7, 8).data().value().toArray())
        .containsExactly(6, 8, 6, 8, 6, 8, 14, 16, 14, 16, 14, 16);
    assertThat(network.outputShape()).isEqualTo(Shape.vectors(6));
  }

  @Test
  void flatteningNeedsItsLength() {
    Network network = initialized(2, new FlattenLayer("flatten", 3));
    assertThatThrownBy(() -> run(network, 1, 2, 3, 4))
        .hasMessage("flatten flattens sequences of 3 steps, got 2; pad them to that length");
  }

  @Test
  void whatDoesNotFitIsNamed() {
    RecurrentLayer last =
        layer(recurrent("lstm", false, new LstmCell(2, 3)), Reading.FORWARD, false);
    RecurrentLayer second =
        layer(recurrent("lstm2", false, new LstmCell(3, 3)), Reading.FORWARD, false);
    assertThatThrownBy(() -> new Network(2, List.of(last, second)))
        .hasMessage(
            "lstm2 reads sequences, but what stands before it gives one vector for each; does that"
                + " layer have to return all its outputs (return_sequences)?");
    assertThatThrownBy(
            () -> new Network(2, List.of(last, new DenseLayer(new Dense("dense", 4, 2)))))
        .hasMessage("dense reads 4 features, but what stands before it gives 3");
    assertThatThrownBy(() -> new Network(2, List.of(new LastStepLayer("a"), new SoftmaxLayer("a"))))
        .hasMessage("two layers are called a; layers are told apart by their names");
    assertThatThrownBy(
            () ->
                new RecurrentLayer(
                    recurrent("lstm", false, new LstmCell(2, 3)),
                    MergeMode.SUM,
                    Reading.FORWARD,
                    Fill.ZERO,
                    true))
        .hasMessage("lstm: two directions of equal width can be merged by SUM, and nothing else");
  }
}
