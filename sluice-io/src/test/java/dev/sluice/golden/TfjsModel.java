package dev.sluice.golden;

import dev.sluice.cell.Cell;
import dev.sluice.cell.Direction;
import dev.sluice.layer.DetachedState;
import dev.sluice.layer.Embedding;
import dev.sluice.layer.PaddedBatch;
import dev.sluice.layer.PaddedBatch.Fill;
import dev.sluice.layer.Recurrent;
import dev.sluice.layer.State;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.RandomKey;
import dev.sluice.parameter.Initializer;
import dev.sluice.parameter.Parameter;
import dev.sluice.parameter.ParameterSpec;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Backend;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import dev.sluice.train.Sgd;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The models that tfjs's tests train: maybe an embedding of ones whose token 0 is masked, recurrent layers of
 * Keras, and one dense unit, which has a bias when there are tokens. Squared error, SGD; the state is carried until it is
 * forgotten.
 */
final class TfjsModel {
  private static final Embedding EMBEDDING = new Embedding("embedding", 10, 4);
  private static final String DENSE = "dense.kernel";
  private static final String BIAS = "dense.bias";

  private final Backend backend;
  private final boolean hasBias;
  private final Recurrent recurrent;
  private final Parameters parameters;
  private Optional<DetachedState> carried = Optional.empty();
  private double rounding;

  private TfjsModel(GoldenRun.Way way, List<KerasLayer> layers, float dense, boolean onTokens) {
    hasBias = onTokens;
    backend = way.backend();
    List<Cell> cells = layers.stream().map(layer -> way.cell(layer.cell())).toList();
    recurrent = new Recurrent("", cells, false, 0);
    Map<String, GoldenTensor> weights = new LinkedHashMap<>();
    for (int layer = 0; layer < layers.size(); layer++) {
      weights.putAll(layers.get(layer).weights("_l" + layer));
    }
    List<ParameterSpec> specs = new ArrayList<>(recurrent.parameters());
    specs.add(ParameterSpec.weight(DENSE, recurrent.outputSize(), 1, Initializer.constant(dense)));
    if (onTokens) {
      specs.addAll(EMBEDDING.parameters());
      specs.add(ParameterSpec.bias(BIAS, 1, Initializer.constant(0)));
    }
    parameters = new Parameters(specs);
    parameters.initialize(RandomKey.of(0));
    for (Parameter p : parameters.all()) {
      GoldenTensor given = weights.get(p.name());
      if (given != null) {
        GoldenWeights.set(p, given);
      }
    }
    if (onTokens) {
      parameters.get("embedding.weight").value().fill(1);
    }
    parameters.changed();
  }

  /** On inputs of any width. */
  static TfjsModel onFeatures(GoldenRun.Way way, List<KerasLayer> layers, float dense) {
    return new TfjsModel(way, layers, dense, false);
  }

  /** On tokens, which are embedded; the dense kernel is one. */
  static TfjsModel onTokens(GoldenRun.Way way, List<KerasLayer> layers) {
    return new TfjsModel(way, layers, 1, true);
  }

  /** The next batch starts from a state of zeros. */
  void forget() {
    carried = Optional.empty();
  }

  Map<String, GoldenTensor> weights() {
    return GoldenWeights.of(parameters, Parameter::value);
  }

  /** One step of SGD on all steps of x, [T, B, I]; returns the loss before it. */
  double train(GoldenTensor x, float[] y, float rate) {
    Tape tape = Tape.training(backend, parameters);
    boolean[][] mask = new boolean[x.size(1)][x.size(0)];
    for (boolean[] steps : mask) {
      Arrays.fill(steps, true);
    }
    return train(tape, PaddedBatch.timeMajor(mask), tape.constant(x.toMatrix()), y, rate);
  }

  /** The same on tokens, [B][T]. */
  double train(int[][] tokens, float[] y, float rate) {
    forget();
    Tape tape = Tape.training(backend, parameters);
    return train(tape, masked(tokens), embedded(tape, tokens), y, rate);
  }

