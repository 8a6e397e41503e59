package dev.sluice.bench.onnxruntime;

import dev.sluice.io.protobuf.ProtoWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * An ONNX model under construction: tensors of fixed shapes, and no node that the benchmark does not need, because each
 * costs a stream about a microsecond a step. Models for users are written by {@link dev.sluice.io.onnx.OnnxWriter}. Numbers
 * of fields and types are those of {@code onnx.proto}.
 */
final class OnnxGraph {
  private static final int IR_VERSION = 8;
  private static final int OPSET = 17;
  private static final int FLOAT = 1;
  private static final int INT64 = 7;
  private static final int ATTRIBUTE_INT = 2;
  private static final int ATTRIBUTE_STRING = 3;
  private static final int ATTRIBUTE_INTS = 7;

  private final ProtoWriter graph = new ProtoWriter().string(2, "lstm");

  /** A node under construction. */
  static final class Node {
    private final ProtoWriter node = new ProtoWriter();

    /** @param inputs names; an empty one for an input that is left out; outputs likewise */
    Node(String operator, List<String> inputs, List<String> outputs) {
      node.string(4, operator);
      inputs.forEach(name -> node.string(1, name));
      outputs.forEach(name -> node.string(2, name));
    }

    Node with(String name, long value) {
      return with(name, ATTRIBUTE_INT, new ProtoWriter().varint(3, value));
    }

    Node with(String name, String value) {
      return with(name, ATTRIBUTE_STRING, new ProtoWriter().string(4, value));
    }

    Node with(String name, long... values) {
      ProtoWriter attribute = new ProtoWriter();
      for (long value : values) {
        attribute.varint(8, value);
      }
      return with(name, ATTRIBUTE_INTS, attribute);
    }

    private Node with(String name, int type, ProtoWriter attribute) {
      node.message(5, attribute.string(1, name).varint(20, type));
      return this;
    }
  }

  OnnxGraph add(Node node) {
    graph.message(1, node.node);
    return this;
  }

  OnnxGraph input(String name, long... shape) {
    graph.message(11, floats(name, shape));
    return this;
  }

  OnnxGraph output(String name, long... shape) {
    graph.message(12, floats(name, shape));
    return this;
  }

  /** A weight. */
  OnnxGraph constant(String name, float[] values, long... shape) {
    graph.message(5, tensor(name, FLOAT, shape).floatBytes(9, values));
    return this;
  }

  /** A shape. */
  OnnxGraph constant(String name, long... values) {
    graph.message(5, tensor(name, INT64, values.length).longBytes(9, values));
    return this;
  }

  /** The model as the bytes of a file. */
  byte[] toModel() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      new ProtoWriter()
          .varint(1, IR_VERSION)
          .message(7, graph)
          .message(8, new ProtoWriter().string(1, "").varint(2, OPSET))
          .writeTo(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static ProtoWriter floats(String name, long... shape) {
    ProtoWriter sizes = new ProtoWriter();
    for (long size : shape) {
      sizes.message(1, new ProtoWriter().varint(1, size));
    }
    ProtoWriter tensor = new ProtoWriter().varint(1, FLOAT).message(2, sizes);
    return new ProtoWriter().string(1, name).message(2, new ProtoWriter().message(1, tensor));
  }

  private static ProtoWriter tensor(String name, int type, long... shape) {
    ProtoWriter tensor = new ProtoWriter();
    for (long size : shape) {
      tensor.varint(1, size);
    }
    return tensor.varint(2, type).string(8, name);
  }
}
