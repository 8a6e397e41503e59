package dev.sluice.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cell.Cell;
import dev.sluice.cell.GruCell;
import dev.sluice.cell.LstmCell;
import dev.sluice.cell.LstmVariant;
import dev.sluice.cell.LstmVariantCell;
import dev.sluice.cell.RnnCell;
import dev.sluice.io.dialect.ActivationNames;
import dev.sluice.kernel.ScalarKernels;
import dev.sluice.kernel.Workers;
import dev.sluice.layer.PaddedBatch;
import dev.sluice.layer.Recurrent;
import dev.sluice.layer.State;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.Packing;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Backend;
import dev.sluice.tape.PackedSequence;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The mistakes that PyTorch catches, each made here: it is caught as well, and the message says what was
 * given and what was expected; or it is none here, or cannot be made. A case of the file that is not
 * dealt with fails, and so does one that the file does not have.
 */
class PyTorchErrorsTest {
  private static final String FILE = "/golden/errors/pytorch_errors.json";

  /** What becomes of a mistake. */
  private sealed interface Outcome {}

  /** It is caught. */
  private record Caught(ThrowingCallable call, String message) implements Outcome {}

  /** It works here. */
  private record Works(String why, ThrowingCallable call) implements Outcome {}

  /** Nothing can be written that would be this mistake. */
  private record Impossible(String why) implements Outcome {}

  private static final Outcome NO_RANKS =
      new Impossible("data of a packed sequence and parts of a state are matrices by their type");
  private static final Outcome FLOATS_ONLY = new Impossible("all numbers are float32");
  private static final Outcome SORTS =
      new Works("sequences are packed in any order", () -> Packing.of(1, 3, 2));

  @TempDir private Path folder;
  private final Map<String, Outcome> outcomes = new LinkedHashMap<>();
  private final Tape tape =
      Tape.inference(new Backend(new ScalarKernels(), Workers.SINGLE), new Parameters(List.of()));

