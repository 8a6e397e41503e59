package dev.sluice.cell;

/** Which way a layer reads its sequences. */
public enum Direction {
  /** From the first step to the last. */
  FORWARD,
  /** From each sequence's own last step to the first. */
  BACKWARD
}
