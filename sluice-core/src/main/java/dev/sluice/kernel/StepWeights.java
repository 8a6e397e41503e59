package dev.sluice.kernel;

/**
 * The weights of one step in the layout of the {@link StepKernels} that packed them, and only for
 * those. Never written again, so that any number of threads may read.
 */
public interface StepWeights {
  /** Where which weight is. */
  StepLayout layout();

  /** Memory they take. */
  long bytes();
}
