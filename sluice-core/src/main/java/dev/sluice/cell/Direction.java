package dev.sluice.cell;

/** Which way a layer reads its sequences. */
public enum Direction {
  /** From the first step to the last. */
  FORWARD,
  /** From each sequence's own last step to the first. */
  BACKWARD;

  /** Which time step is read as the {@code i}-th of so many. */
  int time(int i, int steps) {
    return this == FORWARD ? i : steps - 1 - i;
  }
}
