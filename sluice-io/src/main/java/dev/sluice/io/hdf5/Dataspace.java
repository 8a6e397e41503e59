package dev.sluice.io.hdf5;

import java.util.ArrayList;
import java.util.List;

/** The shape of an array or attribute: sizes from the slowest to the fastest dimension; none of a scalar. */
record Dataspace(List<Integer> shape) {
  private static final int MOST_DIMENSIONS = 32; // the format's own bound
  private static final int EMPTY = 2;

  static Dataspace read(Hdf5Input in) {
    int version = in.byte1();
    int rank = in.byte1();
    in.skip(1);
    int kind = in.byte1();
    if ((version != 1 && version != 2) || rank > MOST_DIMENSIONS) {
      throw in.file()
          .damaged("%s is a shape of version %d and %d dimensions", in.place(), version, rank);
    }
    in.skip(version == 1 ? 4 : 0);
    List<Integer> shape = new ArrayList<>();
    for (int d = 0; d < rank; d++) {
      long size = in.long8();
      if (size < 0 || size > Integer.MAX_VALUE) {
        throw in.file()
            .damaged(
                "%s has a dimension of %s, beyond every array",
                in.place(), Long.toUnsignedString(size));
      }
      shape.add((int) size);
    }
    return new Dataspace(version == 2 && kind == EMPTY ? List.of(0) : shape);
  }

  /** How many elements of {@code size} bytes there are room for in {@code bytes}: all of them, or it fails. */
  int count(Hdf5Bytes file, String place, long size, long bytes) {
    if (shape.contains(0)) {
      return 0;
    }
    long left = size == 0 ? 0 : bytes / size;
    long count = 1;
    for (int dimension : shape) {
      count *= dimension; // both below 2³¹
      if (count > left) {
        throw file.damaged(
            "%s has the shape %s of %d bytes each, but there are only %d bytes",
            place, shape, size, bytes);
      }
    }
    return (int) count;
  }
}
