package dev.sluice.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vectors of this machine: its preferred width, at most the 16 floats for which the layouts are
 * made.
 *
 * <p>The species is a constant because the JIT turns vector operations into instructions only when
 * it knows the species while compiling.
 */
final class VectorLanes {
  static final VectorSpecies<Float> SPECIES =
      FloatVector.SPECIES_PREFERRED.length() > 16
          ? FloatVector.SPECIES_512
          : FloatVector.SPECIES_PREFERRED;

  static final int LANES = SPECIES.length();

  private VectorLanes() {}

  static FloatVector load(float[] data, int offset) {
    return FloatVector.fromArray(SPECIES, data, offset);
  }
}
