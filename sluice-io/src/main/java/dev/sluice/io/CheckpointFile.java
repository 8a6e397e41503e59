package dev.sluice.io;

import dev.sluice.train.Trainer;
import dev.sluice.train.TrainingState;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * A training state as one safetensors file: its arrays are the tensors, the rest is JSON in the
 * metadata. What is here is the bytes and their checksum; {@link CheckpointDirectory} sees to it that
 * they are written whole.
 *
 * @param data what the run learns from, see {@link #write}
 * @param state all else
 */
record CheckpointFile(String data, TrainingState state) {
  /** A change that older versions cannot follow takes the next number. */
  private static final int FORMAT = 1;

  private static final String METADATA = "training";
  private static final int CHECKSUM_BYTES = 8;

  /** The part of a state that is no array. */
  private record Numbers(
      int format,
      String data,
      TrainingState.Position position,
      List<Trainer.Epoch> epochs,
      boolean finished) {}

  /** Passes bytes on and counts them into a checksum. */
  private record DigestChannel(WritableByteChannel out, MessageDigest digest)
      implements WritableByteChannel {
    @Override
    public int write(ByteBuffer bytes) throws IOException {
      ByteBuffer same = bytes.duplicate();
      int written = out.write(bytes);
      digest.update(same.limit(same.position() + written));
      return written;
    }

    @Override
    public boolean isOpen() {
      return out.isOpen();
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }

  /** Writes the file to {@code out} and returns the checksum of all its bytes. */
  String write(WritableByteChannel out) throws IOException {
    Numbers numbers = new Numbers(FORMAT, data, state.position(), state.epochs(), state.finished());
    List<Tensor> tensors =
        state.arrays().entrySet().stream()
            .map(a -> new Tensor(a.getKey(), List.of(a.getValue().length), a.getValue()))
            .toList();
    MessageDigest digest = sha256();
    SafetensorsWriter.write(
        new DigestChannel(out, digest), Map.of(METADATA, ConfigFile.text(numbers)), tensors);
    return hex(digest);
  }

  /** The checksum of all bytes of {@code file}: the first 64 bits of its SHA-256. */
  static String checksum(Path file) throws IOException {
    MessageDigest digest = sha256();
    try (DigestInputStream bytes = new DigestInputStream(Files.newInputStream(file), digest)) {
      bytes.transferTo(OutputStream.nullOutputStream());
    }
    return hex(digest);
  }

  /**
   * Reads a file whose checksum is right.
   *
   * @throws ModelFileException when it is of another version
   */
  static CheckpointFile read(Path file) {
    try (SafetensorsFile stored = SafetensorsFile.open(file)) {
      String json = stored.metadata().getOrDefault(METADATA, "{}");
      ConfigFile config = ConfigFile.parse(file, json.getBytes(StandardCharsets.UTF_8));
      if (config.tree().path("format").asInt(0) != FORMAT) {
        throw new ModelFileException(
            file,
            "format %s, this version of Sluice reads %d; resume with the version that wrote it"
                .formatted(config.tree().path("format"), FORMAT));
      }
      Numbers numbers = config.as(Numbers.class);
      SequencedMap<String, float[]> arrays = new LinkedHashMap<>();
      stored.tensors().forEach((name, tensor) -> arrays.put(name, tensor.floats()));
      return new CheckpointFile(
          numbers.data,
          new TrainingState(numbers.position, numbers.epochs, numbers.finished, arrays));
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  private static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest(), 0, CHECKSUM_BYTES);
  }
}
