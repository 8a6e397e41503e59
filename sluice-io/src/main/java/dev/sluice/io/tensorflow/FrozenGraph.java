package dev.sluice.io.tensorflow;

import dev.sluice.io.ModelFileException;
import dev.sluice.io.StoredTensor;
import dev.sluice.io.TensorFile;
import dev.sluice.io.TensorType;
import dev.sluice.io.protobuf.ProtoReader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;

/**
 * Reads the constants of a frozen graph: a GraphDef whose variables became nodes of the operator Const. The
 * numbers are those of the fields in TensorFlow's {@code graph.proto}, {@code node_def.proto} and {@code
 * tensor.proto}.
 */
final class FrozenGraph {
  /** A list of fewer numbers than elements ends in one that is repeated; a file could claim any number. */
  private static final long REPEATED_BYTES_PER_BYTE = 16;

  private static final long REPEATED_BYTES = 400_000;

  private final Path file;
  private final Contents contents = new Contents();
  private long left; // bytes for repeated numbers

  private FrozenGraph(Path file, long fileBytes) {
    this.file = file;
    left = REPEATED_BYTES + REPEATED_BYTES_PER_BYTE * fileBytes;
  }

  /**
   * The constants of the graph in {@code file}, mapped until {@code arena} is closed.
   *
   * @throws ModelFileException when it is none, or damaged
   */
  static Contents read(Path file, Arena arena) {
    MemorySegment bytes = TensorFile.map(file, "frozen graph", arena);
    if (SortedTable.isTable(bytes)) {
      throw new ModelFileException(
          file,
          "is a checkpoint of version 1; save it anew with TensorFlow 0.12 or later, which writes"
              + " an index and data");
    }
    return new FrozenGraph(file, bytes.byteSize()).read(ProtoReader.of(file, bytes));
  }

  private Contents read(ProtoReader in) {
    boolean nodes = false;
    while (in.next()) {
      if (in.field() == 1) {
        nodes = true;
        readNode(in.message());
      }
    }
    if (!nodes) {
      throw new ModelFileException(file, "holds no nodes; is it a graph of TensorFlow at all?");
    }
    return contents;
  }

  private void readNode(ProtoReader in) {
    String name = "";
    String operator = "";
    Optional<ProtoReader> value = Optional.empty();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> name = in.string();
        case 2 -> operator = in.string();
        case 5 -> {
          Optional<ProtoReader> tensor = value(in.message());
          value = tensor.isPresent() ? tensor : value;
        }
        default -> {}
      }
    }
    if (operator.equals("Const") && value.isPresent()) {
      new ConstParser(name).read(value.get());
    }
  }

  /** The tensor in an attribute, when that is the {@code value} of a Const. */
  private static Optional<ProtoReader> value(ProtoReader in) {
    String key = "";
    Optional<ProtoReader> value = Optional.empty();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> key = in.text();
        case 2 -> value = Optional.of(in.message());
        default -> {}
      }
    }
    if (key.equals("value") && value.isPresent()) {
      ProtoReader attribute = value.get();
      while (attribute.next()) {
        if (attribute.field() == 8) {
          return Optional.of(attribute.message());
        }
      }
    }
    return Optional.empty();
  }

  /** Reads one TensorProto. */
  private final class ConstParser {
    private final String name;
    private long type;
    private List<Long> sizes = List.of();
    private Optional<MemorySegment> content = Optional.empty();
    private final LongStream.Builder wholeNumbers = LongStream.builder();
    private final DoubleStream.Builder reals = DoubleStream.builder();

    ConstParser(String name) {
      this.name = name;
    }

    void read(ProtoReader in) {
      while (in.next()) {
        switch (in.field()) {
          case 1 -> type = in.varint();
          case 2 -> sizes = Declared.sizes(in.message());
          case 4 -> content = Optional.of(in.bytes());
          case 5 -> in.floats(reals);
          case 6 -> in.doubles(reals);
          case 7, 10, 11, 13 -> in.varints(wholeNumbers);
          default -> {}
        }
      }
      Declared.type(type)
          .ifPresentOrElse(
              elements -> {
                Declared tensor = new Declared(file, name, elements, sizes);
                boolean inOnePiece = content.isPresent() && content.get().byteSize() > 0;
                contents
                    .tensors()
                    .put(name, inOnePiece ? tensor.in(content.get()) : listed(tensor));
              },
              () -> contents.unread().add(name));
    }

    /** Of numbers in fields of their own; the last stands for all that follow it. */
    private StoredTensor listed(Declared tensor) {
      ByteBuffer given = given(tensor.type());
      int listed = given.limit() / tensor.type().bytes();
      long count = tensor.count();
      if (listed == count) {
        return tensor.in(MemorySegment.ofBuffer(given));
      }
      long bytes = tensor.bytes();
      if (listed > count || bytes > left || bytes > Integer.MAX_VALUE) {
        throw tensor.refused(
            "has %d numbers for its shape %s; the file is damaged"
                .formatted(listed, tensor.shownShape()));
      }
      left -= bytes;
      MemorySegment all = MemorySegment.ofArray(new byte[(int) bytes]);
      MemorySegment.copy(MemorySegment.ofBuffer(given), 0, all, 0, given.limit());
      int size = tensor.type().bytes();
      for (long at = given.limit(); listed > 0 && at < all.byteSize(); at += size) {
        MemorySegment.copy(all, at - size, all, at, size);
      }
      return tensor.in(all);
    }

    /** The numbers that are given, as bytes. */
    private ByteBuffer given(TensorType elements) {
      double[] real = reals.build().toArray();
      long[] whole = wholeNumbers.build().toArray();
      boolean asReals = elements == TensorType.F32 || elements == TensorType.F64;
      int count = asReals ? real.length : whole.length;
      ByteBuffer bytes =
          ByteBuffer.allocate(Math.multiplyExact(count, elements.bytes()))
              .order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < count; i++) {
        switch (elements) {
          case F32 -> bytes.putFloat((float) real[i]);
          case F64 -> bytes.putDouble(real[i]);
          case I64 -> bytes.putLong(whole[i]);
          case I32 -> bytes.putInt((int) whole[i]);
          case I16, F16, BF16 -> bytes.putShort((short) whole[i]);
          case I8, U8, BOOL -> bytes.put((byte) whole[i]);
        }
      }
      return bytes.flip();
    }
  }
}
