package dev.sluice.io.onnx;

import dev.sluice.io.protobuf.ProtoWriter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Puts an ONNX graph together and writes it. It knows the format, whose numbers of fields and types are in <a
 * href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">onnx.proto</a>, and nothing of networks.
 * Nodes come in the order in which they run; every value has a name of its own.
 */
final class GraphWriter {
  /** Types of elements. */
  static final int FLOAT = 1;

  static final int INT32 = 6;
  static final int INT64 = 7;

  /** Of ONNX 1.9: every runtime since 2021 reads it. */
  private static final int OPSET = 14;

  private static final int IR_VERSION = 7;

  /** Programs that read protocol buffers count bytes in an int. */
  private static final long MAX_BYTES = Integer.MAX_VALUE;

  private final ProtoWriter graph = new ProtoWriter();
  private final Set<String> names = new HashSet<>();

  static ProtoWriter attribute(String name, long value) {
    return new ProtoWriter().string(1, name).varint(3, value).varint(20, 2);
  }

  static ProtoWriter attribute(String name, float value) {
    return new ProtoWriter().string(1, name).real(2, value).varint(20, 1);
  }

  static ProtoWriter attribute(String name, String value) {
    return new ProtoWriter().string(1, name).string(4, value).varint(20, 3);
  }

  static ProtoWriter longsAttribute(String name, long... values) {
    ProtoWriter attribute = new ProtoWriter().string(1, name);
    for (long value : values) {
      attribute.varint(8, value);
    }
    return attribute.varint(20, 7);
  }

  static ProtoWriter floatsAttribute(String name, List<Float> values) {
    ProtoWriter attribute = new ProtoWriter().string(1, name);
    values.forEach(value -> attribute.real(7, value));
    return attribute.varint(20, 6);
  }

  static ProtoWriter stringsAttribute(String name, List<String> values) {
    ProtoWriter attribute = new ProtoWriter().string(1, name);
    values.forEach(value -> attribute.string(9, value));
    return attribute.varint(20, 8);
  }

  /** The size of an axis. */
  static ProtoWriter size(long number) {
    return new ProtoWriter().varint(1, number);
  }

  /** The size of an axis that each run chooses, by its name. */
  static ProtoWriter size(String name) {
    return new ProtoWriter().string(2, name);
  }

  /** {@code name}, or a name like it that no value has yet; it is taken from then on. */
  String fresh(String name) {
    String free = name;
    for (int i = 1; !names.add(free); i++) {
      free = name + "_" + i;
    }
    return free;
  }

  /** An input of the graph. */
  String input(String name, int type, ProtoWriter... sizes) {
    String value = fresh(name);
    graph.message(11, valueInfo(value, type, sizes));
    return value;
  }

  /** Makes {@code value}, of floats, an output of the graph. */
  void output(String name, String value, ProtoWriter... sizes) {
    String output = fresh(name);
    graph.message(12, valueInfo(output, FLOAT, sizes));
    node("Identity", output, List.of(value), List.of(output));
  }

  /** A constant. */
  String constant(String name, float[] values, int... shape) {
    String value = fresh(name);
    graph.message(5, tensor(value, FLOAT, shape).floatBytes(9, values));
    return value;
  }

  /** A constant list. */
  String constant(String name, long... values) {
    String value = fresh(name);
    graph.message(5, tensor(value, INT64, values.length).longBytes(9, values));
    return value;
  }

  /** A constant number. */
  String scalar(String name, long value) {
    String scalar = fresh(name);
    graph.message(5, tensor(scalar, INT64).longBytes(9, value));
    return scalar;
  }

  /** A node with one output, which has the name of the node. */
  String node(String op, String name, List<String> inputs, ProtoWriter... attributes) {
    String value = fresh(name);
    node(op, value, inputs, List.of(value), attributes);
    return value;
  }

  /** A node; an input or output {@code ""} is left out. */
  void node(
      String op,
      String name,
      List<String> inputs,
      List<String> outputs,
      ProtoWriter... attributes) {
    ProtoWriter node = new ProtoWriter();
    inputs.forEach(input -> node.string(1, input));
    outputs.forEach(output -> node.string(2, output));
    node.string(3, name).string(4, op);
    for (ProtoWriter attribute : attributes) {
      node.message(5, attribute);
    }
    graph.message(1, node);
  }

  /**
   * Writes the model whose graph this is; the graph is not changed any more.
   *
   * @throws IllegalArgumentException when it is too large for the format
   * @throws IOException when the file cannot be written
   */
  void write(Path file) throws IOException {
    ProtoWriter opset = new ProtoWriter().string(1, "").varint(2, OPSET);
    ProtoWriter model =
        new ProtoWriter()
            .varint(1, IR_VERSION)
            .string(2, "sluice")
            .message(7, graph.string(2, "network"))
            .message(8, opset);
    if (model.size() > MAX_BYTES) {
      throw new IllegalArgumentException(
          "an ONNX file holds at most %d bytes, and this network takes %d"
              .formatted(MAX_BYTES, model.size()));
    }
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      model.writeTo(out);
    }
  }

  private static ProtoWriter valueInfo(String name, int type, ProtoWriter... sizes) {
    ProtoWriter shape = new ProtoWriter();
    for (ProtoWriter size : sizes) {
      shape.message(1, size);
    }
    ProtoWriter tensor = new ProtoWriter().varint(1, type).message(2, shape);
    return new ProtoWriter().string(1, name).message(2, new ProtoWriter().message(1, tensor));
  }

  private static ProtoWriter tensor(String name, int type, int... shape) {
    ProtoWriter tensor = new ProtoWriter();
    for (int size : shape) {
      tensor.varint(1, size);
    }
    return tensor.varint(2, type).string(8, name);
  }
}
