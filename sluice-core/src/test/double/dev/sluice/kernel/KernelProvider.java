package dev.sluice.kernel;

/** Stands in for the choice of kernels when the library is compiled in double precision. */
public record KernelProvider(Kernels kernels) {
  public static KernelProvider choose() {
    return new KernelProvider(new ScalarKernels());
  }
}
