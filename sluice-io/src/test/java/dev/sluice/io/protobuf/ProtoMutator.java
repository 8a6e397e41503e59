package dev.sluice.io.protobuf;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Makes damaged copies of good messages that are still messages: fields are doubled, dropped, swapped, given
 * extreme numbers, or the text of another field. So the damage is to what a file says, deep inside, where
 * damaged bytes hardly ever get. The same number always gives the same bytes.
 */
public final class ProtoMutator {
  private static final int MOST_CHANGES = 4;

  private static final long[] EXTREME_NUMBERS = {
    0,
    1,
    2,
    3,
    7,
    16,
    -1,
    -2,
    255,
    1 << 20,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };

  /** A field: a number, bytes, or a message. */
  private static final class Field {
    final int number;
    final int wireType;
    long value;
    byte[] bytes = {};
    Optional<List<Field>> message = Optional.empty();

    Field(int number, int wireType) {
      this.number = number;
      this.wireType = wireType;
    }

    Field copy() {
      Field copy = new Field(number, wireType);
      copy.value = value;
      copy.bytes = bytes;
      copy.message = message.map(ProtoMutator::copy);
      return copy;
    }
  }

  private final List<List<Field>> good = new ArrayList<>();

  /** A mutator of copies of {@code good}, of which there is at least one. */
  public ProtoMutator(List<byte[]> good) {
    good.forEach(message -> this.good.add(parse(message).orElseThrow()));
  }

  /** The damaged message of that number. */
  public byte[] damaged(long number) {
    SplittableRandom random = new SplittableRandom(number);
    List<Field> message = copy(good.get(random.nextInt(good.size())));
    for (int changes = random.nextInt(1, MOST_CHANGES + 1); changes > 0; changes--) {
      change(message, random);
    }
    return bytes(message);
  }

  private static void change(List<Field> message, SplittableRandom random) {
    List<List<Field>> places = new ArrayList<>();
    collect(message, places);
    List<Field> fields = places.get(random.nextInt(places.size()));
    int at = random.nextInt(fields.size());
    Field field = fields.get(at);
    List<Field> others = places.get(random.nextInt(places.size()));
    Field other = others.get(random.nextInt(others.size()));
    switch (random.nextInt(8)) {
      case 0 -> fields.remove(at);
      case 1 -> fields.add(field.copy());
      case 2 -> fields.add(at, other.copy());
      case 3 -> fields.set(at, other.copy());
      default -> {
        if (field.wireType != 2) {
          field.value = EXTREME_NUMBERS[random.nextInt(EXTREME_NUMBERS.length)];
        } else if (field.message.isEmpty() && other.message.isEmpty()) {
          field.bytes = other.bytes;
        }
      }
    }
  }

  private static void collect(List<Field> fields, List<List<Field>> places) {
    if (!fields.isEmpty()) {
      places.add(fields);
    }
    fields.forEach(field -> field.message.ifPresent(inner -> collect(inner, places)));
  }

  private static List<Field> copy(List<Field> fields) {
    List<Field> copies = new ArrayList<>();
    fields.forEach(field -> copies.add(field.copy()));
    return copies;
  }

  /** The fields, when the bytes are those of a message; there is no schema that tells. */
  private static Optional<List<Field>> parse(byte[] bytes) {
    List<Field> fields = new ArrayList<>();
    ProtoReader in = ProtoReader.of(Path.of("good"), MemorySegment.ofArray(bytes));
    try {
      while (in.next()) {
        fields.add(field(in));
      }
    } catch (RuntimeException e) {
      return Optional.empty();
    }
    return Optional.of(fields);
  }

  private static Field field(ProtoReader in) {
    Field field = new Field(in.field(), in.wireType());
    if (field.wireType == 2) {
      field.bytes = in.bytes().toArray(ValueLayout.JAVA_BYTE);
      field.message = field.bytes.length < 2 ? Optional.empty() : parse(field.bytes);
    } else {
      field.value = in.number();
    }
    return field;
  }

  private static byte[] bytes(List<Field> fields) {
    ProtoWriter out = new ProtoWriter();
    for (Field field : fields) {
      switch (field.wireType) {
        case 0 -> out.varint(field.number, field.value);
        case 2 ->
            out.bytes(field.number, field.message.map(ProtoMutator::bytes).orElse(field.bytes));
        case 5 -> out.fixed32(field.number, (int) field.value);
        default -> out.varint(field.number, field.value);
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      out.writeTo(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
