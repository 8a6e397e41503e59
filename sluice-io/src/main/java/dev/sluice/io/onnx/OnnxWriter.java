package dev.sluice.io.onnx;

import static dev.sluice.io.onnx.GraphWriter.attribute;
import static dev.sluice.io.onnx.GraphWriter.longsAttribute;
import static dev.sluice.io.onnx.GraphWriter.size;

import dev.sluice.io.dialect.ActivationNames;
import dev.sluice.io.onnx.OnnxChain.Layout;
import dev.sluice.io.onnx.OnnxChain.Port;
import dev.sluice.io.protobuf.ProtoWriter;
import dev.sluice.layer.Dense;
import dev.sluice.layer.Embedding;
import dev.sluice.matrix.Matrix;
import dev.sluice.tape.Activation;
import dev.sluice.tape.Activation.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes an {@link OnnxChain} as an ONNX model of opset 14 that ONNX Runtime and its kin run, for any number
 * of sequences and steps:
 *
 * <pre>
 *   inputs    input     (T, B, features), as the layout says; tokens: (T, B), int64
 *             lengths   (B), int32
 *             h0, c0    (layers · directions, B, units)
 *   outputs   output    of the last step of the chain
 *             h_n, c_n  like h0 and c0
 * </pre>
 *
 * <p>{@code lengths} and states are there when the chain's ports say so; where several steps of the chain are
 * recurrent, states are called {@code NAME.h0} and so on. Equal arguments give equal bytes. It writes the
 * file in place.
 */
public final class OnnxWriter {
  private final OnnxChain chain;
  private final GraphWriter graph = new GraphWriter();
  private final List<RecurrentWriter> recurrent = new ArrayList<>();
  private final String lengths; // "" without
  private String value; // what the next step reads
  private Layout now; // of value, while it is of sequences
  private boolean sequences = true;
  private int width;

  private OnnxWriter(OnnxChain chain) {
    this.chain = chain;
    now = chain.layout();
    width = inputWidth(chain.steps());
    boolean tokens = chain.steps().getFirst() instanceof OnnxStep.Embed;
    value =
        tokens
            ? graph.input("input", GraphWriter.INT64, axes())
            : graph.input("input", GraphWriter.FLOAT, axes(size(width)));
    lengths =
        chain.ports().contains(Port.LENGTHS)
            ? graph.input("lengths", GraphWriter.INT32, size("batch"))
            : "";
  }

  /**
   * Writes {@code chain} to {@code file}, replacing what it holds.
   *
   * @throws IllegalArgumentException when ONNX cannot say what a step does; then nothing is written
   * @throws IOException when the file cannot be written
   */
  public static void write(Path file, OnnxChain chain) throws IOException {
    OnnxWriter writer = new OnnxWriter(chain);
    chain.steps().forEach(writer::write);
    writer.finish();
    writer.graph.write(file);
  }

  private void write(OnnxStep step) {
    switch (step) {
      case OnnxStep.Embed embed -> write(embed.embedding());
      case OnnxStep.Recur recur -> write(recur);
      case OnnxStep.LastStep last -> writeLastStep();
      case OnnxStep.Affine affine -> write(affine.dense());
      case OnnxStep.Activate activate -> write(activate.activation());
      case OnnxStep.Softmax softmax ->
          write(softmax.logarithm() ? "LogSoftmax" : "Softmax", attribute("axis", -1));
    }
  }

  private void finish() {
    if (sequences) {
      turn(chain.layout());
    }
    ProtoWriter[] vector = {size("batch"), size(width)};
    graph.output("output", value, sequences ? axes(size(width)) : vector);
    recurrent.forEach(RecurrentWriter::writeFinalStates);
  }

  private void write(Embedding embedding) {
    String name = embedding.name() + ".weight";
    Matrix table = weight(name);
    String vectors = graph.constant(name, table.toArray(), table.rows, table.cols);
    value = graph.node("Gather", embedding.name() + "/Gather", List.of(vectors, value));
    width = embedding.width();
  }

