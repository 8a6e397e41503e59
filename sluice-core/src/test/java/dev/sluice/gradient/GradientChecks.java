package dev.sluice.gradient;

import dev.sluice.cell.Cell;
import dev.sluice.cell.Direction;
import dev.sluice.cell.FormulaScan;
import dev.sluice.cell.LstmCell;
import dev.sluice.cell.SampleCells;
import dev.sluice.cell.Scan;
import dev.sluice.kernel.Elementwise;
import dev.sluice.kernel.ScalarKernels;
import dev.sluice.kernel.Workers;
import dev.sluice.layer.Dense;
import dev.sluice.layer.Embedding;
import dev.sluice.layer.LearnedState;
import dev.sluice.layer.Recurrent;
import dev.sluice.layer.State;
import dev.sluice.loss.BinaryCrossEntropy;
import dev.sluice.loss.CrossEntropy;
import dev.sluice.loss.SquaredError;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.Packing;
import dev.sluice.matrix.RandomKey;
import dev.sluice.parameter.Initializer;
import dev.sluice.parameter.Parameter;
import dev.sluice.parameter.ParameterSpec;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Activation;
import dev.sluice.tape.Backend;
import dev.sluice.tape.PackedSequence;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Central differences against the tape's gradients, for every element of every parameter. {@link
 * DoublePrecisionTest} runs it on a copy of the library in which every float is a double, where the two
 * agree to about ten digits; in single precision the differences would drown in rounding.
 *
 * <p>Inputs and initial states are parameters here, so that their gradients are checked as well.
 */
public final class GradientChecks {
  private static final float STEP = 1e-5f;
  private static final Packing RAGGED = Packing.of(3, 5, 1, 3);
  private static final Matrix TARGET = Matrix.of(3, 4, 0, 1, 2, 3, -1, 4, 0, 1, 2, -3, 1, 0);

  private GradientChecks() {}

  /** For each check the largest error, relative to the largest gradient of the same parameter. */
  public static Map<String, Double> errors() {
    Map<String, Double> errors = new LinkedHashMap<>();
    operations(errors);
    SampleCells.all()
        .forEach(
            (name, cell) -> {
              for (Direction direction : Direction.values()) {
                errors.put(name + " " + direction + ", formula", cell(cell, direction, false));
                if (cell.kernel().isPresent()) {
                  errors.put(name + " " + direction + ", fused", cell(cell, direction, true));
                }
              }
            });
    layers(errors);
    errors.put("two encoders, their states put side by side, decoder", encodersAndDecoder());
    return errors;
  }

