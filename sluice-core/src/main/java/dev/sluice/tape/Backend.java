package dev.sluice.tape;

import dev.sluice.kernel.Kernels;
import dev.sluice.kernel.Workers;

/**
 * What runs the arithmetic: kernels and the threads they may use. The choice of either changes
 * speed and never a bit of a result.
 */
@SuppressWarnings("exports") // kernels are for Sluice's own packages, whichever module they are in
public record Backend(Kernels kernels, Workers workers) {}
