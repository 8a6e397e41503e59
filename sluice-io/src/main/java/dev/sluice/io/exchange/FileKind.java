package dev.sluice.io.exchange;

import dev.sluice.io.ModelFileException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** The kinds of files that can be imported, told by how they begin, whatever they are called. */
enum FileKind {
  /** 8 bytes of length, then JSON. */
  SAFETENSORS,
  /** A zip file, or the pickles of PyTorch before 1.6. */
  PYTORCH,
  /** Protocol buffers whose first field is a version. */
  ONNX;

  private static final int FIRST_BYTES = 64;
  private static final int ZIP = 0x04034b50;
  private static final int PICKLE = 0x80;
  private static final int IR_VERSION = 0x08; // field 1, varint

  /**
   * What {@code file} is.
   *
   * @throws ModelFileException when it is missing, unreadable, or none of these
   */
  static FileKind of(Path file) {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new ModelFileException(file, "is not a file; name the file of weights itself");
    }
    byte[] first = first(file);
    if (first.length >= Long.BYTES + 1 && first[Long.BYTES] == '{' && isLength(first)) {
      return SAFETENSORS;
    }
    if (first.length >= Integer.BYTES && little(first).getInt(0) == ZIP) {
      return PYTORCH;
    }
    return switch (first.length == 0 ? -1 : Byte.toUnsignedInt(first[0])) {
      case PICKLE -> PYTORCH;
      case IR_VERSION -> ONNX;
      default ->
          throw new ModelFileException(
              file,
              "begins with %s, as no file that can be imported; known are .pt and .pth of PyTorch,"
                  .formatted(shown(first))
                  + " .safetensors, .onnx");
    };
  }

  /** Whether 8 bytes can be the length of a header: far less than 2⁴⁸. */
  private static boolean isLength(byte[] first) {
    return little(first).getLong(0) >>> Integer.SIZE + Short.SIZE == 0;
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] first(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(FIRST_BYTES);
    } catch (IOException e) {
      throw ModelFileException.refused(file, "read", e);
    }
  }

  private static String shown(byte[] first) {
    return first.length == 0
        ? "nothing"
        : ModelFileException.shown(
            new String(Arrays.copyOf(first, Math.min(8, first.length)), StandardCharsets.ISO_8859_1));
  }
}
