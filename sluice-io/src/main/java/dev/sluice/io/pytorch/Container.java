package dev.sluice.io.pytorch;

import dev.sluice.io.pytorch.PickleValue.Storage;
import java.lang.foreign.MemorySegment;

/** How a file of PyTorch holds its pickle and, apart from it, the numbers of the tensors. */
sealed interface Container permits ZipFormat, LegacyFormat {
  /** What the pickle built. */
  PickleValue root();

  /**
   * The numbers of {@code storage}, as many as it claims.
   *
   * @throws dev.sluice.io.ModelFileException when they are not there
   */
  MemorySegment numbers(Storage storage);
}