  private void write(OnnxStep.Recur recur) {
    turn(Layout.TIME_MAJOR);
    RecurrentWriter writer = new RecurrentWriter(graph, chain, recur);
    recurrent.add(writer);
    value = writer.write(value, lengths);
    width = recur.recurrent().outputSize();
    sequences = recur.returnSequences();
  }

  private void writeLastStep() {
    if (now != Layout.ONE_STEP) {
      String last = graph.scalar("last", -1);
      value =
          graph.node(
              "Gather",
              "last/Gather",
              List.of(value, last),
              attribute("axis", now == Layout.TIME_MAJOR ? 0 : 1));
    }
    sequences = false;
  }

  private void write(Dense dense) {
    Matrix weight = weight(dense.name() + ".weight"); // (in, out), as MatMul wants it
    Matrix bias = weight(dense.name() + ".bias");
    String w = graph.constant(dense.name() + ".kernel", weight.toArray(), dense.in(), dense.out());
    String b = graph.constant(dense.name() + ".bias", bias.toArray(), dense.out());
    String product = graph.node("MatMul", dense.name() + "/MatMul", List.of(value, w));
    value = graph.node("Add", dense.name() + "/Add", List.of(product, b));
    width = dense.out();
  }

  private void write(Activation activation) {
    boolean clipped = activation.inputLimit() != Float.POSITIVE_INFINITY;
    if (clipped || activation.kind() == Kind.AFFINE || activation.kind() == Kind.SCALED_TANH) {
      throw CellOperator.unsayable("an activation layer", activation.toString());
    }
    List<Float> alphas = new ArrayList<>();
    List<Float> betas = new ArrayList<>();
    String operator = ActivationNames.toOnnx(activation, alphas, betas);
    List<ProtoWriter> attributes = new ArrayList<>();
    alphas.forEach(alpha -> attributes.add(attribute("alpha", alpha)));
    betas.forEach(beta -> attributes.add(attribute("beta", beta)));
    write(operator, attributes.toArray(ProtoWriter[]::new));
  }

  private void write(String operator, ProtoWriter... attributes) {
    value = graph.node(operator, operator, List.of(value), attributes);
  }

  /** Goes over to another layout. */
  private void turn(Layout to) {
    if (now == to) {
      return;
    }
    if (now == Layout.ONE_STEP || to == Layout.ONE_STEP) {
      String axis = graph.constant("time_axis", 0);
      String operator = to == Layout.ONE_STEP ? "Squeeze" : "Unsqueeze";
      value = graph.node(operator, operator, List.of(value, axis));
    } else {
      write("Transpose", longsAttribute("perm", 1, 0, 2));
    }
    now = to;
  }

  private ProtoWriter[] axes(ProtoWriter... more) {
    List<ProtoWriter> axes = new ArrayList<>();
    switch (now) {
      case TIME_MAJOR -> axes.addAll(List.of(size("time"), size("batch")));
      case BATCH_MAJOR -> axes.addAll(List.of(size("batch"), size("time")));
      case ONE_STEP -> axes.add(size("batch"));
    }
    axes.addAll(List.of(more));
    return axes.toArray(ProtoWriter[]::new);
  }

  private Matrix weight(String name) {
    return chain.parameters().get(name).value();
  }

  private static int inputWidth(List<OnnxStep> steps) {
    for (OnnxStep step : steps) {
      switch (step) {
        case OnnxStep.Embed embed -> {
          return 1;
        }
        case OnnxStep.Recur recur -> {
          return recur.recurrent().cells().getFirst().inputSize();
        }
        case OnnxStep.Affine affine -> {
          return affine.dense().in();
        }
        case OnnxStep.LastStep last -> {}
        case OnnxStep.Activate activate -> {}
        case OnnxStep.Softmax softmax -> {}
      }
    }
    throw new IllegalArgumentException(
        "an ONNX model needs a step with weights, an embedding, a recurrent or a dense layer");
  }
}
