package dev.sluice.io.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Makes damaged copies of good files: flipped bits, extreme numbers, cuts, repeats, parts of other
 * good files, and pieces of the format's own language, so that the damage goes deeper than the
 * first bytes. The same number always gives the same bytes.
 */
public final class Mutator {
  private static final int MOST_CHANGES = 6;
  private static final int LONGEST_PIECE = 64;

  private static final byte[] EXTREME_BYTES = {0, 1, 0x7f, (byte) 0x80, (byte) 0xff};

  /** Sizes, counts and offsets that go wrong when they are believed, added or multiplied. */
  private static final long[] EXTREME_NUMBERS = {
    0,
    1,
    -1,
    Byte.MAX_VALUE,
    Short.MAX_VALUE,
    0xffff,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    0xffff_ffffL,
    1L << 32,
    1L << 40,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    Long.MAX_VALUE / 4 + 1,
  };

  private final List<byte[]> good;
  private final List<byte[]> fragments;

  /**
   * A mutator of copies of {@code good}, of which there is at least one.
   *
   * @param fragments what means something in this format, such as {@code "shape"} or an opcode
   */
  public Mutator(List<byte[]> good, List<byte[]> fragments) {
    this.good = List.copyOf(good);
    this.fragments = List.copyOf(fragments);
  }

  /** A mutator whose fragments are text. */
  public static Mutator ofText(List<byte[]> good, List<String> fragments) {
    return new Mutator(
        good, fragments.stream().map(f -> f.getBytes(StandardCharsets.UTF_8)).toList());
  }

  /** The damaged file of that number. */
  public byte[] damaged(long number) {
    SplittableRandom random = new SplittableRandom(number);
    byte[] bytes = any(good, random).clone();
    int mostChanges = random.nextInt(1, MOST_CHANGES + 1); // so that few are frequent
    for (int changes = random.nextInt(1, mostChanges + 1); changes > 0; changes--) {
      bytes = changed(bytes, random);
    }
    return bytes;
  }

  private byte[] changed(byte[] bytes, SplittableRandom random) {
    int at = random.nextInt(bytes.length + 1);
    return switch (random.nextInt(12)) {
      case 0, 1 -> overwritten(bytes, at, flipped(bytes, at, random));
      case 2 -> overwritten(bytes, at, new byte[] {(byte) random.nextInt()});
      case 3 -> overwritten(bytes, at, new byte[] {EXTREME_BYTES[random.nextInt(5)]});
      case 4, 5 -> overwritten(bytes, at, extremeNumber(bytes, random));
      case 6 -> Arrays.copyOf(bytes, at);
      case 7 -> replaced(bytes, at, piece(bytes, random).length, new byte[0]);
      case 8 -> replaced(bytes, at, 0, piece(bytes, random));
      case 9 -> overwritten(bytes, at, piece(any(good, random), random));
      case 10 -> overwritten(bytes, at, fragment(random));
      default -> replaced(bytes, at, 0, fragment(random));
    };
  }

  private static byte[] flipped(byte[] bytes, int at, SplittableRandom random) {
    byte old = at < bytes.length ? bytes[at] : 0;
    return new byte[] {(byte) (old ^ (1 << random.nextInt(8)))};
  }

  private static byte[] extremeNumber(byte[] bytes, SplittableRandom random) {
    int choice = random.nextInt(EXTREME_NUMBERS.length + 1);
    long number = choice < EXTREME_NUMBERS.length ? EXTREME_NUMBERS[choice] : bytes.length;
    int width = 1 << random.nextInt(1, 4);
    byte[] little =
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(number).array();
    byte[] big = ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    return random.nextBoolean()
        ? Arrays.copyOf(little, width)
        : Arrays.copyOfRange(big, Long.BYTES - width, Long.BYTES);
  }

  private byte[] fragment(SplittableRandom random) {
    return fragments.isEmpty() ? new byte[0] : any(fragments, random);
  }

  private static byte[] any(List<byte[]> choices, SplittableRandom random) {
    return choices.get(random.nextInt(choices.size()));
  }

  private static byte[] piece(byte[] bytes, SplittableRandom random) {
    int from = random.nextInt(bytes.length + 1);
    return Arrays.copyOfRange(
        bytes, from, Math.min(bytes.length, from + random.nextInt(LONGEST_PIECE)));
  }

  private static byte[] overwritten(byte[] bytes, int at, byte[] piece) {
    return replaced(bytes, at, piece.length, piece);
  }

  private static byte[] replaced(byte[] bytes, int at, int length, byte[] piece) {
    int end = Math.min(bytes.length, at + length);
    byte[] result = new byte[at + piece.length + bytes.length - end];
    System.arraycopy(bytes, 0, result, 0, at);
    System.arraycopy(piece, 0, result, at, piece.length);
    System.arraycopy(bytes, end, result, at + piece.length, bytes.length - end);
    return result;
  }
}
