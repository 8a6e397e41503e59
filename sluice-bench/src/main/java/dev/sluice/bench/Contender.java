package dev.sluice.bench;

import dev.sluice.cli.bench.Metric;
import dev.sluice.cli.bench.Task;
import dev.sluice.cli.bench.Times;
import java.util.ArrayList;
import java.util.List;

/** Who takes part in a {@link Contest}, and how it does. */
final class Contender implements AutoCloseable {
  /** What it takes part as. */
  enum Role {
    OWN,
    PEER,
    LIMIT
  }

  static final String LIMIT = "limit";

  private final String name;
  private final Role role;
  private final Agreement agreement;
  private final Task task;
  private final List<Times> rounds = new ArrayList<>();

  Contender(String name, Role role, Agreement agreement, Task task) {
    this.name = name;
    this.role = role;
    this.agreement = agreement;
    this.task = task;
  }

  String name() {
    return name;
  }

  Role role() {
    return role;
  }

  /** How far its numbers are from Sluice's. */
  Agreement agreement() {
    return agreement;
  }

  void warmUp(Pace pace) {
    task.measure(pace.warmUp());
  }

  void takeTurn(Pace pace) {
    task.measure(pace.lead());
    add(task.measure(pace.slice()));
  }

  void add(Times round) {
    rounds.add(round);
  }

  /** Nanoseconds of a run: the median over rounds of the metric's quantile in each. */
  double nanos(Metric metric) {
    double[] sorted =
        rounds.stream().mapToDouble(t -> t.quantile(metric.quantile())).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  @Override
  public void close() {
    task.close();
  }
}
