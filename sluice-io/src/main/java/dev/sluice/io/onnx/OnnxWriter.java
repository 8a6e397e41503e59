package dev.sluice.io.onnx;

import static dev.sluice.io.onnx.GraphWriter.attribute;
import static dev.sluice.io.onnx.GraphWriter.longsAttribute;
import static dev.sluice.io.onnx.GraphWriter.size;

import dev.sluice.io.dialect.ActivationNames;
import dev.sluice.io.onnx.OnnxNetwork.Layout;
import dev.sluice.io.onnx.OnnxNetwork.Port;
import dev.sluice.io.protobuf.ProtoWriter;
import dev.sluice.layer.Dense;
import dev.sluice.layer.Embedding;
import dev.sluice.matrix.Matrix;
import dev.sluice.network.ActivationLayer;
import dev.sluice.network.DenseLayer;
import dev.sluice.network.DropoutLayer;
import dev.sluice.network.EmbeddingLayer;
import dev.sluice.network.FlattenLayer;
import dev.sluice.network.LastStepLayer;
import dev.sluice.network.MaskingLayer;
import dev.sluice.network.Network;
import dev.sluice.network.NetworkLayer;
import dev.sluice.network.RecurrentLayer;
import dev.sluice.network.RepeatLayer;
import dev.sluice.network.SoftmaxLayer;
import dev.sluice.tape.Activation;
import dev.sluice.tape.Activation.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a {@link Network} as an ONNX model of opset 14 that ONNX Runtime and its kin run, for any number of
 * sequences and steps:
 *
 * <pre>
 *   inputs    input     (T, B, features), as the layout says; tokens: (T, B), int64
 *             lengths   (B), int32
 *             h0, c0    (cells, B, units), cells layer by layer, forward before backward
 *   outputs   output    of the last layer
 *             h_n, c_n  like h0 and c0
 * </pre>
 *
 * <p>{@code lengths} and states are there when the ports say so; see {@link OnnxNetwork#port} for their
 * names. Dropout is left out. Equal arguments give equal bytes. It writes the file in place.
 */
public final class OnnxWriter {
  private final OnnxNetwork model;
  private final GraphWriter graph = new GraphWriter();
  private final List<RecurrentWriter> recurrent = new ArrayList<>();
  private String value; // what the next layer reads
  private Layout now; // of value, while it is of sequences
  private boolean sequences = true;
  private String lengths; // "" where all steps are real

  private OnnxWriter(OnnxNetwork model) {
    this.model = model;
    Network network = model.network();
    now = model.layout();
    boolean tokens =
        !network.layers().isEmpty() && network.layers().getFirst() instanceof EmbeddingLayer;
    value =
        tokens
            ? graph.input("input", GraphWriter.INT64, axes())
            : graph.input("input", GraphWriter.FLOAT, axes(size(network.inputWidth())));
    lengths =
        model.ports().contains(Port.LENGTHS)
            ? graph.input("lengths", GraphWriter.INT32, size("batch"))
            : "";
  }

  /**
   * Writes {@code model} to {@code file}, replacing what it holds.
   *
   * @throws IllegalArgumentException when ONNX cannot say what a layer does; then nothing is written
   * @throws IOException when the file cannot be written
   */
  public static void write(Path file, OnnxNetwork model) throws IOException {
    OnnxWriter writer = new OnnxWriter(model);
    model.network().layers().forEach(writer::write);
    writer.finish();
    writer.graph.write(file);
  }

  private void write(NetworkLayer layer) {
    switch (layer) {
      case EmbeddingLayer embedding -> write(embedding);
      case RecurrentLayer rnn -> write(rnn);
      case LastStepLayer last -> writeLastStep(last.name());
      case FlattenLayer flatten -> write(flatten);
      case RepeatLayer repeat -> write(repeat);
      case DenseLayer dense -> write(dense.dense());
      case ActivationLayer activation -> write(activation.name(), activation.activation());
      case SoftmaxLayer softmax ->
          value = graph.node("Softmax", softmax.name(), List.of(value), attribute("axis", -1));
      case MaskingLayer masking -> requireLengths(masking.name());
      case DropoutLayer dropout -> {}
    }
  }

  private void finish() {
    ProtoWriter width = size(model.network().outputShape().width());
    if (sequences) {
      turn(model.layout());
      graph.output("output", value, axes(width));
    } else {
      graph.output("output", value, size("batch"), width);
    }
    recurrent.forEach(RecurrentWriter::writeFinalStates);
  }

  private void write(EmbeddingLayer layer) {
    if (layer.maskZero()) {
      requireLengths(layer.name());
    }
    Embedding embedding = layer.embedding();
    String table =
        graph.constant(
            embedding.name() + ".weight",
            weight(embedding.name() + ".weight").toArray(),
            embedding.size(),
            embedding.width());
    value = graph.node("Gather", embedding.name(), List.of(table, value));
  }

  private void write(RecurrentLayer layer) {
    turn(Layout.TIME_MAJOR);
    RecurrentWriter writer = new RecurrentWriter(graph, model, layer);
    recurrent.add(writer);
    value = writer.write(value, lengths);
    sequences = layer.returnSequences();
  }

  private void writeLastStep(String name) {
    if (now != Layout.ONE_STEP) {
      long time = now == Layout.TIME_MAJOR ? 0 : 1;
      String last = graph.scalar(name + ".index", lengths.isEmpty() ? -1 : 0);
      String steps = lengths.isEmpty() ? value : reversed(name, time);
      value = graph.node("Gather", name, List.of(steps, last), attribute("axis", time));
    }
    sequences = false;
  }

  /** The real steps in the opposite order. */
  private String reversed(String name, long time) {
    String longs =
        graph.node("Cast", name + "/lengths", List.of(lengths), attribute("to", GraphWriter.INT64));
    return graph.node(
        "ReverseSequence",
        name + "/reversed",
        List.of(value, longs),
        attribute("time_axis", time),
        attribute("batch_axis", 1 - time));
  }

  private void write(FlattenLayer flatten) {
    if (sequences) {
      turn(Layout.BATCH_MAJOR);
      String shape = graph.constant(flatten.name() + ".shape", 0, -1);
      value = graph.node("Reshape", flatten.name(), List.of(value, shape));
      sequences = false;
    }
  }

  private void write(RepeatLayer repeat) {
    String axis = graph.constant(repeat.name() + ".axis", 0);
    String shape = graph.constant(repeat.name() + ".shape", repeat.steps(), 1, 1);
    String one = graph.node("Unsqueeze", repeat.name() + "/Unsqueeze", List.of(value, axis));
    value = graph.node("Expand", repeat.name(), List.of(one, shape));
    now = Layout.TIME_MAJOR;
    sequences = true;
    lengths = "";
  }

  private void write(Dense dense) {
    Matrix weight = weight(dense.name() + ".weight"); // (in, out), as MatMul wants it
    Matrix bias = weight(dense.name() + ".bias");
    String w = graph.constant(dense.name() + ".kernel", weight.toArray(), dense.in(), dense.out());
    String b = graph.constant(dense.name() + ".bias", bias.toArray(), dense.out());
    String product = graph.node("MatMul", dense.name() + "/MatMul", List.of(value, w));
    value = graph.node("Add", dense.name(), List.of(product, b));
  }

  private void write(String name, Activation activation) {
    if (activation.equals(Activation.LINEAR)) {
      return;
    }
    boolean clipped = activation.inputLimit() != Float.POSITIVE_INFINITY;
    if (clipped || activation.kind() == Kind.AFFINE || activation.kind() == Kind.SCALED_TANH) {
      throw CellOperator.unsayable(name, activation.toString());
    }
    List<Float> alphas = new ArrayList<>();
    List<Float> betas = new ArrayList<>();
    String operator = ActivationNames.toOnnx(activation, alphas, betas);
    List<ProtoWriter> attributes = new ArrayList<>();
    alphas.forEach(alpha -> attributes.add(attribute("alpha", alpha)));
    betas.forEach(beta -> attributes.add(attribute("beta", beta)));
    value = graph.node(operator, name, List.of(value), attributes.toArray(ProtoWriter[]::new));
  }

  /** Goes over to another layout. */
  private void turn(Layout to) {
    if (now == to) {
      return;
    }
    if (now == Layout.ONE_STEP || to == Layout.ONE_STEP) {
      String axis = graph.constant("time_axis", to == Layout.BATCH_MAJOR ? 1 : 0);
      String operator = to == Layout.ONE_STEP ? "Squeeze" : "Unsqueeze";
      value = graph.node(operator, operator, List.of(value, axis));
    } else {
      value = graph.node("Transpose", "Transpose", List.of(value), longsAttribute("perm", 1, 0, 2));
    }
    now = to;
  }

  private ProtoWriter[] axes(ProtoWriter... more) {
    List<ProtoWriter> axes = new ArrayList<>();
    switch (model.layout()) {
      case TIME_MAJOR -> axes.addAll(List.of(size("time"), size("batch")));
      case BATCH_MAJOR -> axes.addAll(List.of(size("batch"), size("time")));
      case ONE_STEP -> axes.add(size("batch"));
    }
    axes.addAll(List.of(more));
    return axes.toArray(ProtoWriter[]::new);
  }

  private void requireLengths(String layer) {
    if (lengths.isEmpty()) {
      throw new IllegalArgumentException(
          "%s: ONNX has no masks; export with lengths, and run with the number of real steps of each sequence"
              .formatted(layer));
    }
  }

  private Matrix weight(String name) {
    return model.network().parameters().get(name).value();
  }
}
