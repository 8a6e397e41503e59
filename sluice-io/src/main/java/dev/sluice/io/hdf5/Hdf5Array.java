package dev.sluice.io.hdf5;

import static dev.sluice.io.ModelFileException.shown;

import dev.sluice.io.StoredTensor;
import dev.sluice.io.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** Arrays of numbers, of which the header says where they are. */
final class Hdf5Array {
  private static final int COMPACT = 0;
  private static final int CONTIGUOUS = 1;

  private Hdf5Array() {}

  static StoredTensor read(Hdf5Bytes file, String name, Hdf5Group object) {
    ObjectHeader header = object.header();
    Datatype type = Datatype.read(required(file, header, ObjectHeader.DATATYPE, "type"));
    Dataspace space = Dataspace.read(required(file, header, ObjectHeader.DATASPACE, "shape"));
    TensorType number =
        type.number()
            .or(() -> brainFloat(object, type))
            .orElseThrow(
                () ->
                    file.unsupported(
                        "the array %s does not hold little-endian numbers of a common type",
                        shown(name)));
    MemorySegment bytes = bytes(file, name, required(file, header, ObjectHeader.LAYOUT, "layout"));
    String what = "the array " + shown(name);
    int count = space.count(file, what, number.bytes(), bytes.byteSize());
    MemorySegment numbers = bytes.asSlice(0, (long) count * number.bytes());
    return StoredTensor.rowMajor(file.file(), name, number, space.shape(), numbers);
  }

  private static MemorySegment bytes(Hdf5Bytes file, String name, Hdf5Input layout) {
    int version = layout.byte1();
    int kind = layout.byte1();
    if (version < 3 || (kind != COMPACT && kind != CONTIGUOUS)) {
      throw file.unsupported(
          "the array %s is stored in chunks, perhaps compressed, or as HDF5 before 1.6 did",
          shown(name));
    }
    if (kind == COMPACT) {
      return layout.part("array", layout.short2()).rest();
    }
    long address = layout.long8();
    long size = layout.long8();
    return address == Hdf5Input.UNDEFINED
        ? MemorySegment.ofArray(new byte[0])
        : file.segment("the array " + shown(name), address, size);
  }

  /** h5py knows no bfloat16: Keras 3 stores two bytes and says so in an attribute. */
  private static Optional<TensorType> brainFloat(Hdf5Group object, Datatype type) {
    boolean is =
        type.kind() == Datatype.Kind.OPAQUE
            && type.size() == TensorType.BF16.bytes()
            && object.text("dtype").equals(Optional.of("bfloat16"));
    return is ? Optional.of(TensorType.BF16) : Optional.empty();
  }

  private static Hdf5Input required(Hdf5Bytes file, ObjectHeader header, int message, String what) {
    return header
        .find(message)
        .orElseThrow(() -> file.damaged("the %s of an array has no %s", header.place(), what));
  }
}
