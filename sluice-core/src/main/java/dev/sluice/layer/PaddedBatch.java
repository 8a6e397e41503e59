package dev.sluice.layer;

import dev.sluice.cell.Direction;
import dev.sluice.matrix.Packing;
import dev.sluice.tape.PackedSequence;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The edge between padded tensors with masks, as TF1, Keras and ONNX have them, and packed sequences:
 * which steps of a batch are real, and the way there and back. Inside Sluice there is no padding.
 *
 * <p>A padded batch is a matrix with a row for each step of each sequence: row t·B + b when time-major,
 * b·T + t when batch-major. Steps that are not real may lie anywhere, holes included: a cell never
 * sees them, its state is held over them. Sequences without any real step take no part; their outputs are
 * zero and their state stays what it was.
 *
 * <p>All ways are operations on the tape, so gradients go through them.
 */
public final class PaddedBatch {
  /** What stands in an unpacked output where a step is not real. */
  public enum Fill {
    /** Zero: TF1, ONNX, PyTorch, and Keras with {@code zero_output_for_mask}. */
    ZERO,
    /** The last output before it in reading direction, zero before the first: Keras's mask. */
    REPEAT
  }

  private final boolean[][] real; // (B, T)
  private final boolean batchMajor;
  private final boolean reversed;
  private final Packing packing; // of the sequences with real steps
  private final int[] present; // sequences with real steps, as given
  private final int[] rows; // packed row -> padded row

  private PaddedBatch(boolean[][] real, boolean batchMajor, boolean reversed) {
    this.real = real;
    this.batchMajor = batchMajor;
    this.reversed = reversed;
    int[][] times = new int[batch()][];
    for (int b = 0; b < batch(); b++) {
      boolean[] mask = real[b];
      times[b] = timesInOrder(reversed).filter(t -> mask[t]).toArray();
    }
    present = IntStream.range(0, batch()).filter(b -> times[b].length > 0).toArray();
    packing = Packing.of(Arrays.stream(present).map(b -> times[b].length).toArray());
    rows = new int[packing.rows()];
    for (int t = 0; t < packing.steps(); t++) {
      for (int b = 0; b < packing.live(t); b++) {
        int sequence = present[packing.given(b)];
        rows[packing.offset(t) + b] = row(sequence, times[sequence][t]);
      }
    }
  }

  /**
   * A time-major batch.
   *
   * @param mask for each sequence, for each step whether it is real; all of one length
   * @throws IllegalArgumentException when no step is real, or rows have different lengths
   */
  public static PaddedBatch timeMajor(boolean[][] mask) {
    return new PaddedBatch(checked(mask), false, false);
  }

  /** A batch-major batch; see {@link #timeMajor}. */
  public static PaddedBatch batchMajor(boolean[][] mask) {
    return new PaddedBatch(checked(mask), true, false);
  }

  /** A batch-major batch whose steps are all real. */
  public static PaddedBatch full(int batch, int steps) {
    int[] lengths = new int[batch];
    Arrays.fill(lengths, steps);
    return batchMajor(mask(steps, lengths));
  }

  /**
   * The same batch with fewer real steps.
   *
   * @param stays for each row of the padded batch whether its step, if it was real, still is
   */
  public PaddedBatch where(boolean... stays) {
    boolean[][] mask = new boolean[batch()][steps()];
    for (int b = 0; b < batch(); b++) {
      for (int t = 0; t < steps(); t++) {
        mask[b][t] = real[b][t] && stays[row(b, t)];
      }
    }
    return new PaddedBatch(checked(mask), batchMajor, reversed);
  }

  /**
   * The mask of sequences that are real from their first step to their length.
   *
   * @param steps T
   * @throws IllegalArgumentException when a length is not in 0 to {@code steps}
   */
  public static boolean[][] mask(int steps, int... lengths) {
    boolean[][] mask = new boolean[lengths.length][steps];
    for (int b = 0; b < lengths.length; b++) {
      if (lengths[b] < 0 || lengths[b] > steps) {
        throw new IllegalArgumentException(
            "sequence %d has length %d, but the batch has %d steps"
                .formatted(b, lengths[b], steps));
      }
      Arrays.fill(mask[b], 0, lengths[b], true);
    }
    return mask;
  }

  /**
   * The same batch, each sequence read from its last real step to its first: TF1's {@code
   * reverse_sequence}, ONNX's direction {@code reverse}. Unpacked outputs stand where their steps
   * stood. Keras's {@code go_backwards} is this, with outputs in the order of reading: see {@link
   * #flipTime}.
   */
  public PaddedBatch reversed() {
    return new PaddedBatch(real, batchMajor, !reversed);
  }

  /** Number of sequences, B. */
  public int batch() {
    return real.length;
  }

  /** Number of steps, real or not, T. */
  public int steps() {
    return real[0].length;
  }

  /** The real steps of {@code padded}, (B·T, features). */
  public PackedSequence pack(Var padded) {
    requireRows("a padded batch", padded, batch() * steps());
    return new PackedSequence(packing, padded.gather(rows));
  }

