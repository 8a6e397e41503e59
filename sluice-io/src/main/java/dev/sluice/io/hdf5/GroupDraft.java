package dev.sluice.io.hdf5;

import dev.sluice.io.Tensor;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A group to be written by {@link Hdf5Writer}: groups and arrays by name, and attributes that are text. */
public final class GroupDraft implements Draft {
  /** The value of an attribute: one text, or a list of them. */
  record Texts(boolean list, List<String> texts) {}

  // In the order of their bytes, in which readers search.
  private final Map<byte[], Draft> children = new TreeMap<>(Arrays::compareUnsigned);
  private final Map<String, Texts> attributes = new LinkedHashMap<>();

  /**
   * The group at {@code path}, made where it is missing.
   *
   * @throws IllegalArgumentException when there is an array, or a part of the path cannot be a name
   */
  public GroupDraft group(String path) {
    GroupDraft group = this;
    for (String name : path.split("/", -1)) {
      Draft child = group.children.computeIfAbsent(bytes(name), absent -> new GroupDraft());
      if (!(child instanceof GroupDraft found)) {
        throw new IllegalArgumentException(path + " is an array, and no group");
      }
      group = found;
    }
    return group;
  }

  /**
   * Adds an array.
   *
   * @param tensor its name is a path from here; its data are not copied
   * @throws IllegalArgumentException when the path is taken, or a part of it cannot be a name
   */
  public void array(Tensor tensor) {
    int slash = tensor.name().lastIndexOf('/');
    GroupDraft group = slash < 0 ? this : group(tensor.name().substring(0, slash));
    byte[] name = bytes(tensor.name().substring(slash + 1));
    if (group.children.putIfAbsent(name, new ArrayDraft(tensor)) != null) {
      throw new IllegalArgumentException("the name %s is taken".formatted(tensor.name()));
    }
  }

  /** Sets an attribute, a text. */
  public void attribute(String name, String text) {
    attributes.put(name, new Texts(false, List.of(text)));
  }

  /** Sets an attribute, a list of texts of which there is at least one. */
  public void attribute(String name, List<String> texts) {
    attributes.put(name, new Texts(true, texts));
  }

  Map<byte[], Draft> children() {
    return children;
  }

  Map<String, Texts> attributes() {
    return attributes;
  }

  private static byte[] bytes(String name) {
    if (name.isEmpty() || name.equals(".") || name.indexOf(0) >= 0) {
      throw new IllegalArgumentException(
          "\"%s\" cannot be the name of anything in an HDF5 file".formatted(name));
    }
    return name.getBytes(StandardCharsets.UTF_8);
  }
}
