package dev.sluice.io.onnx;

import java.util.List;

/**
 * An attribute of a node: AttributeProto. Which of its values is meant, the operator knows; the others are 0
 * or empty.
 */
record OnnxAttribute(
    String name,
    float real,
    long integer,
    String text,
    List<Float> reals,
    List<Long> integers,
    List<String> texts,
    List<TensorParser.Named> tensors,
    List<OnnxGraph> graphs) {}
