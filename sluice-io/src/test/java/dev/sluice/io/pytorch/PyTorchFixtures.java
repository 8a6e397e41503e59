package dev.sluice.io.pytorch;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;

/** The files that {@code src/test/python/make_pytorch_files.py} made, and what it put in them. */
final class PyTorchFixtures {
  private PyTorchFixtures() {}

  static Path path(String name) {
    try {
      return Path.of(Objects.requireNonNull(PyTorchFixtures.class.getResource(name), name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The first {@code count} values of the tensor of that number. */
  static float[] values(int number, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = ((7 * i + number) % 64 - 32) / 16f;
    }
    return values;
  }
}
