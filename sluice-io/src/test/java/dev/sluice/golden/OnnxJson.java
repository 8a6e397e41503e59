package dev.sluice.golden;

import dev.sluice.cell.Cell;
import dev.sluice.cell.GruCell;
import dev.sluice.cell.LstmVariant;
import dev.sluice.cell.LstmVariant.Coupling;
import dev.sluice.cell.LstmVariantCell;
import dev.sluice.cell.RnnCell;
import dev.sluice.golden.GoldenCase.Edge;
import dev.sluice.io.dialect.ActivationNames;
import dev.sluice.io.dialect.Dialect;
import dev.sluice.io.dialect.StoredCell;
import dev.sluice.layer.MergeMode;
import dev.sluice.layer.PaddedBatch;
import dev.sluice.layer.PaddedBatch.Fill;
import dev.sluice.matrix.Matrix;
import dev.sluice.tape.Activation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Reads a JSON file of format {@code rnn-golden/1 (onnx op)}: ONNX's LSTM, GRU and RNN, layout 0. */
final class OnnxJson {
  private static final List<String> PEEPHOLES = List.of("i", "o", "f");

  private final JsonNode json;
  private final JsonNode attributes;
  private final int hidden;
  private final boolean bidirectional;
  private final GoldenTensor x; // [T, B, I]

  private OnnxJson(JsonNode json) {
    this.json = json;
    attributes = json.required("attributes");
    hidden = attributes.required("hidden_size").intValue();
    bidirectional = direction().equals("bidirectional");
    x = shaped("X").orElseThrow();
  }

  static List<Golden> cases(JsonNode file) {
    List<Golden> cases = new ArrayList<>();
    for (JsonNode json : file.required("cases")) {
      cases.add(Golden.read(json.required("id").asString(), () -> new OnnxJson(json).read()));
    }
    return cases;
  }

  private Golden read() {
    List<Cell> cells = cells();
    Map<String, GoldenTensor> weights = new LinkedHashMap<>();
    for (int d = 0; d < cells.size(); d++) {
      String suffix = d == 0 ? "_l0" : "_l0_reverse";
      weights.putAll(GoldenWeights.convert(Dialect.ONNX, stored(d), cells.get(d), suffix));
    }
    return new GoldenCase(
        json.required("id").asString(),
        cells,
        bidirectional,
        weights,
        x,
        edge(),
        initial(cells.size()),
        Map.of(),
        expected(cells.size()),
        json.path("recomputed_max_abs_error").asDouble(0));
  }

  private String direction() {
    return attributes.path("direction").asString("forward");
  }

  private List<Cell> cells() {
    Iterator<Float> alphas = floats("activation_alpha");
    Iterator<Float> betas = floats("activation_beta");
    List<Activation> functions = new ArrayList<>();
    for (JsonNode name : attributes.required("activations")) {
      float clip = attributes.path("clip").floatValue(Float.POSITIVE_INFINITY);
      functions.add(ActivationNames.onnx(name.asString(), alphas, betas).withInputLimit(clip));
    }
    Iterator<Activation> next = functions.iterator();
    List<Cell> cells = new ArrayList<>();
    for (int d = 0; d < (bidirectional ? 2 : 1); d++) {
      cells.add(cell(next));
    }
    return cells;
  }

  private Cell cell(Iterator<Activation> f) {
    int inputs = x.size(2);
    return switch (json.required("op").asString()) {
      case "RNN" -> new RnnCell(inputs, hidden, f.next(), true);
      case "GRU" -> {
        boolean resetAfter = attributes.path("linear_before_reset").asInt(0) != 0;
        yield new GruCell(inputs, hidden, resetAfter, true, f.next(), f.next());
      }
      case "LSTM" -> {
        boolean coupled = attributes.path("input_forget").asInt(0) != 0;
        LstmVariant variant =
            LstmVariant.PLAIN
                .withActivations(f.next(), f.next(), f.next())
                .withCoupling(coupled ? Coupling.FORGET_FROM_INPUT : Coupling.NONE);
        yield new LstmVariantCell(
            inputs, hidden, json.has("P") ? variant.withPeepholes() : variant);
      }
      default -> throw new IllegalStateException("unknown operator");
    };
  }

