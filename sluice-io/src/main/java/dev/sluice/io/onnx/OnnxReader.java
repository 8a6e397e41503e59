package dev.sluice.io.onnx;

import dev.sluice.io.ModelFileException;
import dev.sluice.io.TensorFile;
import dev.sluice.io.onnx.OnnxNetwork.Layout;
import dev.sluice.io.protobuf.ProtoReader;
import dev.sluice.network.Network;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads recurrent networks out of ONNX models. A model that is a chain of layers is rebuilt whole, whichever
 * exporter wrote it; of any other, the recurrent nodes are taken, wherever they are, and the rest is listed.
 *
 * <p>Files are not trusted: sizes are proved before memory is taken, files beside the model are opened in its
 * own folder only, and what is made of constants is limited to a multiple of the file.
 */
public final class OnnxReader {
  private static final String KIND = "ONNX model";

  private final Path file;
  private final Budget budget;
  private final LayerNames names = new LayerNames();
  private final List<OnnxLayer> layers = new ArrayList<>();
  private final List<String> others = new ArrayList<>();

  private OnnxReader(Path file, Budget budget) {
    this.file = file;
    this.budget = budget;
  }

  /**
   * Reads {@code file}.
   *
   * @throws ModelFileException when it is missing, damaged, or no ONNX model
   */
  public static OnnxContents read(Path file) {
    return read(file, Map.of());
  }

  /** The same when some inputs of the graph are known. */
  static OnnxContents read(Path file, Map<String, Constant> inputs) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = TensorFile.map(file, KIND, arena);
      ExternalData external = new ExternalData(file, arena);
      OnnxParser.Model model = OnnxParser.parse(file, bytes, external);
      Budget budget = new Budget(bytes.byteSize() + external.bytes());
      Folding.Graph folded = Folding.fold(file, model.graph(), inputs, budget);
      return new OnnxReader(file, budget).contents(folded, model.opset());
    }
  }

  /** A tensor in a file of its own, as test data of models are. */
  static TensorParser.Named readTensor(Path file) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = TensorFile.map(file, "ONNX tensor", arena);
      ExternalData external = new ExternalData(file, arena);
      TensorParser.Named tensor = TensorParser.parse(file, ProtoReader.of(file, bytes), external);
      tensor.constant().ifPresent(Constant::read); // before the file is closed
      return tensor;
    }
  }

  private OnnxContents contents(Folding.Graph graph, long opset) {
    return switch (ChainReader.read(file, graph, opset, budget)) {
      case ChainReader.Result.Chain chain ->
          new OnnxContents(Optional.of(chain.network()), List.of(), List.of(), "");
      case ChainReader.Result.Obstacle obstacle -> {
        collect(graph);
        yield new OnnxContents(Optional.empty(), layers, others, obstacle.text());
      }
    };
  }

  private void collect(Folding.Graph graph) {
    for (Folding.Node node : graph.nodes()) {
      Optional<RecurrentNode> rnn =
          RecurrentNode.OPERATORS.contains(node.node().operator())
              ? RecurrentNode.read(file, node.node(), node.scope(), budget)
              : Optional.empty();
      rnn.ifPresentOrElse(r -> layers.add(layer(r)), () -> others.add(node.node().toString()));
      node.bodies().forEach(this::collect);
    }
  }

  private OnnxLayer layer(RecurrentNode rnn) {
    ChainBuilder chain = new ChainBuilder(names);
    chain.addRecurrent(rnn, Optional.empty());
    int inputs = rnn.cells().getFirst().inputSize();
    Network network = chain.build(inputs);
    return new OnnxLayer(
        network.layers().getFirst().name(),
        rnn.node().name(),
        network,
        rnn.batchMajor() ? Layout.BATCH_MAJOR : Layout.TIME_MAJOR);
  }
}