  /**
   * The outputs of each step in the layout of the padded batch, (B·T, features).
   *
   * @param packed as {@link #pack} made its input
   * @param fill what stands at steps that are not real
   * @param direction in which a cell read the packed sequences
   */
  public Var unpack(PackedSequence packed, Fill fill, Direction direction) {
    requireRows("a packed sequence", packed.data(), packing.rows());
    int zero = packing.rows();
    int[] from = new int[batch() * steps()];
    Arrays.fill(from, zero);
    for (int i = 0; i < rows.length; i++) {
      from[rows[i]] = i;
    }
    if (fill == Fill.REPEAT) {
      boolean fromTheEnd = reversed != (direction == Direction.BACKWARD);
      for (int b = 0; b < batch(); b++) {
        repeat(b, fromTheEnd, zero, from);
      }
    }
    return withZeroRow(packed.data()).gather(from);
  }

  /**
   * The last real step of each sequence in reading direction, (B, features), zero for a sequence without
   * any.
   *
   * @param padded (B·T, features)
   */
  public Var last(Var padded) {
    requireRows("a padded batch", padded, batch() * steps());
    int[] from = new int[batch()];
    for (int b = 0; b < batch(); b++) {
      from[b] = padded.rows();
      for (int t : timesInOrder(reversed).toArray()) {
        from[b] = real[b][t] ? row(b, t) : from[b];
      }
    }
    return withZeroRow(padded).gather(from);
  }

  /** Of a row for each sequence, (B, size), those of the sequences that take part. */
  public Var packState(Var given) {
    requireRows("a state", given, batch());
    return present.length == batch() ? given : given.gather(present);
  }

  /** The state of the sequences that take part. */
  public State packState(State given) {
    return given.map(this::packState);
  }

  /**
   * The opposite of {@link #packState(Var)}: (B, size).
   *
   * @param packed what came of the sequences that take part
   * @param initial (B, size), for those that do not
   */
  public Var unpackState(Var packed, Var initial) {
    requireRows("a packed state", packed, present.length);
    requireRows("an initial state", initial, batch());
    if (present.length == batch()) {
      return packed;
    }
    int[] from = IntStream.range(present.length, present.length + batch()).toArray();
    for (int i = 0; i < present.length; i++) {
      from[present[i]] = i;
    }
    return Var.stackRows(List.of(packed, initial)).gather(from);
  }

  /** The final state of all sequences: of those that do not take part the {@code initial} one. */
  public State unpackState(State packed, State initial) {
    return packed.combine(initial, this::unpackState);
  }

  /** A padded batch with the steps of all sequences, real or not, in the opposite order. */
  public Var flipTime(Var padded) {
    requireRows("a padded batch", padded, batch() * steps());
    int[] from = new int[batch() * steps()];
    for (int b = 0; b < batch(); b++) {
      for (int t = 0; t < steps(); t++) {
        from[row(b, t)] = row(b, steps() - 1 - t);
      }
    }
    return padded.gather(from);
  }

  private void repeat(int b, boolean fromTheEnd, int zero, int[] from) {
    int last = zero;
    for (int t : timesInOrder(fromTheEnd).toArray()) {
      int row = row(b, t);
      last = real[b][t] ? from[row] : last;
      from[row] = last;
    }
  }

  private IntStream timesInOrder(boolean fromTheEnd) {
    int steps = steps();
    return IntStream.range(0, steps).map(t -> fromTheEnd ? steps - 1 - t : t);
  }

  private int row(int b, int t) {
    return batchMajor ? b * steps() + t : t * batch() + b;
  }

  private static Var withZeroRow(Var v) {
    Tape tape = v.tape();
    return Var.stackRows(List.of(v, tape.constant(tape.zeros(1, v.cols()))));
  }

  private static boolean[][] checked(boolean[][] mask) {
    if (mask.length == 0) {
      throw new IllegalArgumentException("a batch needs at least one sequence");
    }
    boolean[][] copy = new boolean[mask.length][];
    boolean any = false;
    for (int b = 0; b < mask.length; b++) {
      if (mask[b].length != mask[0].length) {
        throw new IllegalArgumentException(
            "the mask has %d steps for sequence 0, but %d for sequence %d"
                .formatted(mask[0].length, mask[b].length, b));
      }
      copy[b] = mask[b].clone();
      for (boolean step : copy[b]) {
        any |= step;
      }
    }
    if (!any) {
      throw new IllegalArgumentException("the mask leaves no step of any sequence");
    }
    return copy;
  }

  private void requireRows(String what, Var v, int expected) {
    if (v.rows() != expected) {
      throw new IllegalArgumentException(
          ("%s of %d sequences and %d steps needs %d rows, got %s;"
                  + " is there a length, or a row of the mask, for each sequence?")
              .formatted(what, batch(), steps(), expected, v));
    }
  }
}
