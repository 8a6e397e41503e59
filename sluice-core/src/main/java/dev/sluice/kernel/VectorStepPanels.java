package dev.sluice.kernel;

import static dev.sluice.kernel.VectorLanes.LANES;

import dev.sluice.matrix.Matrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Weights of a step as the vector kernels read them: the columns of {@link StepLayout} in strips of
 * eight vectors, {@code [strip][k][8·LANES]}, as floats, or as bfloat16 in
 * pairs. A last strip that would be half padding has four vectors.
 *
 * <p>A pair is one int: its upper half is the number {@link VectorLanes#LANES} columns further than
 * its lower half, so that a vector of ints becomes two vectors of neighbouring columns by a shift
 * and a mask.
 *
 * <p>They are outside the Java heap for one reason: there they can start at a cache line. Arrays
 * start anywhere, and where each vector straddles two lines, reading takes up to 1.7 times as long.
 */
final class VectorStepPanels implements StepWeights {
  private static final int STRIP = 8 * LANES;
  private static final int LINE = 64;
  private static final int UPPER = 0xFFFF0000;

  private final StepLayout layout;
  private final int depth;
  private final boolean bfloat16;
  private final float[] bias; // in the order of the columns
  private final MemorySegment weights;

  VectorStepPanels(StepLayout layout, Matrix b, Matrix w, boolean bfloat16) {
    this.layout = layout;
    this.depth = w.rows;
    this.bfloat16 = bfloat16;
    this.bias = layout.rowOf(b, 0);
    this.weights = Arena.ofAuto().allocate(start(bias.length), LINE);
    for (int k = 0; k < depth; k++) {
      float[] row = layout.rowOf(w, k);
      for (int column = 0; column < row.length; column += STRIP) {
        store(row, column, start(column) + k * weightBytes(width(column)));
      }
    }
  }

  @Override
  public StepLayout layout() {
    return layout;
  }

  /** How many numbers a row has that is multiplied. */
  int depth() {
    return depth;
  }

  @Override
  public long bytes() {
    return weights.byteSize() + (long) bias.length * Float.BYTES;
  }

  /** z = b + a·W for one panel. */
  void sum(int panel, float[] a, float[] z, int zAt) {
    int width = layout.width(panel);
    for (int j = 0; j < width; j += STRIP) {
      sumStrip(panel * StepLayout.WIDTH + j, a, z, zAt + j);
    }
  }

  private void sumStrip(int column, float[] a, float[] z, int zAt) {
    long at = start(column);
    if (width(column) < STRIP) {
      VectorStepTiles.sum4(bias, column, a, depth, weights, bfloat16, at, z, zAt);
    } else if (bfloat16) {
      VectorStepTiles.sumHalf8(bias, column, a, depth, weights, at, z, zAt);
    } else {
      VectorStepTiles.sum8(bias, column, a, depth, weights, at, z, zAt);
    }
  }

  /** Columns of the strip that begins with {@code column}. */
  private int width(int column) {
    return Math.min(STRIP, bias.length - column);
  }

  /** Where the strip begins; for the number of columns, the size of all. */
  private long start(int column) {
    return depth * weightBytes(column);
  }

  private long weightBytes(int count) {
    return (long) count * (bfloat16 ? Short.BYTES : Float.BYTES);
  }

  private void store(float[] row, int column, long at) {
    if (!bfloat16) {
      MemorySegment.copy(row, column, weights, ValueLayout.JAVA_FLOAT, at, width(column));
      return;
    }
    for (int i = 0; i < width(column) / 2; i++) {
      int j = column + i / LANES * 2 * LANES + i % LANES;
      int low = Float.floatToRawIntBits(row[j]) >>> Short.SIZE;
      int high = Float.floatToRawIntBits(row[j + LANES]) & UPPER;
      weights.setAtIndex(ValueLayout.JAVA_INT, at / Integer.BYTES + i, high | low);
    }
  }
}
