package dev.sluice.kernel;

/**
 * The kernels in use, and why these: for {@code sluice info}, so that nobody has to guess.
 *
 * <p>The vector kernels need the incubator module jdk.incubator.vector, which Java loads only when
 * asked to. Without it the scalar kernels compute the same bits, somewhat slower.
 *
 * @param kernels what runs
 * @param reason for people, for example {@code "vector, 512 bit: jdk.incubator.vector is loaded"}
 */
public record KernelProvider(Kernels kernels, String reason) {
  /**
   * The system property that chooses: {@code auto} (also when it is not set), {@code scalar} or
   * {@code vector}.
   */
  public static final String PROPERTY = "sluice.kernels";

  private static final String MODULE = "jdk.incubator.vector";
  private static final String FLAG = "--add-modules " + MODULE;

  /**
   * What the system property asks for.
   *
   * @throws IllegalStateException when it asks for vector kernels and the module is not loaded
   * @throws IllegalArgumentException when it is none of the three
   */
  public static KernelProvider choose() {
    return choose(System.getProperty(PROPERTY, "auto"));
  }

  public static KernelProvider choose(String setting) {
    return switch (setting) {
      case "auto" -> auto();
      case "scalar" -> scalar("chosen by -D" + PROPERTY + "=scalar");
      case "vector" -> {
        if (!isModuleLoaded()) {
          throw new IllegalStateException(
              "-D%s=vector needs the module %s: start java with %s"
                  .formatted(PROPERTY, MODULE, FLAG));
        }
        yield vector("chosen by -D" + PROPERTY + "=vector");
      }
      default ->
          throw new IllegalArgumentException(
              "-D%s=%s: expected auto, scalar or vector".formatted(PROPERTY, setting));
    };
  }

  private static KernelProvider auto() {
    if (!isModuleLoaded()) {
      return scalar(MODULE + " is not loaded; start java with " + FLAG);
    }
    return VectorLanes.ARE_THERE
        ? vector(MODULE + " is loaded")
        : scalar("this Java has no vectors of four floats here");
  }

  private static boolean isModuleLoaded() {
    return ModuleLayer.boot().findModule(MODULE).isPresent();
  }

  private static KernelProvider scalar(String why) {
    Kernels kernels = new ScalarKernels();
    return new KernelProvider(kernels, kernels.name() + ": " + why);
  }

  /** Apart, so that the class is not touched where its module is missing. */
  private static KernelProvider vector(String why) {
    Kernels kernels = new VectorKernels();
    return new KernelProvider(kernels, kernels.name() + ": " + why);
  }
}
