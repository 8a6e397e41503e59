package dev.sluice.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vectors of this machine: its preferred width, at most the 16 floats for which the layouts are
 * made, and at least the four that a transposed block needs.
 *
 * <p>The species is a constant because the JIT turns vector operations into instructions only when
 * it knows the species while compiling. And every vector of floats is of this one species, because
 * methods of the Vector API that have seen another in the interpreter make the JIT doubt which it is:
 * loops that it compiles from then on put each vector into an object, and are six times slower.
 */
final class VectorLanes {
  /** Whether the machine has such vectors: Java says two floats where it has none, or has no JIT that uses them. */
  static final boolean ARE_THERE = FloatVector.SPECIES_PREFERRED.length() >= 4;

  static final VectorSpecies<Float> SPECIES =
      switch (FloatVector.SPECIES_PREFERRED.length()) {
        case 8 -> FloatVector.SPECIES_256;
        case 1, 2, 4 -> FloatVector.SPECIES_128;
        default -> FloatVector.SPECIES_512;
      };

  static final int LANES = SPECIES.length();

  /**
   * Where the numbers of an array begin: 16 bytes into the object, so that 12 more make them begin on a cache line where
   * objects do, as large ones always do.
   */
  static final int FIRST = 12;

  private VectorLanes() {}

  static FloatVector load(float[] data, int offset) {
    return FloatVector.fromArray(SPECIES, data, offset);
  }
}
