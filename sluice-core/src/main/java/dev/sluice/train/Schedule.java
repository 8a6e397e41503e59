package dev.sluice.train;

/** The learning rate over a run, as a factor of the base rate. */
public enum Schedule {
  /** The base rate throughout. */
  CONSTANT {
    @Override
    public float factor(double progress) {
      return 1;
    }
  },
  /** Half a cosine from the base rate to zero (Loshchilov and Hutter 2017, without restarts). */
  COSINE {
    @Override
    public float factor(double progress) {
      return (float) (0.5 * (1 + StrictMath.cos(Math.PI * Math.min(1, progress))));
    }
  };

  /** The factor when {@code progress} of the run is done, from 0 to 1. */
  public abstract float factor(double progress);
}
