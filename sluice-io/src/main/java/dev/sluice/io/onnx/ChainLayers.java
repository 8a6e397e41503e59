package dev.sluice.io.onnx;

import dev.sluice.io.dialect.ActivationNames;
import dev.sluice.io.onnx.Axes.Axis;
import dev.sluice.io.onnx.Meaning.Flow;
import dev.sluice.io.onnx.Meaning.Given;
import dev.sluice.layer.MergeMode;
import dev.sluice.matrix.Matrix;
import dev.sluice.network.ActivationLayer;
import dev.sluice.network.NetworkLayer;
import dev.sluice.network.RepeatLayer;
import dev.sluice.network.SoftmaxLayer;
import dev.sluice.tape.Activation;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The nodes of a chain that are layers themselves, but for recurrent ones. */
final class ChainLayers {
  private static final Set<String> ACTIVATIONS =
      Set.of(
          "Relu",
          "Tanh",
          "Sigmoid",
          "Softsign",
          "Softplus",
          "LeakyRelu",
          "ThresholdedRelu",
          "HardSigmoid",
          "Elu");

  /** In which Softmax became that of one axis. */
  private static final int SOFTMAX_OPSET = 13;

  private final ChainBuilder chain;
  private final ChainSequences sequences;
  private final long opset;
  private final Budget budget;

  ChainLayers(ChainBuilder chain, ChainSequences sequences, long opset, Budget budget) {
    this.chain = chain;
    this.sequences = sequences;
    this.opset = opset;
    this.budget = budget;
  }

  /** What a node gives; nothing when it is no layer of a chain. */
  Optional<Meaning> read(OnnxNode node, NodeInputs in) {
    return switch (node.operator()) {
      case "MatMul" -> matMul(node, in);
      case "Gemm" -> gemm(node, in);
      case "Add" -> add(in);
      case "Expand" -> repeat(in);
      case "Softmax" -> softmax(node, in);
      default -> ACTIVATIONS.contains(node.operator()) ? activation(node, in) : Optional.empty();
    };
  }

  /** A Gather from a constant table, its indices the input of the graph. */
  Optional<Meaning> embedding(OnnxNode node, NodeInputs in) {
    Constant table = in.constant(0).orElseThrow();
    boolean fits =
        table.isReal()
            && table.rank() == 2
            && table.count() > 0
            && budget.take(table)
            && node.integer("axis", 0) == 0
            && in.given(1).stream().anyMatch(given -> sequences.begin(given, 1));
    if (!fits) {
      return Optional.empty();
    }
    int width = table.shape().get(1);
    chain.addEmbedding(node, Matrix.window(table.floats(), 0, table.shape().get(0), width));
    Axes tokens = in.given(1).orElseThrow().axes();
    Axes vectors = tokens.unsqueezed(List.of((long) tokens.rank())).orElseThrow();
    return Optional.of(chain.output(vectors.with(tokens.rank(), List.of(new Axis(width)))));
  }

  private Optional<Meaning> matMul(OnnxNode node, NodeInputs in) {
    Optional<Constant> kernel = in.constant(1).filter(this::isMatrix);
    return kernel.flatMap(k -> dense(node, in, matrix(k), Optional.empty()));
  }

  private Optional<Meaning> gemm(OnnxNode node, NodeInputs in) {
    Optional<Constant> kernel = in.constant(1).filter(this::isMatrix);
    boolean plain =
        node.integer("transA", 0) == 0
            && node.real("alpha", 1) == 1
            && node.real("beta", 1) == 1
            && in.has(2) == in.constant(2).isPresent();
    if (kernel.isEmpty() || !plain) {
      return Optional.empty();
    }
    Matrix given = matrix(kernel.get());
    Matrix weight = node.integer("transB", 0) == 0 ? given : transposed(given);
    Optional<Matrix> bias = in.constant(2).flatMap(c -> row(c, weight.cols));
    return in.has(2) && bias.isEmpty() ? Optional.empty() : dense(node, in, weight, bias);
  }

  private Optional<Meaning> dense(
      OnnxNode node, NodeInputs in, Matrix kernel, Optional<Matrix> bias) {
    Optional<Flow> flow = in.flow(0).or(() -> begun(in.given(0), kernel.rows));
    return flow.filter(f -> chain.addDense(node, f, kernel, bias, sequences.time()))
        .map(f -> chain.output(features(f, kernel.cols)));
  }

  /** The axes of {@code flow} with {@code width} features, no matter of how many directions they were. */
  private static Axes features(Flow flow, int width) {
    return flow.axes().with(flow.axes().rank() - 1, List.of(new Axis(width)));
  }

