package dev.sluice.io.onnx;

import static dev.sluice.io.ModelFileException.shown;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A node of a graph: NodeProto.
 *
 * @param operator such as LSTM; with its domain before it when that is not ONNX's own
 * @param name may be empty
 * @param inputs names of values; empty where an input is left out
 * @param outputs names of values; empty where an output is left out
 */
record OnnxNode(
    String operator,
    String name,
    List<String> inputs,
    List<String> outputs,
    List<OnnxAttribute> attributes) {
  /** The name of input {@code i}, if it is given. */
  Optional<String> input(int i) {
    return i < inputs.size() && !inputs.get(i).isEmpty()
        ? Optional.of(inputs.get(i))
        : Optional.empty();
  }

  boolean has(String attribute) {
    return find(attribute).isPresent();
  }

  long integer(String attribute, long otherwise) {
    return find(attribute).map(OnnxAttribute::integer).orElse(otherwise);
  }

  float real(String attribute, float otherwise) {
    return find(attribute).map(OnnxAttribute::real).orElse(otherwise);
  }

  String text(String attribute, String otherwise) {
    return find(attribute).map(OnnxAttribute::text).orElse(otherwise);
  }

  List<Long> integers(String attribute) {
    return find(attribute).map(OnnxAttribute::integers).orElse(List.of());
  }

  List<Float> reals(String attribute) {
    return find(attribute).map(OnnxAttribute::reals).orElse(List.of());
  }

  List<String> texts(String attribute) {
    return find(attribute).map(OnnxAttribute::texts).orElse(List.of());
  }

  Optional<Constant> tensor(String attribute) {
    return find(attribute)
        .flatMap(a -> a.tensors().stream().findFirst())
        .flatMap(TensorParser.Named::constant);
  }

  /** The graphs inside: the branches of an If, the body of a Loop. */
  List<OnnxGraph> graphs() {
    List<OnnxGraph> graphs = new ArrayList<>(0);
    for (OnnxAttribute attribute : attributes) {
      graphs.addAll(attribute.graphs());
    }
    return graphs;
  }

  private Optional<OnnxAttribute> find(String attribute) {
    for (OnnxAttribute candidate : attributes) {
      if (candidate.name().equals(attribute)) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  /** For messages. */
  @Override
  public String toString() {
    String called = name.isEmpty() ? String.join(", ", outputs) : name;
    return operator + " " + shown(called);
  }
}
