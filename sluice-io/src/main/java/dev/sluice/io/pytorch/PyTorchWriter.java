package dev.sluice.io.pytorch;

import dev.sluice.io.Tensor;
import dev.sluice.io.ZipWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes float tensors as a state dict that {@code torch.load} reads, in the format of PyTorch 1.6
 * and later: {@code model.load_state_dict(torch.load(file))}. Equal tensors give equal bytes. It
 * writes the file in place; for all or nothing, write inside an {@link
 * dev.sluice.io.AtomicDirectory}.
 */
public final class PyTorchWriter {
  private static final String FOLDER = "archive/";

  private PyTorchWriter() {}

  /**
   * Writes {@code tensors} to {@code file}, replacing what it holds.
   *
   * @throws IllegalArgumentException when two tensors share a name
   * @throws IOException when the file cannot be written
   */
  public static void write(Path file, List<Tensor> tensors) throws IOException {
    Tensor.requireDistinctNames(tensors);
    try (OutputStream out = Files.newOutputStream(file)) {
      ZipWriter zip = new ZipWriter(out);
      zip.add(FOLDER + "data.pkl", StateDictPickle.of(tensors));
      zip.add(FOLDER + "byteorder", "little".getBytes(StandardCharsets.US_ASCII));
      for (int i = 0; i < tensors.size(); i++) {
        Tensor tensor = tensors.get(i);
        zip.add(FOLDER + "data/" + i, (long) tensor.data().length * Float.BYTES, tensor::writeTo);
      }
      zip.add(FOLDER + "version", "3\n".getBytes(StandardCharsets.US_ASCII));
      zip.finish();
    }
  }
}