  private static void operations(Map<String, Double> errors) {
    List<ParameterSpec> two = List.of(table("a", 3, 4), table("b", 3, 4));
    errors.put("mul", check(two, t -> weighted(t.weight("a").mul(t.weight("b")))));
    errors.put("add", check(two, t -> weighted(t.weight("a").add(t.weight("b")))));
    errors.put("sigmoid", check(two, t -> weighted(t.weight("a").sigmoid().mul(t.weight("b")))));
    errors.put("tanh", check(two, t -> weighted(t.weight("a").tanh().mul(t.weight("b")))));
    for (Activation f : SampleCells.ACTIVATIONS) {
      errors.put("activate " + f, check(two, t -> weighted(t.weight("a").activate(f))));
    }
    errors.put(
        "normalizeRows",
        check(two, t -> weighted(t.weight("a").normalizeRows(0.01f).mul(t.weight("b")))));
    errors.put(
        "concat",
        check(two, t -> weighted(Var.concat(t.weight("a"), t.weight("b"), t.weight("a")))));
    errors.put(
        "stackRows",
        check(two, t -> weighted(Var.stackRows(List.of(t.weight("b"), t.weight("a").tanh())))));
    errors.put(
        "windows",
        check(two, t -> weighted(t.weight("a").tanh().columnRange(1, 3).rowRange(1, 3))));
    errors.put("gather", check(two, t -> weighted(t.weight("a").gather(2, 0, 2, 2).tanh())));
    errors.put("dropout", check(two, t -> weighted(t.weight("a").dropout(0.5f).tanh())));
    List<ParameterSpec> product = List.of(table("x", 5, 3), table("w", 3, 4), table("b", 1, 4));
    errors.put(
        "addmm", check(product, t -> weighted(t.weight("b").addmm(t.weight("x"), t.weight("w")))));
    List<ParameterSpec> tied = List.of(table("x", 4, 3), table("b", 1, 4));
    errors.put(
        "addmmTransposed with a table that is gathered from",
        check(
            tied,
            t -> {
              Var rows = t.weight("x").gather(3, 0, 0, 2, 1).tanh();
              return weighted(t.weight("b").addmmTransposed(rows, t.weight("x")));
            }));
    errors.put(
        "add one row", check(product, t -> weighted(t.weight("b").add(t.weight("w")).tanh())));
    errors.put(
        "mul one row", check(product, t -> weighted(t.weight("b").mul(t.weight("w")).tanh())));
    errors.put("softmax", check(two, t -> weighted(CrossEntropy.softmax(t.weight("a")))));
    errors.put(
        "cross-entropy",
        check(two, t -> CrossEntropy.mean(t.weight("a").mul(t.weight("b")), 3, 0, 2)));
    errors.put(
        "squared error",
        check(two, t -> SquaredError.mean(t.weight("a").mul(t.weight("b")), TARGET)));
    errors.put(
        "binary cross-entropy",
        check(two, t -> BinaryCrossEntropy.mean(t.weight("a").mul(t.weight("b")), TARGET)));
    Packing ragged = Packing.of(1, 2); // the rows of a
    errors.put(
        "mean over steps",
        check(two, t -> weighted(new PackedSequence(ragged, t.weight("a").tanh()).mean())));
  }

  private static void layers(Map<String, Double> errors) {
    Embedding embedding = new Embedding("embedding", 6, 3);
    Dense dense = new Dense("dense", 10, 4);
    List<Cell> cells =
        List.of(new LstmCell(3, 4), new LstmCell(3, 4), new LstmCell(8, 5), new LstmCell(8, 5));
    Recurrent recurrent = new Recurrent("lstm", cells, true, 0.3f);
    // larger vectors than an embedding starts with: differences resolve their gradients better
    List<ParameterSpec> specs = new ArrayList<>(List.of(table("embedding.weight", 6, 3)));
    specs.addAll(recurrent.parameters());
    specs.addAll(dense.parameters());
    errors.put(
        "embedding, stacked bidirectional LSTM with dropout, dense, cross-entropy",
        check(
            specs,
            t -> {
              int[] tokens = new int[RAGGED.rows()];
              for (int i = 0; i < tokens.length; i++) {
                tokens[i] = i * 7 % 6;
              }
              Recurrent.Result result =
                  recurrent.forward(new PackedSequence(RAGGED, embedding.forward(t, tokens)));
              List<List<Var>> state = result.state().cells();
              Var last = Var.concat(state.get(2).getFirst(), state.get(3).getFirst());
              Var fromLast = CrossEntropy.mean(dense.forward(last), 0, 3, 1, 1);
              return fromLast.add(weighted(result.output().data()));
            }));
  }

  /** Lengths of the three differ, and so do the orders in which they are packed; the first states are learned. */
  private static double encodersAndDecoder() {
    Recurrent local = twoLayers("local", 3);
    Recurrent global = twoLayers("global", 2);
    Recurrent decoder = twoLayers("decoder", 5);
    List<LearnedState> starts =
        Stream.of(local, global).map(e -> new LearnedState(e, Initializer.uniform(1))).toList();
    Packing other = Packing.of(1, 2, 4, 2);
    List<ParameterSpec> specs = new ArrayList<>();
    Stream.of(local, global, decoder, starts.get(0), starts.get(1))
        .forEach(layer -> specs.addAll(layer.parameters()));
    specs.add(table("x", RAGGED.rows(), 2));
    specs.add(table("y", other.rows(), 2));
    return check(
        specs,
        t -> {
          PackedSequence x = new PackedSequence(RAGGED, t.weight("x"));
          PackedSequence y = new PackedSequence(other, t.weight("y"));
          State ofX = local.forward(x, starts.get(0).forward(t, 4)).state();
          State ofY = global.forward(y, starts.get(1).forward(t, 4)).state();
          Recurrent.Result result = decoder.forward(y, ofX.concat(ofY));
          return weighted(result.output().last()).add(weighted(result.output().first()));
        });
  }

