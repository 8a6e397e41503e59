package dev.sluice.io.hdf5;

import static dev.sluice.io.ModelFileException.shown;

import dev.sluice.io.StoredTensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.TreeSet;

/** A group of an open {@link Hdf5File}: named groups and arrays, and attributes. Valid until that is closed. */
public final class Hdf5Group {
  private final Hdf5File file;
  private final Hdf5Bytes bytes;
  private final ObjectHeader header;
  private Optional<Map<String, Long>> links = Optional.empty(); // read at first use
  private Optional<Map<String, Attribute>> attributes = Optional.empty();

  Hdf5Group(Hdf5File file, Hdf5Bytes bytes, ObjectHeader header) {
    this.file = file;
    this.bytes = bytes;
    this.header = header;
  }

  /** What is in it, in the order of names. */
  public SequencedSet<String> names() {
    return Collections.unmodifiableSequencedSet(new TreeSet<>(links().keySet()));
  }

  /**
   * The group at {@code path}, names with slashes between them, if there is one.
   *
   * @throws dev.sluice.io.ModelFileException when the file is damaged there
   */
  public Optional<Hdf5Group> group(String path) {
    Hdf5Group group = this;
    for (String name : path.split("/", -1)) {
      Long address = group.links().get(name);
      if (address == null) {
        return Optional.empty();
      }
      group = file.group(address);
    }
    return Optional.of(group);
  }

  /** Whether it holds an array at all, and is no group. */
  boolean isArray() {
    return header.find(ObjectHeader.LAYOUT).isPresent();
  }

  /**
   * The array at {@code path}, if there is one.
   *
   * @throws dev.sluice.io.ModelFileException when the file is damaged there, or the array is stored in a
   *     way that Keras never does
   */
  public Optional<StoredTensor> array(String path) {
    return group(path)
        .filter(Hdf5Group::isArray)
        .map(object -> Hdf5Array.read(bytes, path, object));
  }

  /**
   * The attribute of that name, a text.
   *
   * @throws dev.sluice.io.ModelFileException when it is damaged or no text
   */
  public Optional<String> text(String name) {
    return attribute(name).map(attribute -> String.join("", attribute.texts()));
  }

  /** The attribute of that name, a list of texts. */
  public Optional<List<String>> texts(String name) {
    return attribute(name).map(Attribute::texts);
  }

  ObjectHeader header() {
    return header;
  }

  private Optional<Attribute> attribute(String name) {
    if (attributes.isEmpty()) {
      Map<String, Attribute> read = new LinkedHashMap<>();
      for (Hdf5Input message : header.all(ObjectHeader.ATTRIBUTE)) {
        Attribute attribute = Attribute.read(message);
        if (read.put(attribute.name(), attribute) != null) {
          throw bytes.damaged("%s has two attributes %s", header.place(), shown(attribute.name()));
        }
      }
      attributes = Optional.of(read);
    }
    return Optional.ofNullable(attributes.get().get(name));
  }

  private Map<String, Long> links() {
    if (links.isEmpty()) {
      links = Optional.of(new Links(bytes, header).read());
    }
    return links.get();
  }
}
