package dev.sluice.golden;

import dev.sluice.cell.Cell;
import dev.sluice.cell.LstmVariant;
import dev.sluice.cell.LstmVariantCell;
import dev.sluice.cell.ResidualCell;
import dev.sluice.cell.Step;
import dev.sluice.golden.GoldenCase.Edge;
import dev.sluice.parameter.ParameterSpec;
import dev.sluice.tape.Activation;
import dev.sluice.tape.Var;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;

/** What TF1's unit tests say without figures: relations between inputs and outputs. */
final class Tf1Properties {
  private Tf1Properties() {}

  static Golden read(String id, JsonNode json) {
    return switch (id) {
      case "residual_wrapper_property" -> residual(id, json);
      case "lstm_cell_clip_zero" -> clipToZero(id, json);
      case "static_rnn_seq_len_plus1" -> plusOne(id, json);
      default -> throw new IllegalStateException("a property unknown here");
    };
  }

  /** The output is the inner output plus the input. */
  private static Golden residual(String id, JsonNode json) {
    Tf1Cells.Loaded gru = Tf1Cells.gru(Tf1Json.variables(json), Activation.TANH);
    GoldenTensor input = GoldenTensor.of(json.required("input")).insert(0);
    List<GoldenTensor> initial = List.of(GoldenTensor.of(json.at("/initial_state/h")));
    GoldenTensor difference = GoldenTensor.of(json.at("/expected/output_minus_inner_output"));
    GoldenCase inner = oneCell(id, gru.cell(), gru.weights("_l0"), input, initial, Map.of());
    return new Golden.Check(
        id,
        way -> {
          Map<String, GoldenTensor> innerResults = GoldenRun.results(inner, way);
          GoldenTensor expected = sum(get(innerResults, "last"), difference);
          GoldenCase outer =
              oneCell(
                  id,
                  new ResidualCell(gru.cell()),
                  gru.weights("_l0"),
                  input,
                  initial,
                  Map.of("last", expected, "state 0.0", get(innerResults, "state 0.0")));
          return outer.mismatches(way);
        });
  }

  /** A clip of 0 is a clip: c, and with it the output, stays 0. */
  private static Golden clipToZero(String id, JsonNode json) {
    int units = json.required("num_units").intValue();
    Cell cell = new LstmVariantCell(units, units, LstmVariant.TF1.withPeepholes().withCellClip(0));
    Map<String, GoldenTensor> weights = new LinkedHashMap<>();
    for (ParameterSpec spec : cell.parameters("_l0")) {
      weights.put(spec.name(), ascending(Arrays.stream(spec.fileShape()).boxed().toList()));
    }
    GoldenTensor zeros = GoldenTensor.zeros(List.of(4, 2, units));
    return oneCell(id, cell, weights, ascending(zeros.shape()), List.of(), Map.of("output", zeros));
  }

  /** Outputs are zero past the length, and the state stays what it was there. */
  private static Golden plusOne(String id, JsonNode json) {
    int steps = json.required("time_steps").intValue();
    List<Integer> lengths =
        json.required("sequence_length").valueStream().map(JsonNode::intValue).toList();
    GoldenTensor input = ascending(List.of(steps, lengths.size(), 5));
    GoldenTensor output = GoldenTensor.zeros(input.shape());
    GoldenTensor state = GoldenTensor.zeros(List.of(lengths.size(), 5));
    for (int i = 0; i < output.values().length; i++) {
      List<Integer> index = output.indices(i);
      boolean real = index.getFirst() < lengths.get(index.get(1));
      output.values()[i] = real ? input.values()[i] + 1 : 0;
    }
    for (int i = 0; i < state.values().length; i++) {
      int b = state.indices(i).getFirst();
      state.values()[i] = json.at("/expected/final_state_rows").required(b).asDouble();
    }
    return new GoldenCase(
        id,
        List.of(new PlusOne(5)),
        false,
        Map.of(),
        input,
        Edge.ofLengths(steps, lengths),
        List.of(),
        Map.of(),
        Map.of("output", output, "state 0.0", state),
        0);
  }

  /** TF1's {@code Plus1RNNCell}. */
  private record PlusOne(int inputSize) implements Cell {
    @Override
    public String name() {
      return "Plus1";
    }

    @Override
    public List<Integer> stateSizes() {
      return List.of(inputSize);
    }

    @Override
    public List<ParameterSpec> parameters(String suffix) {
      return List.of();
    }

    @Override
    public Step step(Var x, List<Var> state, List<Var> weights) {
      return new Step(x.affine(1, 1), List.of(state.getFirst().affine(1, 1)));
    }
  }

  private static GoldenCase oneCell(
      String id,
      Cell cell,
      Map<String, GoldenTensor> weights,
      GoldenTensor input,
      List<GoldenTensor> initial,
      Map<String, GoldenTensor> expected) {
    return new GoldenCase(
        id,
        List.of(cell),
        false,
        weights,
        input,
        Edge.ofLengths(input.size(0), Collections.nCopies(input.size(1), input.size(0))),
        initial.isEmpty() ? List.of() : List.of(initial),
        Map.of(),
        expected,
        0);
  }

  /** 0.1, 0.2, 0.3, ... */
  private static GoldenTensor ascending(List<Integer> shape) {
    GoldenTensor tensor = GoldenTensor.zeros(shape);
    Arrays.setAll(tensor.values(), i -> 0.1 * (i + 1));
    return tensor;
  }

  private static GoldenTensor sum(GoldenTensor a, GoldenTensor b) {
    GoldenTensor sum = GoldenTensor.zeros(a.shape());
    Arrays.setAll(sum.values(), i -> a.values()[i] + b.values()[i]);
    return sum;
  }

  private static GoldenTensor get(Map<String, GoldenTensor> results, String name) {
    return Objects.requireNonNull(results.get(name));
  }
}
