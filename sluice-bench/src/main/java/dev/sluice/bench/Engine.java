package dev.sluice.bench;

import dev.sluice.cli.bench.Task;
import dev.sluice.cli.bench.Workload;
import java.util.Optional;

/** A library whose speed is compared: Sluice, or a peer. */
public interface Engine {
  /** For the table. */
  String name();

  /** Version and settings, for the report: what makes it as fast as it can be. */
  String settings();

  /**
   * The workload made ready, with the weights and inputs that every engine gets. Tasks are closed in the opposite order.
   *
   * @param threads that may compute, the caller's included
   * @return nothing when the engine has no way to do it
   */
  Optional<Task> prepare(Workload workload, int threads);

  /**
   * How far its results may be from Sluice's, relative to the largest of them, and still be the same. Single precision in
   * another order of sums stays far below, another formula is far above.
   */
  default double tolerance() {
    return 1e-4;
  }
}
