package dev.sluice.io.onnx;

import dev.sluice.cell.Cell;
import dev.sluice.io.onnx.Axes.Axis;
import dev.sluice.io.onnx.Meaning.Flow;
import dev.sluice.io.onnx.Meaning.Flow.Part;
import dev.sluice.layer.Dense;
import dev.sluice.layer.Embedding;
import dev.sluice.layer.MergeMode;
import dev.sluice.layer.PaddedBatch.Fill;
import dev.sluice.layer.Recurrent;
import dev.sluice.matrix.Matrix;
import dev.sluice.network.DenseLayer;
import dev.sluice.network.EmbeddingLayer;
import dev.sluice.network.FlattenLayer;
import dev.sluice.network.LastStepLayer;
import dev.sluice.network.Network;
import dev.sluice.network.NetworkLayer;
import dev.sluice.network.RecurrentLayer;
import dev.sluice.network.RecurrentLayer.Reading;
import dev.sluice.parameter.ParameterSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The layers that {@link ChainReader} has found so far, and their weights. It sees to it that each layer
 * reads what the one before it gives, all of it, and that nothing else does.
 */
final class ChainBuilder {
  /** Far more than a network of layers has; a file could claim any number. */
  private static final int MAX_LAYERS = 1000;

  private final List<NetworkLayer> layers = new ArrayList<>();
  private final Map<String, Matrix> weights = new LinkedHashMap<>();
  private final LayerNames names;
  private int version;
  private int cells; // of all recurrent nodes
  private List<Integer> newest = List.of(); // those of the last recurrent node
  private boolean ragged; // whether sequences have lengths

  /** An empty chain, whose layers take names from {@code names}. */
  ChainBuilder(LayerNames names) {
    this.names = names;
  }

  /** The output of the layer that was added last. */
  Flow output(Axes axes) {
    return new Flow(version, Part.ALL, List.of(), Optional.empty(), MergeMode.CONCAT, axes);
  }

  /** The same of a recurrent node: of {@code stack.size} directions, or of one. */
  Flow output(Part part, Optional<Axis> stack, Axes axes) {
    return new Flow(version, part, newest, stack, MergeMode.CONCAT, axes);
  }

  /** Sequences have lengths from now on, or have none any more. */
  void setRagged(boolean ragged) {
    this.ragged = ragged;
  }

  /**
   * Makes {@code flow} what the next layer reads, or the end of the chain; false when it is not what the
   * last layer gives, or only a part of it.
   */
  boolean accept(Flow flow) {
    boolean whole = flow.cells().isEmpty() || flow.cells().equals(newest);
    boolean endless = layers.size() > MAX_LAYERS || cells > MAX_LAYERS;
    if (flow.version() != version || !whole || !hasFeaturesLast(flow) || endless) {
      return false;
    }
    Optional<RecurrentLayer> rnn =
        flow.cells().isEmpty() ? Optional.empty() : Optional.of((RecurrentLayer) layers.getLast());
    boolean possible =
        switch (flow.part()) {
          case ALL, H -> true;
          case FLIPPED -> rnn.stream().anyMatch(layer -> layer.reading() == Reading.REVERSE);
          case LAST -> !ragged;
          case LAST_REAL -> ragged;
          case REVERSED, C -> false;
        };
    if (!possible) {
      return false;
    }
    rnn.ifPresent(layer -> layers.set(layers.size() - 1, asRead(layer, flow)));
    if (flow.part() == Part.LAST || flow.part() == Part.LAST_REAL) {
      layers.add(new LastStepLayer(names.fresh("last")));
    }
    version++;
    return true;
  }

  /** Adds a layer without weights, which reads what was accepted. */
  void add(NetworkLayer layer) {
    layers.add(layer);
  }

  /** Adds an embedding. */
  void addEmbedding(OnnxNode node, Matrix table) {
    Embedding embedding = new Embedding(names.of(node, 0, "embedding"), table.rows, table.cols);
    weights.put(embedding.name() + ".weight", table);
    layers.add(new EmbeddingLayer(embedding, false));
  }

  /**
   * Adds a dense layer that reads {@code flow}; false when it cannot.
   *
   * @param kernel (in, out)
   * @param bias (1, out)
   */
  boolean addDense(
      OnnxNode node, Flow flow, Matrix kernel, Optional<Matrix> bias, Optional<Axis> time) {
    Flow read = flow;
    List<Axis> last = flow.axes().last();
    boolean flattened =
        !last.isEmpty() && time.isPresent() && last.getFirst() == time.get() && last.size() > 1;
    if (flattened) {
      List<Axis> features = last.subList(1, last.size());
      read = flow.with(flow.axes().with(flow.axes().rank() - 1, features));
    }
    int width = width(read);
    if (width < 1 || kernel.rows % width != 0 || (!flattened && kernel.rows != width)) {
      return false;
    }
    if (!accept(read)) {
      return false;
    }
    if (flattened) {
      layers.add(new FlattenLayer(names.fresh("flatten"), kernel.rows / width));
    }
    Dense dense = new Dense(names.of(node, 1, "dense"), kernel.rows, kernel.cols);
    weights.put(dense.name() + ".weight", kernel);
    bias.ifPresent(values -> weights.put(dense.name() + ".bias", values));
    layers.add(new DenseLayer(dense));
    return true;
  }

