package dev.sluice.io.hdf5;

import static dev.sluice.io.ModelFileException.shown;

import java.util.ArrayList;
import java.util.List;

/**
 * A named value beside a group. Of all there can be, texts are read.
 *
 * @param value its elements, and nothing else
 */
record Attribute(String name, Datatype type, Dataspace space, Hdf5Input value) {
  static Attribute read(Hdf5Input in) {
    int version = in.byte1();
    int flags = in.byte1();
    int nameSize = in.short2();
    int typeSize = in.short2();
    int spaceSize = in.short2();
    if (version < 1 || version > 3) {
      throw in.file().damaged("an attribute in the %s is of version %d", in.place(), version);
    }
    if (version > 1 && flags != 0) {
      throw in.file().unsupported("the type of an attribute in the %s is elsewhere", in.place());
    }
    in.skip(version == 3 ? 1 : 0);
    int alignment = version == 1 ? 8 : 1; // the prefix has 8 bytes too
    String name = in.text(nameSize);
    in.align(alignment);
    Datatype type = Datatype.read(in.part("type", typeSize));
    in.align(alignment);
    Dataspace space = Dataspace.read(in.part("shape", spaceSize));
    in.align(alignment);
    return new Attribute(name, type, space, in.part("attribute", in.left()));
  }

  /** The elements; one, or a list. */
  List<String> texts() {
    Hdf5Input in = value.restarted();
    int count = space.count(in.file(), "the attribute " + shown(name), type.size(), in.left());
    if (count == 0) {
      return List.of(); // of any type: numpy takes an empty list for one of numbers
    }
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      texts.add(
          switch (type.kind()) {
            case TEXT -> in.text(type.size());
            case TEXT_ELSEWHERE -> in.file().heaps().text(in);
            default -> throw in.file().unsupported("the attribute %s is no text", shown(name));
          });
    }
    return texts;
  }
}