  /** The input of the graph as what the first layer reads. */
  private Optional<Flow> begun(Optional<Given> given, int width) {
    return given
        .filter(g -> g.axes().rank() > 1 && sequences.begin(g, width))
        .map(g -> g.axes().with(g.axes().rank() - 1, List.of(new Axis(width))))
        .map(chain::output);
  }

  /** The bias of a dense layer, or the sum of two directions. */
  private Optional<Meaning> add(NodeInputs in) {
    if (in.flow(0).isPresent() && in.flow(1).isPresent()) {
      return new FlowOps(sequences.time())
          .merge(in.flow(0).get(), in.flow(1).get(), MergeMode.SUM)
          .map(f -> f);
    }
    Optional<Flow> flow = in.flow(0).or(() -> in.flow(1));
    Optional<Constant> bias = in.constant(1).or(() -> in.constant(0));
    boolean added =
        flow.isPresent()
            && bias.flatMap(b -> row(b, b.count())).stream()
                .anyMatch(row -> chain.addBias(flow.get(), row));
    return added ? Optional.of(flow.get()) : Optional.empty();
  }

  /** A vector for each sequence as a sequence of equal steps. */
  private Optional<Meaning> repeat(NodeInputs in) {
    List<Long> shape = in.list("shape", 1).orElse(List.of());
    boolean fits =
        in.flow(0).isPresent()
            && in.flow(0).get().axes().rank() == 3
            && shape.size() == 3
            && shape.stream().filter(size -> size != 1).count() <= 1;
    if (!fits) {
      return Optional.empty();
    }
    Flow flow = in.flow(0).get();
    int dimension = shape.get(0) == 1 ? 1 : 0;
    long steps = shape.get(dimension);
    if (!flow.axes().get(dimension).isEmpty() || steps < 1 || steps > Integer.MAX_VALUE) {
      return Optional.empty();
    }
    if (!chain.accept(flow)) {
      return Optional.empty();
    }
    Axis time = new Axis((int) steps);
    chain.add(new RepeatLayer(chain.fresh("repeat"), (int) steps));
    sequences.repeat(time);
    return Optional.of(chain.output(flow.axes().with(dimension, List.of(time))));
  }

  private Optional<Meaning> softmax(OnnxNode node, NodeInputs in) {
    if (in.flow(0).isEmpty()) {
      return Optional.empty();
    }
    int rank = in.flow(0).get().axes().rank();
    long axis = node.integer("axis", opset < SOFTMAX_OPSET ? 1 : -1);
    return Shapes.axis(axis, rank) == rank - 1
        ? layer(in.flow(0).get(), new SoftmaxLayer(chain.fresh("softmax")))
        : Optional.empty();
  }

  private Optional<Meaning> activation(OnnxNode node, NodeInputs in) {
    List<Float> alphas = node.has("alpha") ? List.of(node.real("alpha", 0)) : List.of();
    List<Float> betas = node.has("beta") ? List.of(node.real("beta", 0)) : List.of();
    Activation activation =
        ActivationNames.onnx(node.operator(), alphas.iterator(), betas.iterator());
    String name = chain.fresh(node.operator().toLowerCase(Locale.ROOT));
    return in.flow(0).flatMap(flow -> layer(flow, new ActivationLayer(name, activation)));
  }

  private Optional<Meaning> layer(Flow flow, NetworkLayer layer) {
    if (!chain.accept(flow)) {
      return Optional.empty();
    }
    chain.add(layer);
    return Optional.of(chain.output(features(flow, ChainBuilder.width(flow))));
  }

  /** Whether it can be a weight, and there is memory for the layer. */
  private boolean isMatrix(Constant constant) {
    return constant.isReal()
        && constant.rank() == 2
        && constant.count() > 0
        && budget.take(constant);
  }

  private static Matrix matrix(Constant constant) {
    return Matrix.window(constant.floats(), 0, constant.shape().get(0), constant.shape().get(1));
  }

  /** {@code count} floats in the last dimension, as one row. */
  private static Optional<Matrix> row(Constant constant, int count) {
    return constant.isReal()
            && constant.rank() > 0
            && constant.shape().getLast() == count
            && constant.count() == count
        ? Optional.of(Matrix.window(constant.floats(), 0, 1, count))
        : Optional.empty();
  }

  private static Matrix transposed(Matrix m) {
    Matrix transposed = Matrix.zeros(m.cols, m.rows);
    for (int r = 0; r < m.rows; r++) {
      for (int c = 0; c < m.cols; c++) {
        transposed.set(c, r, m.get(r, c));
      }
    }
    return transposed;
  }
}
