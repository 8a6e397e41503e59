package dev.sluice.cli.bench;

/** A workload made ready in an engine, whose runs are timed: Sluice's, or in a comparison a peer's. */
public interface Task extends AutoCloseable {
  /** One step of a stream, one batch, or one step of training. */
  void run();

  /**
   * What the last run computed: the output of the step; all outputs of the last layer, step by step, row by row; or the
   * loss. For comparing engines.
   */
  float[] result();

  /** Ends threads and frees what Java does not. */
  @Override
  void close();
}
