package dev.sluice.io.onnx;

import static dev.sluice.io.ModelFileException.shown;

import dev.sluice.io.ModelFileException;
import dev.sluice.io.onnx.OnnxGraph.Input;
import dev.sluice.io.protobuf.ProtoReader;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the graph of an ONNX model out of its ModelProto; the numbers are those of the fields in <a
 * href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">onnx.proto</a>. What a graph means is not
 * its business.
 */
final class OnnxParser {
  /** A graph, and the version of ONNX's own operators in it. */
  record Model(long opset, OnnxGraph graph) {}

  private final Path file;
  private final ExternalData external;

  private OnnxParser(Path file, ExternalData external) {
    this.file = file;
    this.external = external;
  }

  /**
   * The model in {@code bytes}.
   *
   * @throws ModelFileException when it is none
   */
  static Model parse(Path file, MemorySegment bytes, ExternalData external) {
    return new OnnxParser(file, external).model(ProtoReader.of(file, bytes));
  }

  private Model model(ProtoReader in) {
    long opset = 0;
    Optional<OnnxGraph> graph = Optional.empty();
    while (in.next()) {
      switch (in.field()) {
        case 7 -> graph = Optional.of(graph(in.message()));
        case 8 -> opset = Math.max(opset, opset(in.message()));
        default -> {}
      }
    }
    return new Model(
        opset,
        graph.orElseThrow(
            () -> new ModelFileException(file, "holds no graph; is it an ONNX model at all?")));
  }

  /** The version of the default domain; 0 for another. */
  private static long opset(ProtoReader in) {
    String domain = "";
    long version = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> domain = in.string();
        case 2 -> version = in.varint();
        default -> {}
      }
    }
    return isDefault(domain) ? version : 0;
  }

  private OnnxGraph graph(ProtoReader in) {
    List<OnnxNode> nodes = new ArrayList<>();
    Map<String, Constant> initializers = new LinkedHashMap<>();
    List<Input> inputs = new ArrayList<>();
    List<String> outputs = new ArrayList<>();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> nodes.add(node(in.message()));
        case 5 -> {
          TensorParser.Named tensor = TensorParser.parse(file, in.message(), external);
          tensor.constant().ifPresent(constant -> initializers.put(tensor.name(), constant));
        }
        case 11 -> inputs.add(value(in.message()));
        case 12 -> outputs.add(value(in.message()).name());
        default -> {}
      }
    }
    inputs.removeIf(input -> initializers.containsKey(input.name())); // as IR version 3 has it
    return new OnnxGraph(nodes, initializers, inputs, outputs);
  }

  private OnnxNode node(ProtoReader in) {
    List<String> inputs = List.of();
    List<String> outputs = List.of();
    List<OnnxAttribute> attributes = List.of();
    String name = "";
    String operator = "";
    String domain = "";
    while (in.next()) {
      switch (in.field()) {
        case 1 -> inputs = with(inputs, in.string());
        case 2 -> outputs = with(outputs, in.string());
        case 3 -> name = in.string();
        case 4 -> operator = in.string();
        case 5 -> attributes = with(attributes, attribute(in.message()));
        case 7 -> domain = in.string();
        default -> {}
      }
    }
    if (operator.isEmpty()) {
      throw new ModelFileException(
          file,
          "the node %s has no operator; the file is damaged, or no ONNX model"
              .formatted(shown(name)));
    }
    String qualified = isDefault(domain) ? operator : domain + "." + operator;
    return new OnnxNode(qualified, name, inputs, outputs, attributes);
  }

  private OnnxAttribute attribute(ProtoReader in) {
    String name = "";
    float real = 0;
    long integer = 0;
    String text = "";
    List<Float> reals = new ArrayList<>(0);
    List<Long> integers = new ArrayList<>(0);
    List<String> texts = List.of();
    List<TensorParser.Named> tensors = List.of();
    List<OnnxGraph> graphs = List.of();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> name = in.string();
        case 2 -> real = in.real();
        case 3 -> integer = in.varint();
        case 4 -> text = in.text();
        case 5 -> tensors = with(tensors, TensorParser.parse(file, in.message(), external));
        case 6, 11 -> graphs = with(graphs, graph(in.message()));
        case 7 -> in.floats(value -> reals.add((float) value));
        case 8 -> in.varints(integers::add);
        case 9 -> texts = with(texts, in.text());
        default -> {}
      }
    }
    return new OnnxAttribute(name, real, integer, text, reals, integers, texts, tensors, graphs);
  }

  /** A list that takes memory when there is something in it: a file may hold millions of nodes. */
  private static <T> List<T> with(List<T> list, T more) {
    List<T> longer = list.isEmpty() ? new ArrayList<>(1) : list;
    longer.add(more);
    return longer;
  }

  /** A ValueInfoProto, of which only tensors are of interest. */
  private Input value(ProtoReader in) {
    String name = "";
    boolean real = true;
    List<Integer> shape = new ArrayList<>();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> name = in.string();
        case 2 -> real = readType(in.message(), shape);
        default -> {}
      }
    }
    return new Input(name, real, List.copyOf(shape));
  }

  /** A TypeProto; returns whether elements are floating-point numbers. */
  private static boolean readType(ProtoReader in, List<Integer> shape) {
    boolean real = true;
    while (in.next()) {
      if (in.field() == 1) {
        ProtoReader tensor = in.message();
        while (tensor.next()) {
          switch (tensor.field()) {
            case 1 ->
                real = TensorParser.tensorType(tensor.varint()).stream().allMatch(t -> t.isReal());
            case 2 -> readShape(tensor.message(), shape);
            default -> {}
          }
        }
      }
    }
    return real;
  }

  private static void readShape(ProtoReader in, List<Integer> shape) {
    while (in.next()) {
      if (in.field() == 1) {
        ProtoReader dimension = in.message();
        long size = OnnxGraph.ANY;
        while (dimension.next()) {
          if (dimension.field() == 1) {
            size = dimension.varint();
          }
        }
        shape.add(size > 0 && size <= Integer.MAX_VALUE ? (int) size : OnnxGraph.ANY);
      }
    }
  }

  private static boolean isDefault(String domain) {
    return domain.isEmpty() || domain.equals("ai.onnx");
  }
}
