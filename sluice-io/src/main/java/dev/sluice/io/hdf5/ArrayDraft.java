package dev.sluice.io.hdf5;

import dev.sluice.io.Tensor;

/** An array that is to be written. */
record ArrayDraft(Tensor tensor) implements Draft {
  long bytes() {
    return (long) tensor.data().length * Float.BYTES;
  }
}
