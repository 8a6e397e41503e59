package dev.sluice.io.onnx;

import dev.sluice.io.onnx.Meaning.Flow;
import dev.sluice.io.onnx.Meaning.Given;
import dev.sluice.io.onnx.Meaning.Sizes;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is known of the inputs of a node: constants, and what the others mean to {@link ChainReader}. */
record NodeInputs(OnnxNode node, Scope scope, Map<String, Meaning> meanings) {
  int count() {
    return node.inputs().size();
  }

  /** Whether input {@code i} is given at all. */
  boolean has(int i) {
    return node.input(i).isPresent();
  }

  Optional<Constant> constant(int i) {
    return node.input(i).flatMap(scope::constant);
  }

  /** Whether input {@code i} is zero, or left out. */
  boolean isZero(int i) {
    return node.input(i).stream().allMatch(scope::isZero);
  }

  Optional<Meaning> meaning(int i) {
    return node.input(i).map(meanings::get);
  }

  Optional<Flow> flow(int i) {
    return meaning(i).flatMap(m -> m instanceof Flow flow ? Optional.of(flow) : Optional.empty());
  }

  Optional<Given> given(int i) {
    return meaning(i)
        .flatMap(m -> m instanceof Given given ? Optional.of(given) : Optional.empty());
  }

  /** Sizes that a run computes, or a constant list. */
  Optional<Sizes> sizes(int i) {
    Optional<Constant> constant = constant(i);
    return constant.isPresent()
        ? SizeOps.of(constant.get())
        : meaning(i).flatMap(m -> m instanceof Sizes sizes ? Optional.of(sizes) : Optional.empty());
  }

  /** A constant list that is an attribute in old opsets, and an input in new ones. */
  Optional<List<Long>> list(String attribute, int i) {
    return node.has(attribute)
        ? Optional.of(node.integers(attribute))
        : constant(i).map(Constant::list);
  }
}
