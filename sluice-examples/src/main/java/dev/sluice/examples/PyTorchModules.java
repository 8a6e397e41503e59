package dev.sluice.examples;

import dev.sluice.cell.Cell;
import dev.sluice.cell.Direction;
import dev.sluice.cell.GruCell;
import dev.sluice.cell.LstmCell;
import dev.sluice.cell.RnnCell;
import dev.sluice.io.Weights;
import dev.sluice.layer.PaddedBatch;
import dev.sluice.layer.PaddedBatch.Fill;
import dev.sluice.layer.Recurrent;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.RandomKey;
import dev.sluice.parameter.Initializer;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Activation;
import dev.sluice.tape.Backend;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;

/**
 * PyTorch's recurrent modules: two layers in both directions over a packed batch, their parameters by name, and a state
 * dict written and read again.
 *
 * <p>Replaces {@code nn.LSTM}, {@code nn.GRU} and {@code nn.RNN} with {@code num_layers}, {@code bidirectional}, {@code
 * batch_first}, {@code pack_padded_sequence} and {@code state_dict}.
 */
public final class PyTorchModules {
  private static final int INPUTS = 3;
  private static final int UNITS = 4;
  private static final int STEPS = 4;
  private static final int[] LENGTHS = {2, 4, 3}; // enforce_sorted=False

  private PyTorchModules() {}

  /** Prints parameters, outputs and states of each module. */
  public static void main(String... args) throws IOException {
    try (Backend backend = Backend.create(1)) {
      Recurrent lstm = Recurrent.of("", INPUTS, 2, true, 0, inputs -> new LstmCell(inputs, UNITS));
      Parameters parameters = new Parameters(lstm.parameters());
      parameters.initialize(RandomKey.of(1)); // uniform in ±1/√H
      System.out.print(parameters.describe());
      run(backend, lstm, parameters);

      Path file = Files.createTempFile("lstm", ".safetensors");
      Weights.write(file, parameters);
      Parameters stored = new Parameters(lstm.parameters());
      Weights.read(file, stored);
      Files.delete(file);
      System.out.println("from the file");
      run(backend, lstm, stored);

      module(backend, "GRU", 2, inputs -> new GruCell(inputs, UNITS));
      module(backend, "RNN", 2, inputs -> new RnnCell(inputs, UNITS));
      module(
          backend,
          "RNN, nonlinearity relu",
          1,
          inputs -> new RnnCell(inputs, UNITS, Activation.RELU, true));
    }
  }

  private static void module(Backend backend, String name, int numLayers, IntFunction<Cell> cell) {
    Recurrent layers = Recurrent.of("", INPUTS, numLayers, false, 0, cell);
    Parameters parameters = new Parameters(layers.parameters());
    parameters.initialize(RandomKey.of(1));
    System.out.println(name);
    run(backend, layers, parameters);
  }

  private static void run(Backend backend, Recurrent layers, Parameters parameters) {
    Tape tape = Tape.inference(backend, parameters);
    PaddedBatch batch = PaddedBatch.batchMajor(PaddedBatch.mask(STEPS, LENGTHS)); // batch_first
    Matrix x = Matrix.zeros(LENGTHS.length * STEPS, INPUTS);
    Initializer.uniform(1).fill(x, RandomKey.of(2));
    Recurrent.Result result = layers.forward(batch.pack(tape.constant(x)));

    Var output = batch.unpack(result.output(), Fill.ZERO, Direction.FORWARD);
    Show.sequences("output", LENGTHS.length, STEPS, output.value());
    List<List<Var>> state = result.state().cells();
    List<Var> h = state.stream().map(parts -> parts.getFirst()).toList();
    Show.sequences("h_n", h.size(), LENGTHS.length, Var.stackRows(h).value());
    if (state.getFirst().size() == 2) {
      List<Var> c = state.stream().map(parts -> parts.getLast()).toList();
      Show.sequences("c_n", c.size(), LENGTHS.length, Var.stackRows(c).value());
    }
  }
}