  /** Gives the dense layer that was added last a bias; false when the flow is not its, or it has one. */
  boolean addBias(Flow flow, Matrix bias) {
    if (flow.version() == version
        && !layers.isEmpty()
        && layers.getLast() instanceof DenseLayer(Dense dense)
        && dense.out() == bias.cols) {
      return weights.putIfAbsent(dense.name() + ".bias", bias) == null;
    }
    return false;
  }

  /**
   * Adds a recurrent node that reads {@code flow}, or the input of the graph; false when it cannot. Nodes
   * that read each other's outputs become the layers of one stack, as those of PyTorch's {@code nn.LSTM}.
   */
  boolean addRecurrent(RecurrentNode rnn, Optional<Flow> flow) {
    int inputSize = rnn.cells().getFirst().inputSize();
    if (flow.isPresent() && !(width(flow.get()) == inputSize && accept(flow.get()))) {
      return false;
    }
    Optional<RecurrentLayer> before =
        flow.isPresent() ? stacked(rnn, flow.get()) : Optional.empty();
    List<Cell> stack = new ArrayList<>();
    before.ifPresent(layer -> stack.addAll(layer.recurrent().cells()));
    stack.addAll(rnn.cells());
    String name =
        before
            .map(RecurrentLayer::name)
            .orElseGet(
                () -> names.of(rnn.node(), 1, rnn.node().operator().toLowerCase(Locale.ROOT)));
    before.ifPresent(layer -> layers.removeLast());
    Recurrent recurrent = new Recurrent(name, stack, rnn.cells().size() == 2, 0);
    layers.add(new RecurrentLayer(recurrent, MergeMode.CONCAT, reading(rnn), Fill.ZERO, true));
    addWeights(recurrent, rnn);
    newest = IntStream.range(cells, cells + rnn.cells().size()).boxed().toList();
    cells += rnn.cells().size();
    return true;
  }

  /** The layer whose stack {@code rnn} continues by reading {@code flow}. */
  private Optional<RecurrentLayer> stacked(RecurrentNode rnn, Flow flow) {
    if (flow.part() != Part.ALL || flow.cells().isEmpty() || flow.merge() != MergeMode.CONCAT) {
      return Optional.empty();
    }
    RecurrentLayer before = (RecurrentLayer) layers.getLast();
    List<Cell> above = before.recurrent().cells();
    List<Cell> last = above.subList(above.size() - newest.size(), above.size());
    boolean continues = before.reading() == reading(rnn) && last.size() == rnn.cells().size();
    for (int d = 0; d < last.size() && continues; d++) {
      continues = isAlike(last.get(d), rnn.cells().get(d));
    }
    return continues ? Optional.of(before) : Optional.empty();
  }

  /** Whether two cells differ in their inputs at most. */
  private static boolean isAlike(Cell a, Cell b) {
    return CellOperator.of("", a).equals(CellOperator.of("", b))
        && a.parameters("").size() == b.parameters("").size();
  }

  private static Reading reading(RecurrentNode rnn) {
    return rnn.reverse() ? Reading.REVERSE : Reading.FORWARD;
  }

  /** The weights of the node that became the last layer of {@code recurrent}. */
  private void addWeights(Recurrent recurrent, RecurrentNode rnn) {
    List<ParameterSpec> all = recurrent.parameters();
    int at = all.size();
    for (int d = rnn.cells().size() - 1; d >= 0; d--) {
      for (ParameterSpec spec : rnn.cells().get(d).parameters("").reversed()) {
        Matrix weight = Objects.requireNonNull(rnn.weights().get(d).get(spec.name()));
        weights.put(all.get(--at).name(), weight);
      }
    }
  }

  /** The layer with the choices that the way it is read tells. */
  private static RecurrentLayer asRead(RecurrentLayer layer, Flow flow) {
    return new RecurrentLayer(
        layer.recurrent(),
        flow.merge(),
        flow.part() == Part.FLIPPED ? Reading.GO_BACKWARDS : layer.reading(),
        layer.fill(),
        flow.part() != Part.H);
  }

  private static boolean hasFeaturesLast(Flow flow) {
    List<Axis> last = flow.axes().last();
    return flow.stack().isPresent()
        ? last.size() == 2 && last.getFirst() == flow.stack().get()
        : last.size() == 1;
  }

  /** Features of a step; {@link OnnxGraph#ANY} when they are not known. */
  static int width(Flow flow) {
    int width = 1;
    for (Axis axis : flow.axes().last()) {
      width = axis.size < 0 || width < 0 ? OnnxGraph.ANY : Math.multiplyExact(width, axis.size);
    }
    return width;
  }

  /** The network, its weights those that were found. */
  Network build(int inputWidth) {
    Network network = new Network(inputWidth, layers);
    weights.forEach((name, values) -> network.parameters().get(name).value().copyFrom(values));
    network.parameters().changed();
    return network;
  }

  /** A name for a layer without weights. */
  String fresh(String name) {
    return names.fresh(name);
  }
}
