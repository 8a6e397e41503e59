package dev.sluice.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cell.Cell;
import dev.sluice.cell.LstmCell;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.Workers;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.Packing;
import dev.sluice.matrix.RandomKey;
import dev.sluice.parameter.Initializer;
import dev.sluice.parameter.Parameter;
import dev.sluice.parameter.ParameterSpec;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Backend;
import dev.sluice.tape.PackedSequence;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;

class RecurrentTest {
  private static final List<Cell> TWO_LAYERS =
      List.of(new LstmCell(3, 4), new LstmCell(3, 4), new LstmCell(8, 5), new LstmCell(8, 5));

  @Test
  void parametersHaveTheNamesAndShapesOfPyTorch() {
    List<ParameterSpec> specs = new Recurrent("lstm", TWO_LAYERS, true, 0).parameters();
    assertThat(specs)
        .extracting(ParameterSpec::name)
        .containsExactly(
            "lstm.weight_ih_l0",
            "lstm.weight_hh_l0",
            "lstm.bias_ih_l0",
            "lstm.bias_hh_l0",
            "lstm.weight_ih_l0_reverse",
            "lstm.weight_hh_l0_reverse",
            "lstm.bias_ih_l0_reverse",
            "lstm.bias_hh_l0_reverse",
            "lstm.weight_ih_l1",
            "lstm.weight_hh_l1",
            "lstm.bias_ih_l1",
            "lstm.bias_hh_l1",
            "lstm.weight_ih_l1_reverse",
            "lstm.weight_hh_l1_reverse",
            "lstm.bias_ih_l1_reverse",
            "lstm.bias_hh_l1_reverse");
    assertThat(specs.get(8).fileShape()).containsExactly(20, 8);
    assertThat(specs.get(10).fileShape()).containsExactly(20);
  }

  @Test
  void layersOfOneKindReadWhatIsBelow() {
    assertThat(Recurrent.of("lstm", 3, 2, true, 0.5f, inputs -> new LstmCell(inputs, 4)))
        .isEqualTo(
            new Recurrent(
                "lstm",
                List.of(
                    new LstmCell(3, 4), new LstmCell(3, 4), new LstmCell(8, 4), new LstmCell(8, 4)),
                true,
                0.5f));
    assertThat(Recurrent.of("lstm", 3, 2, false, 0, inputs -> new LstmCell(inputs, 4)))
        .isEqualTo(new Recurrent("lstm", new LstmCell(3, 4), new LstmCell(4, 4)));
  }

  @Test
  void parametersOfLayersComeInTheirOrder() {
    Parameters parameters =
        Layer.parametersOf(new Embedding("words", 5, 3), new Dense("labels", 3, 2));
    assertThat(parameters.all())
        .extracting(Parameter::name)
        .containsExactly("words.weight", "labels.weight", "labels.bias");
  }

  @Test
  void dropoutBetweenLayersOnlyInTraining() {
    Recurrent dropping = new Recurrent("lstm", TWO_LAYERS, true, 0.5f);
    Recurrent keeping = new Recurrent("lstm", TWO_LAYERS, true, 0);
    Parameters parameters = new Parameters(dropping.parameters());
    parameters.initialize(RandomKey.of(1));
    Backend backend = new Backend(KernelProvider.choose().kernels(), Workers.SINGLE);
    Tape training = Tape.training(backend, parameters);
    Tape inference = Tape.inference(backend, parameters);
    assertThat(output(dropping, inference)).isEqualTo(output(keeping, inference));
    assertThat(output(dropping, training)).isNotEqualTo(output(keeping, training));
  }

  private static float[] output(Recurrent layers, Tape tape) {
    Packing packing = Packing.of(2, 5);
    Matrix x = Matrix.zeros(packing.rows(), 3);
    x.fill(1);
    return layers
        .forward(new PackedSequence(packing, tape.constant(x)))
        .output()
        .data()
        .value()
        .toArray();
  }