  private static Recurrent twoLayers(String name, int hidden) {
    return new Recurrent(
        name, List.of(new LstmCell(2, hidden), new LstmCell(hidden, hidden)), false, 0);
  }

  private static double cell(Cell cell, Direction direction, boolean fused) {
    List<ParameterSpec> specs = new ArrayList<>(cell.parameters(""));
    specs.add(table("x", RAGGED.rows(), cell.inputSize()));
    for (int i = 0; i < cell.stateSizes().size(); i++) {
      specs.add(table("initial" + i, RAGGED.batch(), cell.stateSizes().get(i)));
    }
    return check(
        specs,
        t -> {
          List<Var> weights = cell.parameters("").stream().map(p -> t.weight(p.name())).toList();
          List<Var> initial = new ArrayList<>();
          for (int i = 0; i < cell.stateSizes().size(); i++) {
            initial.add(t.weight("initial" + i));
          }
          PackedSequence x = new PackedSequence(RAGGED, t.weight("x"));
          Scan scan =
              fused
                  ? cell.kernel().orElseThrow().scan(x, direction, initial, weights)
                  : FormulaScan.scan(cell, x, direction, initial, weights);
          Var loss = weighted(scan.output().data());
          for (Var part : scan.state()) {
            loss = loss.add(weighted(part));
          }
          return loss;
        });
  }

  private static double check(List<ParameterSpec> specs, Function<Tape, Var> loss) {
    Parameters parameters = new Parameters(specs);
    parameters.initialize(RandomKey.of(7));
    Tape tape = Tape.training(new Backend(new ScalarKernels(), Workers.of(1)), parameters);
    tape.reset(RandomKey.of(1));
    parameters.zeroGradients();
    tape.backward(loss.apply(tape));
    double worst = 0;
    for (Parameter p : parameters.all()) {
      double error = 0;
      double scale = 0;
      for (int r = 0; r < p.value().rows; r++) {
        for (int c = 0; c < p.value().cols; c++) {
          double expected = difference(parameters, p, r, c, tape, loss);
          error = Math.max(error, Math.abs(p.gradient().get(r, c) - expected));
          scale = Math.max(scale, Math.abs(expected));
        }
      }
      worst = Math.max(worst, error / Math.max(scale, 1e-3));
    }
    return worst;
  }

  private static double difference(
      Parameters parameters, Parameter p, int r, int c, Tape tape, Function<Tape, Var> loss) {
    float before = p.value().get(r, c);
    float[] values = new float[2];
    for (int side = 0; side < 2; side++) {
      p.value().set(r, c, side == 0 ? before - STEP : before + STEP);
      parameters.changed();
      tape.reset(RandomKey.of(1));
      values[side] = loss.apply(tape).value().get(0, 0);
    }
    p.value().set(r, c, before);
    parameters.changed();
    return (values[1] - values[0]) / (2 * STEP);
  }

  /** Σ over elements k of v[k]·cos(0.31·k): a loss that no symmetry can fool. */
  static Var weighted(Var v) {
    Tape tape = v.tape();
    Matrix weights = tape.allocate(v.rows(), v.cols());
    Matrix sum = tape.zeros(1, 1);
    for (int r = 0, k = 0; r < v.rows(); r++) {
      for (int c = 0; c < v.cols(); c++, k++) {
        weights.set(r, c, (float) Math.cos(0.31 * k));
        sum.set(0, 0, sum.get(0, 0) + weights.get(r, c) * v.value().get(r, c));
      }
    }
    Var result = tape.result(sum, v);
    tape.record(
        () -> {
          float scale = result.gradient().get(0, 0);
          Elementwise.addScaled(scale, weights, v.gradient());
        },
        result);
    return result;
  }

  private static ParameterSpec table(String name, int rows, int cols) {
    return ParameterSpec.table(name, rows, cols, Initializer.uniform(1));
  }
}
