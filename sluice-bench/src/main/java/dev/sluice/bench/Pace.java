package dev.sluice.bench;

/**
 * How long each engine runs on each workload, in seconds.
 *
 * @param warmUp before the first round: compilers and caches settle
 * @param lead before each slice, not counted: the threads of the engine before it go to sleep, caches fill
 * @param slice counted, in each round
 */
record Pace(double warmUp, double lead, double slice, int rounds) {
  /** For numbers to publish. */
  static final Pace FULL = new Pace(3, 0.2, 1, 7);

  /** To see that everything works. */
  static final Pace QUICK = new Pace(0.3, 0.02, 0.1, 2);
}