  /**
   * What one ulp of 1 in the derivative of a gate does to the weights that were trained: where a gate is
   * nearly saturated its derivative, 1 - tanh², is known no better in float32.
   */
  double rounding() {
    return rounding;
  }

  private double train(Tape tape, PaddedBatch batch, Var x, float[] y, float rate) {
    parameters.zeroGradients();
    State state = run(batch, x, initial(tape, batch.batch()));
    Var h = state.cells().getLast().getFirst();
    Var loss = meanSquaredError(dense(h), y);
    tape.backward(loss);
    rounding += rate * sumOfSizes(h.gradient()) * Math.ulp(1f);
    new Sgd().step(backend, parameters, rate);
    carried = Optional.of(state.detach());
    return loss.value().get(0, 0);
  }

  /** Final states of the sequences of tokens. */
  Map<String, GoldenTensor> states(int[][] tokens) {
    Tape tape = Tape.inference(backend, parameters);
    List<List<Var>> states =
        run(masked(tokens), embedded(tape, tokens), initial(tape, tokens.length)).cells();
    Map<String, GoldenTensor> results = new LinkedHashMap<>();
    for (int k = 0; k < states.size(); k++) {
      for (int part = 0; part < states.get(k).size(); part++) {
        results.put(GoldenCase.state(k, part), GoldenTensor.of(states.get(k).get(part).value()));
      }
    }
    return results;
  }

  /** The dense unit on the output of each step, [T, B, 1]. */
  Map<String, GoldenTensor> denseOfEachStep(int[][] tokens) {
    Tape tape = Tape.inference(backend, parameters);
    PaddedBatch batch = masked(tokens);
    State initial = batch.packState(initial(tape, tokens.length));
    Recurrent.Result result = recurrent.forward(batch.pack(embedded(tape, tokens)), initial);
    Var outputs = dense(batch.unpack(result.output(), Fill.REPEAT, Direction.FORWARD));
    return Map.of(
        "output",
        GoldenTensor.of(outputs.value()).reshape(List.of(batch.steps(), batch.batch(), 1)));
  }

  private State run(PaddedBatch batch, Var x, State initial) {
    State state = recurrent.forward(batch.pack(x), batch.packState(initial)).state();
    return batch.unpackState(state, initial);
  }

  private State initial(Tape tape, int batch) {
    return carried
        .map(state -> state.attach(tape))
        .orElseGet(() -> recurrent.zeroState(tape, batch));
  }

  private static PaddedBatch masked(int[][] tokens) {
    boolean[][] mask = new boolean[tokens.length][tokens[0].length];
    for (int b = 0; b < mask.length; b++) {
      for (int t = 0; t < mask[b].length; t++) {
        mask[b][t] = tokens[b][t] != 0;
      }
    }
    return PaddedBatch.timeMajor(mask);
  }

  /** [T·B, width] */
  private static Var embedded(Tape tape, int[][] tokens) {
    int batch = tokens.length;
    int[] rows =
        IntStream.range(0, batch * tokens[0].length)
            .map(i -> tokens[i % batch][i / batch])
            .toArray();
    return tape.weight("embedding.weight").gather(rows);
  }

  private Var dense(Var h) {
    Tape tape = h.tape();
    Var bias = hasBias ? tape.weight(BIAS) : tape.constant(tape.zeros(1, 1));
    return bias.addmm(h, tape.weight(DENSE));
  }

  private static double sumOfSizes(Matrix m) {
    double sum = 0;
    for (float v : m.toArray()) {
      sum += Math.abs(v);
    }
    return sum;
  }

  private static Var meanSquaredError(Var predicted, float[] y) {
    Tape tape = predicted.tape();
    Matrix minus = Matrix.zeros(y.length, 1);
    Matrix share = Matrix.zeros(1, y.length);
    for (int b = 0; b < y.length; b++) {
      minus.set(b, 0, -y[b]);
      share.set(0, b, 1f / y.length);
    }
    Var error = predicted.add(tape.constant(minus));
    return tape.constant(tape.zeros(1, 1)).addmm(tape.constant(share), error.mul(error));
  }
}