  /** However the batch is packed, row b of a state is of the sequence given as number b. */
  @Test
  void statesAreInTheOrderGiven() {
    Recurrent layers = new Recurrent("lstm", TWO_LAYERS, true, 0);
    Parameters parameters = new Parameters(layers.parameters());
    parameters.initialize(RandomKey.of(1));
    Tape tape =
        Tape.inference(new Backend(KernelProvider.choose().kernels(), Workers.SINGLE), parameters);
    int[] lengths = {2, 5, 1, 4};
    boolean[][] mask = PaddedBatch.mask(5, lengths);
    Var x = tape.constant(Matrix.zeros(4 * 5, 3));
    Initializer.uniform(1).fill(x.value(), RandomKey.of(2));
    State initial = layers.zeroState(tape, 4);
    initial.map(part -> fill(part, RandomKey.of(part.cols())));
    Recurrent.Result all = layers.forward(PaddedBatch.batchMajor(mask).pack(x), initial);
    for (int i = 0; i < lengths.length; i++) {
      int b = i;
      Packing alone = Packing.of(lengths[b]);
      PackedSequence steps = new PackedSequence(alone, x.rowRange(5 * b, 5 * b + lengths[b]));
      Recurrent.Result one = layers.forward(steps, initial.map(part -> part.rowRange(b, b + 1)));
      for (int k = 0; k < layers.cells().size(); k++) {
        for (int part = 0; part < 2; part++) {
          assertThat(one.state().cells().get(k).get(part).value().toArray())
              .isEqualTo(all.state().cells().get(k).get(part).value().rowRange(b, b + 1).toArray());
        }
      }
      assertThat(one.output().last().value().toArray())
          .isEqualTo(all.output().last().value().rowRange(b, b + 1).toArray());
      assertThat(one.output().first().value().toArray())
          .isEqualTo(all.output().first().value().rowRange(b, b + 1).toArray());
    }
  }

  private static Var fill(Var v, RandomKey key) {
    Initializer.uniform(1).fill(v.value(), key);
    return v;
  }

  @Test
  void statesThatDoNotFit() {
    Recurrent layers = new Recurrent("lstm", TWO_LAYERS, true, 0);
    Parameters parameters = new Parameters(layers.parameters());
    Tape tape =
        Tape.inference(new Backend(KernelProvider.choose().kernels(), Workers.SINGLE), parameters);
    PackedSequence x =
        new PackedSequence(Packing.of(2, 3, 1, 1), tape.constant(Matrix.zeros(7, 3)));
    assertStateError(layers, x, layers.zeroState(tape, 5))
        .isEqualTo(
            "lstm: initial state of layer 0 forward, h: expected (4, 4), got (5, 4);"
                + " the input has 4 sequence(s)");
    List<List<Var>> cells = new ArrayList<>(layers.zeroState(tape, 4).cells());
    Var h = cells.get(3).getFirst();
    cells.set(3, List.of(h, tape.constant(Matrix.zeros(4, 6))));
    assertStateError(layers, x, new State(cells))
        .isEqualTo("lstm: initial state of layer 1 backward, c: expected (4, 5), got (4, 6)");
    cells.set(3, List.of(h));
    assertStateError(layers, x, new State(cells))
        .isEqualTo("lstm: initial state of layer 1 backward: expected 2 part(s) (h, c), got 1");
    assertStateError(layers, x, State.of(h))
        .isEqualTo(
            "lstm: expected a state for each of 4 cells (2 layer(s), 2 direction(s)), got 1");
  }

  private static AbstractStringAssert<?> assertStateError(
      Recurrent layers, PackedSequence x, State state) {
    return assertThatThrownBy(() -> layers.forward(x, state)).message();
  }

  @Test
  void outputsOfTheSameLengthsStandSideBySide() {
    Tape tape =
        Tape.inference(
            new Backend(KernelProvider.choose().kernels(), Workers.SINGLE),
            new Parameters(List.of()));
    Var data = tape.constant(Matrix.of(3, 1, 1, 2, 3));
    PackedSequence a = new PackedSequence(Packing.of(1, 2), data);
    assertThat(a.concat(a).data().value().toArray()).containsExactly(1, 1, 2, 2, 3, 3);
    assertThatThrownBy(() -> a.concat(new PackedSequence(Packing.of(2, 1), data)))
        .hasMessage(
            "sequences of different lengths cannot be put side by side:"
                + " Packing[1, 2] and Packing[2, 1]");
    assertThatThrownBy(() -> a.inPackedOrder(data))
        .hasMessage("expected a row for each of 2 sequences, got Var(3, 1)");
  }

  @Test
  void sizesThatDoNotFit() {
    assertThatThrownBy(
            () -> new Recurrent("lstm", List.of(new LstmCell(3, 4), new LstmCell(5, 4)), false, 0))
        .hasMessage("lstm: cell 1 takes 5 inputs, but what it reads has 4 features");
    assertThatThrownBy(() -> new Recurrent("lstm", List.of(new LstmCell(3, 4)), true, 0))
        .hasMessage("lstm: expected 2 cell(s) for each layer, got 1 cells in all");
  }
}
