package dev.sluice.model;

/** What is made of the outputs of all steps of a sequence, where one answer is given for all of it. */
public enum Pooling {
  /** The last valid output of each direction. */
  LAST,
  /** The mean over all steps. */
  MEAN
}
