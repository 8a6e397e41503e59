package dev.sluice.io.onnx;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of the values that nodes of a graph can read by name: those of the graph, and those of the
 * graphs around it.
 */
final class Scope {
  /** What is known of one value. */
  sealed interface Value {
    /** All of it. */
    record Known(Constant constant) implements Value {}

    /** That every element is zero, however many a run has. */
    record Zeros() implements Value {}

    /** Nothing: each run computes it. */
    record Computed() implements Value {}
  }

  private final Optional<Scope> outer;
  private final Map<String, Value> values = new HashMap<>();

  Scope(Optional<Scope> outer) {
    this.outer = outer;
  }

  /** The value of that name, in the innermost graph that has one. */
  Optional<Value> find(String name) {
    Value value = values.get(name);
    return value == null ? outer.flatMap(scope -> scope.find(name)) : Optional.of(value);
  }

  Optional<Constant> constant(String name) {
    return find(name)
        .flatMap(
            value ->
                value instanceof Value.Known known
                    ? Optional.of(known.constant())
                    : Optional.empty());
  }

  boolean isZero(String name) {
    Optional<Value> value = find(name);
    return value.isPresent()
        && switch (value.get()) {
          case Value.Known known -> known.constant().isZero();
          case Value.Zeros zeros -> true;
          case Value.Computed computed -> false;
        };
  }

  /** Adds a value; false when there is one of that name in this graph. */
  boolean define(String name, Value value) {
    return values.putIfAbsent(name, value) == null;
  }
}
