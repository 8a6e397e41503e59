package dev.sluice.golden;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** One case of a golden set: something that another framework computed, to be computed by Sluice. */
interface Golden {
  /** Unique in its set. */
  String name();

  /** Why Sluice does not do such a thing; empty when it does. */
  Optional<String> outOfScope();

  /** A line for each thing that comes out wrong. */
  List<String> mismatches(GoldenRun.Way way);

  /** A case as {@code reader} reads it; one that cannot be read fails when it is run. */
  static Golden read(String name, Supplier<Golden> reader) {
    try {
      return reader.get();
    } catch (RuntimeException e) {
      return new Check(name, way -> List.of("cannot be read: " + e));
    }
  }

  /**
   * A case that is a program of its own.
   *
   * @param mismatches what comes out wrong
   */
  record Check(String name, Function<GoldenRun.Way, List<String>> mismatches) implements Golden {
    @Override
    public Optional<String> outOfScope() {
      return Optional.empty();
    }

    @Override
    public List<String> mismatches(GoldenRun.Way way) {
      return mismatches.apply(way);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** A case that is not run. */
  record OutOfScope(String name, String reason) implements Golden {
    @Override
    public Optional<String> outOfScope() {
      return Optional.of(reason);
    }

    @Override
    public List<String> mismatches(GoldenRun.Way way) {
      throw new IllegalStateException(name + " is out of scope: " + reason);
    }

    @Override
    public String toString() {
      return name;
    }
  }
}
