package dev.sluice.kernel;

import static dev.sluice.kernel.VectorLanes.FIRST;
import static dev.sluice.kernel.VectorLanes.LANES;
import static dev.sluice.kernel.VectorLanes.load;

import dev.sluice.matrix.Matrix;

/**
 * A block of the left operand of a product in the shape that the tiles read: a tile of some rows is an array of
 * its own, made when it is first needed, its rows {@link #ROW} floats apart. A tile is in the first-level cache while a
 * panel goes by; from where it comes matters little.
 */
final class VectorLeft {
  /**
   * Six rows of four vectors, or four of two where there are 16 registers: the JIT reads up to four numbers of a ahead of
   * their use, and sums that find no register cost a fifth of the speed.
   */
  static final int TILE_ROWS = LANES == 16 ? 6 : 4;

  /** Rows of the tallest of {@link VectorTilesTall}. */
  static final int TALL_ROWS = 12;

  /** Rows of the lowest one: fewer are not worth it. */
  private static final int MIN_TALL_ROWS = 8;

  static final int MAX_ROWS = 170 * TILE_ROWS;
  static final int MAX_DEPTH = 512;

  /** Floats from row to row: a power of two would make rows push each other out of the cache. */
  static final int ROW = MAX_DEPTH + 16;

  /** Steps along k that are transposed together: one cache line of each row. */
  private static final int STRIP = 16;

  /** Tiles that are transposed together: a run of each row of memory that is long and a strip that is near. */
  private static final int STRIP_TILES = 40;

  private final float[][] tiles = new float[MAX_ROWS / TILE_ROWS][];
  private final float[] strip = new float[FIRST + STRIP_TILES * TILE_ROWS * STRIP];
  private final VectorTranspose transposer = new VectorTranspose();
  private final int[] tops = new int[tiles.length + 1];
  private int count;
  private int depth;

  int depth() {
    return depth;
  }

  int tiles() {
    return count;
  }

  /** The first row of a tile; that of the one after the last is how many rows there are. */
  int top(int tile) {
    return tops[tile];
  }

  float[] tile(int tile) {
    return tiles[tile];
  }

  /**
   * Takes over {@code rows} rows of a from {@code m} on, {@code depth} columns from {@code k} on.
   *
   * @param tall whether to cut them into tall tiles, as far as there are rows for them
   */
  void copy(Matrix a, int m, int rows, int k, int depth, boolean tall) {
    cut(rows, depth, tall);
    for (int tile = 0; tile < count; tile++) {
      int top = tops[tile];
      for (int r = top; r < tops[tile + 1]; r++) {
        System.arraycopy(a.data, a.at(m + r) + k, tiles[tile], FIRST + (r - top) * ROW, depth);
      }
    }
  }

  /**
   * Takes over {@code depth} rows of a from {@code k} on as columns, {@code rows} columns from {@code m} on as rows.
   * By way of a strip that is near, because a may be far away and memory is read fastest along rows.
   */
  void transpose(Matrix a, int k, int depth, int m, int rows) {
    cut(rows, depth, false);
    for (int tile = 0; tile < count; tile += STRIP_TILES) {
      int end = Math.min(count, tile + STRIP_TILES);
      for (int first = 0; first < depth; first += STRIP) {
        transpose(a, k + first, Math.min(STRIP, depth - first), m, tile, end, first);
      }
    }
  }

  /**
   * Rows {@code k} and on of a, {@code length} of them, as columns {@code to} and on of tiles {@code from} to {@code end}. Rows have
   * room for a whole strip, and nobody reads what is beyond {@code length}.
   */
  private void transpose(Matrix a, int k, int length, int m, int from, int end, int to) {
    int left = tops[from];
    int width = tops[end] - left;
    transposer.transpose(a.data, a.at(k) + m + left, a.stride, length, width, strip, FIRST, STRIP);
    for (int tile = from; tile < end; tile++) {
      int top = tops[tile];
      copyRows(strip, FIRST + (top - left) * STRIP, tops[tile + 1] - top, tiles[tile], to);
    }
  }

  private static void copyRows(float[] strip, int from, int rows, float[] tile, int to) {
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < STRIP; i += LANES) {
        load(strip, from + r * STRIP + i).intoArray(tile, FIRST + to + r * ROW + i);
      }
    }
  }

  private void cut(int rows, int depth, boolean tall) {
    this.depth = depth;
    count = 0;
    int top = 0;
    while (tall && rows - top >= MIN_TALL_ROWS) {
      // Two rows at a time: there is no tile for an odd number of more than six.
      int height = Math.min((rows - top) / 2 * 2, TALL_ROWS);
      add(top, height);
      top += height;
    }
    // The others of nearly equal height: 7 rows are 3 and 4, as 6 and 1 would waste registers.
    int rest = rows - top;
    int others = Math.ceilDiv(rest, TILE_ROWS);
    for (int tile = 0; tile < others; tile++) {
      add(top + tile * rest / others, TILE_ROWS);
    }
    tops[count] = rows;
  }

  private void add(int top, int height) {
    if (tiles[count] == null || tiles[count].length < FIRST + height * ROW) {
      tiles[count] = new float[FIRST + height * ROW];
    }
    tops[count++] = top;
  }
}
