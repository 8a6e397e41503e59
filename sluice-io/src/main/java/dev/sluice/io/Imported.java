package dev.sluice.io;

import dev.sluice.data.Shown;
import dev.sluice.network.Network;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the file of another framework gave: a whole network when it is a chain of layers, otherwise the
 * recurrent layers in it. It is what all readers have in common, and knows no format.
 *
 * @param file that was read; of the files of a checkpoint the one that lists the others
 * @param format what the file is, in words, such as {@code PyTorch state dict}
 * @param network the model, when it is a chain of layers
 * @param parts otherwise its recurrent layers, each a network of its own
 * @param obstacle otherwise what is no part of a chain, in words
 * @param notes what the file does not say and was decided, each with the option that changes it
 * @param left what is in the file and neither in the network nor in the parts
 */
public record Imported(
    Path file,
    String format,
    Optional<Network> network,
    List<Part> parts,
    String obstacle,
    List<String> notes,
    List<String> left) {
  /**
   * A layer of a model that is no chain.
   *
   * @param name by which it is asked for
   */
  public record Part(String name, Network network) {}

  /** Copies the lists; names from a hostile file are made fit to be shown. */
  public Imported {
    parts = List.copyOf(parts);
    obstacle = Shown.onOneLine(obstacle);
    notes = notes.stream().map(Shown::onOneLine).toList();
    left = left.stream().map(Shown::onOneLine).toList();
  }

  /** A whole network. */
  public static Imported whole(
      Path file, String format, Network network, List<String> notes, List<String> left) {
    return new Imported(file, format, Optional.of(network), List.of(), "", notes, left);
  }

  /** Layers of a model that is no chain, because of the {@code obstacle}. */
  public static Imported parts(
      Path file,
      String format,
      List<Part> parts,
      String obstacle,
      List<String> notes,
      List<String> left) {
    return new Imported(file, format, Optional.empty(), parts, obstacle, notes, left);
  }
}