  private StoredCell stored(int d) {
    List<Matrix> biases = new ArrayList<>();
    shaped("B")
        .ifPresent(
            b -> {
              Matrix both = b.part(d).toMatrix(); // (1, 2·G·H)
              biases.add(both.columnRange(0, both.cols / 2));
              biases.add(both.columnRange(both.cols / 2, both.cols));
            });
    Matrix w = shaped("W").orElseThrow().part(d).toMatrix();
    Matrix r = shaped("R").orElseThrow().part(d).toMatrix();
    StoredCell stored = new StoredCell(w, r, biases);
    if (json.has("P")) {
      Matrix p = shaped("P").orElseThrow().part(d).toMatrix();
      for (int i = 0; i < PEEPHOLES.size(); i++) {
        Matrix gate = p.columnRange(i * hidden, (i + 1) * hidden);
        stored = stored.with("weight_c" + PEEPHOLES.get(i), gate);
      }
    }
    return stored;
  }

  private Edge edge() {
    int steps = x.size(0);
    int[] lengths = new int[x.size(1)];
    Arrays.fill(lengths, steps);
    for (int b = 0; b < json.path("sequence_lens").size(); b++) {
      lengths[b] = json.get("sequence_lens").get(b).intValue();
    }
    PaddedBatch batch = PaddedBatch.timeMajor(PaddedBatch.mask(steps, lengths));
    boolean reverse = direction().equals("reverse");
    return new Edge(reverse ? batch.reversed() : batch, Fill.ZERO, false, MergeMode.CONCAT, 1);
  }

  private List<List<GoldenTensor>> initial(int cells) {
    List<List<GoldenTensor>> states = new ArrayList<>();
    boolean lstm = json.required("op").asString().equals("LSTM");
    boolean given = json.has("initial_h") || json.has("initial_c");
    for (int d = 0; given && d < cells; d++) {
      List<GoldenTensor> parts = new ArrayList<>(List.of(state("initial_h", cells).part(d)));
      if (lstm) {
        parts.add(state("initial_c", cells).part(d));
      }
      states.add(parts);
    }
    return states;
  }

  private GoldenTensor state(String name, int cells) {
    List<Integer> shape = List.of(cells, x.size(1), hidden);
    return json.has(name)
        ? GoldenTensor.of(json.get(name)).reshape(shape)
        : GoldenTensor.zeros(shape);
  }

  private Map<String, GoldenTensor> expected(int cells) {
    Map<String, GoldenTensor> expected = new LinkedHashMap<>();
    int batch = x.size(1);
    json.required("expected")
        .forEachEntry(
            (name, values) -> {
              GoldenTensor tensor = GoldenTensor.of(values);
              if (name.equals("Y")) {
                expected.put("output", output(tensor, cells));
              } else {
                GoldenTensor states = tensor.reshape(List.of(cells, batch, hidden));
                for (int d = 0; d < cells; d++) {
                  int part = name.equals("Y_h") ? 0 : 1;
                  expected.put(GoldenCase.state(d, part), states.part(d));
                }
              }
            });
    return expected;
  }

  /** From [T, D, B, H] to [T, B, D·H]. */
  private GoldenTensor output(GoldenTensor y, int cells) {
    GoldenTensor byDirection =
        y.reshape(List.of(x.size(0), cells, x.size(1), hidden)).transpose(); // [D, T, B, H]
    return cells == 1
        ? byDirection.part(0)
        : GoldenTensor.concat(byDirection.part(0), byDirection.part(1));
  }

  private Optional<GoldenTensor> shaped(String name) {
    if (!json.has(name)) {
      return Optional.empty();
    }
    List<Integer> shape = new ArrayList<>();
    json.required(name + "_shape").forEach(size -> shape.add(size.intValue()));
    return Optional.of(GoldenTensor.of(json.get(name)).reshape(shape));
  }

  private Iterator<Float> floats(String attribute) {
    return attributes.path(attribute).valueStream().map(JsonNode::floatValue).iterator();
  }
}