  @TestFactory
  Stream<DynamicTest> cases() throws IOException {
    modules();
    projections();
    cells();
    packing();
    stateDicts();
    List<String> names;
    try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream(FILE))) {
      JsonNode cases = JsonMapper.shared().readTree(in).required("cases");
      names = cases.valueStream().map(c -> c.required("case").asString()).toList();
    }
    assertThat(names).hasSize(89).hasSameElementsAs(outcomes.keySet());
    return names.stream()
        .map(
            name ->
                DynamicTest.dynamicTest(
                    name, () -> verify(Objects.requireNonNull(outcomes.get(name)))));
  }

  private static void verify(Outcome outcome) {
    switch (outcome) {
      case Caught caught ->
          assertThatThrownBy(caught.call())
              .isInstanceOfAny(IllegalArgumentException.class, ModelFileException.class)
              .hasMessage(caught.message());
      case Works works -> assertThatCode(works.call()).as(works.why()).doesNotThrowAnyException();
      case Impossible impossible -> assertThat(impossible.why()).isNotEmpty();
    }
  }

  private void caught(String name, String message, ThrowingCallable call) {
    outcomes.put(name, new Caught(call, message));
  }

  /** {@code nn.LSTM}, {@code nn.GRU} and {@code nn.RNN}, of 3 inputs, 5 units, 2 layers, on 4 sequences of 6 steps. */
  private void modules() {
    modules("LSTM", "an LSTM", LstmCell::new);
    modules("GRU", "a GRU", GruCell::new);
    modules("RNN", "an RNN", RnnCell::new);
    caught(
        "LSTM hidden given as one tensor",
        "rnn: initial state of layer 0 forward: expected 2 part(s) (h, c), got 1",
        () -> run(new LstmCell(3, 5), x(4, 3), State.of(zeros(4, 5))));
    caught(
        "LSTM c wrong, h right",
        "rnn: initial state of layer 0 forward, c: expected (4, 5), got (4, 6)",
        () -> run(new LstmCell(3, 5), x(4, 3), State.of(zeros(4, 5), zeros(4, 6))));
    caught(
        "RNN nonlinearity garbage",
        "unknown activation \"garbage\"; known are tanh, sigmoid, hard_sigmoid, relu, softsign,"
            + " softplus, elu, linear",
        () -> ActivationNames.keras("garbage", false));
    caught(
        "packed input wrong feature",
        "rnn: expected an input of 3 features, got 4",
        () -> run(new LstmCell(3, 5), new PackedSequence(Packing.of(3, 2), zeros(5, 4))));
    caught(
        "packed input hidden batch wrong",
        "rnn: initial state of layer 0 forward, h: expected (2, 5), got (3, 5);"
            + " the input has 2 sequence(s)",
        () ->
            run(
                new LstmCell(3, 5),
                new PackedSequence(Packing.of(3, 2), zeros(5, 3)),
                State.of(zeros(3, 5), zeros(3, 5))));
  }

  private void modules(String kind, String a, BiFunction<Integer, Integer, Cell> cell) {
    Recurrent module = new Recurrent("rnn", List.of(cell.apply(3, 5), cell.apply(5, 5)), false, 0);
    caught(
        kind + " zero-length sequence",
        "sequence 0 has length 0: every sequence needs at least one step",
        () -> Packing.uniform(4, 0));
    caught(
        kind + " zero batch", "a batch needs at least one sequence", () -> Packing.uniform(0, 6));
    caught(
        kind + " input_size wrong",
        "rnn: expected an input of 3 features, got 7",
        () -> module.forward(x(4, 7)));
    caught(
        kind + " input batch != hidden batch",
        "rnn: initial state of layer 0 forward, h: expected (7, 5), got (4, 5);"
            + " the input has 7 sequence(s)",
        () -> module.forward(x(7, 3), module.zeroState(tape, 4)));
    caught(
        kind + " hidden batch wrong",
        "rnn: initial state of layer 0 forward, h: expected (4, 5), got (7, 5);"
            + " the input has 4 sequence(s)",
        () -> module.forward(x(4, 3), module.zeroState(tape, 7)));
    caught(
        kind + " hidden size wrong",
        "rnn: initial state of layer 0 forward, h: expected (4, 5), got (4, 7)",
        () -> module.forward(x(4, 3), module.zeroState(tape, 4).map(part -> zeros(4, 7))));
    List<Var> one = module.zeroState(tape, 4).cells().getFirst();
    caught(
        kind + " hidden layers wrong",
        "rnn: expected a state for each of 2 cells (2 layer(s), 1 direction(s)), got 7",
        () -> module.forward(x(4, 3), new State(Collections.nCopies(7, one))));
    outcomes.put(kind + " 1-D input", NO_RANKS);
    outcomes.put(kind + " 4-D input", NO_RANKS);
    outcomes.put(kind + " batched input, 2-D hidden", NO_RANKS);
    outcomes.put(kind + " unbatched input, 3-D hidden", NO_RANKS);
    outcomes.put(kind + " dtype mismatch", FLOATS_ONLY);
    caught(
        kind + " dropout out of range",
        "rnn: dropout must be in [0, 1), got 1.5",
        () -> new Recurrent("rnn", module.cells(), false, 1.5f));
    caught(
        kind + " dropout with 1 layer",
        "rnn: dropout is between layers, and there is only one: a dropout of 0.5 would do nothing;"
            + " for dropout on the output write 0 here and drop the output itself",
        () -> new Recurrent("rnn", List.of(cell.apply(3, 5)), false, 0.5f));
    caught(
        kind + " hidden_size 0",
        a + " needs at least 1 input and 1 hidden unit, got input 3, hidden 0",
        () -> cell.apply(3, 0));
    caught(
        kind + " negative hidden_size",
        a + " needs at least 1 input and 1 hidden unit, got input 3, hidden -5",
        () -> cell.apply(3, -5));
    caught(
        kind + " num_layers 0",
        "rnn: there must be at least one layer, got no cell",
        () -> new Recurrent("rnn", List.of(), false, 0));
  }

  private void projections() {
    outcomes.put(
        "LSTM proj_size", new Works("an LSTM may be projected", () -> run(projected(2), x(4, 3))));
    Outcome none = new Impossible("GruCell and RnnCell have no projection");
    outcomes.put("GRU proj_size", none);
    outcomes.put("RNN proj_size", none);
    caught(
        "LSTM proj h wrong",
        "rnn: initial state of layer 0 forward, h: expected (4, 2), got (4, 5);"
            + " that is the size of c",
        () -> run(projected(2), x(4, 3), State.of(zeros(4, 5), zeros(4, 5))));
    outcomes.put(
        "LSTM proj_size = hidden_size",
        new Works(
            "TF1's num_proj may be any size, and its models are run here",
            () -> run(projected(5), x(4, 3))));
    caught(
        "LSTM proj_size negative",
        "a projection has at least 1 unit (0: none), got -1.0",
        () -> projected(-1));
  }

  /** {@code nn.LSTMCell} and its kin, of 10 inputs and 20 units, on 3 sequences. */
  private void cells() {
    cells("LSTM", new LstmCell(10, 20));
    cells("GRU", new GruCell(10, 20));
    cells("RNN", new RnnCell(10, 20));
    caught(
        "RNNCell nonlinearity garbage",
        "unknown activation \"x\"; known are tanh, sigmoid, hard_sigmoid, relu, softsign,"
            + " softplus, elu, linear",
        () -> ActivationNames.keras("x", false));
  }

  private void cells(String kind, Cell cell) {
    caught(
        kind + "Cell input_size wrong",
        kind + ": expected an input of 10 features, got 11",
        () -> step(cell, zeros(3, 11), 3, 20));
    caught(
        kind + "Cell hidden_size wrong",
        kind + ": state, h: expected (3, 20), got (3, 21)",
        () -> step(cell, zeros(3, 10), 3, 21));
    caught(
        kind + "Cell batch wrong",
        kind + ": state, h: expected (3, 20), got (1, 20); the input has 3 sequence(s)",
        () -> step(cell, zeros(3, 10), 1, 20));
    outcomes.put(kind + "Cell 3-D input", NO_RANKS);
  }

  private void packing() {
    outcomes.put("pack_padded unsorted, enforce_sorted", SORTS);
    outcomes.put("pack_sequence unsorted", SORTS);
    caught(
        "pack_padded length 0",
        "sequence 1 has length 0: every sequence needs at least one step",
        () -> Packing.of(3, 0, 1));
    caught(
        "pack_padded negative length",
        "sequence 2 has length -1, but the batch has 4 steps",
        () -> PaddedBatch.mask(4, 3, 2, -1));
    caught(
        "pack_padded lengths size",
        "a padded batch of 2 sequences and 4 steps needs 8 rows, got Var(12, 2);"
            + " is there a length, or a row of the mask, for each sequence?",
        () -> PaddedBatch.timeMajor(PaddedBatch.mask(4, 3, 2)).pack(zeros(12, 2)));
    caught(
        "pack_padded length > T",
        "sequence 0 has length 5, but the batch has 4 steps",
        () -> PaddedBatch.mask(4, 5, 1));
    caught(
        "pack_padded empty",
        "a batch needs at least one sequence",
        () -> PaddedBatch.timeMajor(PaddedBatch.mask(4)));
    caught(
        "pack_padded T=0",
        "the mask leaves no step of any sequence",
        () -> PaddedBatch.timeMajor(PaddedBatch.mask(0, 0, 0)));
    caught("pack_sequence empty list", "a batch needs at least one sequence", Packing::of);
    outcomes.put("pad_sequence non iterable", new Impossible("lengths are ints by their type"));
    caught(
        "pad_packed total_length short",
        "sequence 0 has length 3, but the batch has 2 steps",
        () -> PaddedBatch.mask(2, 3, 1));
  }

  /** The weights of an LSTM of 3 inputs and 5 units, as files with a tensor too many, too few, or of another shape. */
  private void stateDicts() {
    caught(
        "load_state_dict shape mismatch",
        file("shape")
            + ": weight_ih_l0: expected [20, 3], as this model is built, found [20, 4];"
            + " is it the file of another model?",
        () -> load("shape", tensors(4)));
    List<Tensor> three = tensors(3).subList(0, 3);
    caught(
        "load_state_dict missing key",
        file("missing") + ": bias_hh_l0 is missing; is it the file of another model?",
        () -> load("missing", three));
    List<Tensor> five =
        Stream.concat(tensors(3).stream(), Stream.of(tensor("weight_ih_l1", 20, 5))).toList();
    caught(
        "load_state_dict unexpected key",
        file("unexpected")
            + ": \"weight_ih_l1\" is not a parameter of this model; is it the file of another"
            + " model?",
        () -> load("unexpected", five));
  }

  private Path file(String name) {
    return folder.resolve(name + ".safetensors");
  }

  private void load(String name, List<Tensor> tensors) throws IOException {
    SafetensorsWriter.write(file(name), Map.of(), tensors);
    Recurrent module = new Recurrent("", List.of(new LstmCell(3, 5)), false, 0);
    try (SafetensorsFile stored = SafetensorsFile.open(file(name))) {
      Weights.read(file(name), stored, new Parameters(module.parameters()));
    }
  }

  private static List<Tensor> tensors(int inputs) {
    return List.of(
        tensor("weight_ih_l0", 20, inputs),
        tensor("weight_hh_l0", 20, 5),
        new Tensor("bias_ih_l0", List.of(20), new float[20]),
        new Tensor("bias_hh_l0", List.of(20), new float[20]));
  }

  private static Tensor tensor(String name, int rows, int cols) {
    return new Tensor(name, List.of(rows, cols), new float[rows * cols]);
  }

  private static LstmVariantCell projected(int size) {
    return new LstmVariantCell(3, 5, LstmVariant.PLAIN.withProjection(size));
  }

  private void run(Cell cell, PackedSequence x) {
    run(
        cell,
        x,
        new Recurrent("rnn", List.of(cell), false, 0).zeroState(tape, x.packing().batch()));
  }

  /** On a tape that has the cell's weights. */
  private static void run(Cell cell, PackedSequence x, State initial) {
    Recurrent module = new Recurrent("rnn", List.of(cell), false, 0);
    Tape own =
        Tape.inference(
            new Backend(new ScalarKernels(), Workers.SINGLE), new Parameters(module.parameters()));
    module.forward(
        new PackedSequence(x.packing(), own.constant(x.data().value())),
        initial.map(part -> own.constant(part.value())));
  }

  private void step(Cell cell, Var x, int batch, int hidden) {
    List<Var> weights = cell.parameters("").stream().map(p -> zeros(p.rows(), p.cols())).toList();
    List<Var> state = cell.stateSizes().stream().map(size -> zeros(batch, hidden)).toList();
    cell.step(x, state, weights);
  }

  /** Sequences of 6 steps. */
  private PackedSequence x(int batch, int features) {
    return new PackedSequence(Packing.uniform(batch, 6), zeros(6 * batch, features));
  }

  private Var zeros(int rows, int cols) {
    return tape.constant(Matrix.zeros(rows, cols));
  }
}
