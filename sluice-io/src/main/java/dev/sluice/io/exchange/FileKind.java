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
import java.util.regex.Pattern;

/** The kinds of files that can be imported, told by how they begin, whatever they are called. */
enum FileKind {
  /** 8 bytes of length, then JSON. */
  SAFETENSORS,
  /** A zip file, or the pickles of PyTorch before 1.6. */
  PYTORCH,
  /** Protocol buffers whose first field is a version. */
  ONNX,
  /** An HDF5 file, or a zip file that begins as those of Keras 3 do. */
  KERAS,
  /** Protocol buffers whose first field is a node; a checkpoint, which is several files with one prefix. */
  TENSORFLOW;

  private static final int FIRST_BYTES = 64;
  private static final int ZIP = 0x04034b50;
  private static final int PICKLE = 0x80;
  private static final int IR_VERSION = 0x08; // field 1, varint
  private static final int NODE = 0x0a; // field 1, bytes
  private static final long HDF5 = 0x0a1a0a0d46444889L;

  /** The name of the first entry of a zip file, which follows a header of 30 bytes. */
  private static final Pattern KERAS_ENTRY =
      Pattern.compile("(?s).{30}(?:metadata\\.json|config\\.json|model\\.weights\\.h5|assets/).*");

  private static final Pattern OF_CHECKPOINT =
      Pattern.compile(".*\\.(?:index|meta|data-\\d{5}-of-\\d{5})");

  /**
   * What {@code file} is.
   *
   * @throws ModelFileException when it is missing, unreadable, or none of these
   */
  static FileKind of(Path file) {
    if (isCheckpoint(file)) {
      return TENSORFLOW;
    }
    byte[] first = first(file);
    if (first.length >= Long.BYTES + 1 && first[Long.BYTES] == '{' && isLength(first)) {
      return SAFETENSORS;
    }
    if (first.length >= Long.BYTES && little(first).getLong(0) == HDF5) {
      return KERAS;
    }
    if (first.length >= Integer.BYTES && little(first).getInt(0) == ZIP) {
      String text = new String(first, StandardCharsets.ISO_8859_1);
      return KERAS_ENTRY.matcher(text).matches() ? KERAS : PYTORCH;
    }
    return switch (first.length == 0 ? -1 : Byte.toUnsignedInt(first[0])) {
      case PICKLE -> PYTORCH;
      case IR_VERSION -> ONNX;
      case NODE -> TENSORFLOW;
      default ->
          throw new ModelFileException(
              file,
              "begins with %s, as no file that can be imported; known are .pt and .pth of PyTorch,"
                      .formatted(shown(first))
                  + " .safetensors, .onnx, .h5, .hdf5 and .keras of Keras, checkpoints (.index) and"
                  + " frozen graphs (.pb) of TF1");
    };
  }

  /** Whether it is a folder, the prefix of the files of a checkpoint, or one of them. */
  private static boolean isCheckpoint(Path file) {
    return Files.isDirectory(file)
        || Files.exists(Path.of(file + ".index"))
        || OF_CHECKPOINT.matcher(file.toString()).matches();
  }

  /** Whether 8 bytes can be the length of a header: far less than 2⁴⁸. */
  private static boolean isLength(byte[] first) {
    return little(first).getLong(0) >>> (Integer.SIZE + Short.SIZE) == 0;
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
            new String(
                Arrays.copyOf(first, Math.min(8, first.length)), StandardCharsets.ISO_8859_1));
  }
}
