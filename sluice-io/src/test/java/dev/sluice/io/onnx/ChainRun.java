package dev.sluice.io.onnx;

import dev.sluice.cell.Cell;
import dev.sluice.cell.Direction;
import dev.sluice.io.onnx.OnnxChain.Layout;
import dev.sluice.layer.PaddedBatch;
import dev.sluice.layer.PaddedBatch.Fill;
import dev.sluice.layer.Recurrent;
import dev.sluice.loss.CrossEntropy;
import dev.sluice.matrix.Matrix;
import dev.sluice.tape.Backend;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/** What Sluice computes for an {@link OnnxChain}, under the names and in the layout of its ONNX model. */
final class ChainRun {
  private final OnnxChain chain;
  private final PaddedBatch batch;
  private final Tape tape;
  private final Map<String, Matrix> initial;
  private final Map<String, Matrix> results = new LinkedHashMap<>();

  private ChainRun(
      OnnxChain chain, int steps, int[] lengths, Map<String, Matrix> initial, Backend backend) {
    this.chain = chain;
    this.initial = initial;
    boolean[][] mask = PaddedBatch.mask(steps, lengths);
    batch =
        chain.layout() == Layout.BATCH_MAJOR
            ? PaddedBatch.batchMajor(mask)
            : PaddedBatch.timeMajor(mask);
    tape = Tape.inference(backend, chain.parameters());
  }

  /**
   * Runs the chain.
   *
   * @param input (T·B, features) or (B·T, features), as the layout says; tokens: one column
   * @param initial {@code h0} and so on, (L·D·B, H); may be empty
   * @return {@code output} and the final states, {@code h_n} and so on
   */
  static Map<String, Matrix> results(
      OnnxChain chain, Matrix input, int steps, int[] lengths, Map<String, Matrix> initial) {
    try (Backend backend = Backend.create(1)) {
      ChainRun run = new ChainRun(chain, steps, lengths, initial, backend);
      Var value = run.tape.constant(input);
      for (OnnxStep step : chain.steps()) {
        value = run.step(step, value);
      }
      run.results.put("output", value.value());
      return run.results;
    }
  }

  private Var step(OnnxStep step, Var x) {
    return switch (step) {
      case OnnxStep.Embed embed -> {
        int[] tokens = IntStream.range(0, x.rows()).map(r -> (int) x.value().get(r, 0)).toArray();
        yield embed.embedding().forward(tape, tokens);
      }
      case OnnxStep.Recur recur -> recur(recur, x);
      case OnnxStep.LastStep last -> {
        int steps = batch.steps();
        boolean batchMajor = chain.layout() == Layout.BATCH_MAJOR;
        yield x.gather(
            IntStream.range(0, batch.batch())
                .map(b -> batchMajor ? (b + 1) * steps - 1 : (steps - 1) * batch.batch() + b)
                .toArray());
      }
      case OnnxStep.Affine affine -> affine.dense().forward(x);
      case OnnxStep.Activate activate -> x.activate(activate.activation());
      case OnnxStep.Softmax softmax -> {
        Matrix p = CrossEntropy.softmax(tape, x.value()).copy();
        for (int i = 0; softmax.logarithm() && i < p.data.length; i++) {
          p.data[i] = (float) Math.log(p.data[i]);
        }
        yield tape.constant(p);
      }
    };
  }

  private Var recur(OnnxStep.Recur step, Var x) {
    Recurrent recurrent = step.recurrent();
    PaddedBatch steps = step.reverse() ? batch.reversed() : batch;
    boolean only = chain.steps().stream().filter(OnnxStep.Recur.class::isInstance).count() == 1;
    String prefix = only ? "" : recurrent.name() + ".";
    List<List<Var>> states = initialStates(recurrent, prefix);
    Recurrent.Result result =
        recurrent.forward(
            steps.pack(x),
            states.stream().map(s -> s.stream().map(steps::packState).toList()).toList());
    List<List<Var>> finals = new ArrayList<>();
    for (int k = 0; k < states.size(); k++) {
      List<Var> parts = new ArrayList<>();
      for (int p = 0; p < states.get(k).size(); p++) {
        parts.add(steps.unpackState(result.states().get(k).get(p), states.get(k).get(p)));
      }
      finals.add(parts);
    }
    List<String> names = recurrent.cells().getFirst().stateNames();
    for (int p = 0; p < names.size(); p++) {
      int part = p;
      Var all = Var.stackRows(finals.stream().map(parts -> parts.get(part)).toList());
      results.put(prefix + names.get(p) + "_n", all.value());
    }
    int last = recurrent.bidirectional() ? 2 : 1;
    return step.returnSequences()
        ? steps.unpack(result.output(), Fill.ZERO, Direction.FORWARD)
        : Var.concat(
            finals.subList(finals.size() - last, finals.size()).stream()
                .map(List::getFirst)
                .toArray(Var[]::new));
  }

  private List<List<Var>> initialStates(Recurrent recurrent, String prefix) {
    List<List<Var>> states = new ArrayList<>();
    for (Cell cell : recurrent.cells()) {
      int from = states.size() * batch.batch();
      List<Var> parts = new ArrayList<>();
      for (String part : cell.stateNames()) {
        Matrix given = initial.get(prefix + part + "0");
        int size = cell.stateSizes().get(parts.size());
        parts.add(
            tape.constant(
                given == null
                    ? Matrix.zeros(batch.batch(), size)
                    : Objects.requireNonNull(given).rowRange(from, from + batch.batch())));
      }
      states.add(parts);
    }
    return states;
  }
}
