package dev.sluice.io.keras;

import dev.sluice.data.Shown;
import dev.sluice.network.Network;
import java.util.List;
import java.util.Optional;

/**
 * What {@link KerasReader} finds in a file of Keras: a whole network, or layers among other things.
 *
 * @param network the model, when it is a chain of layers that Sluice has
 * @param parts otherwise its embedding, recurrent and dense layers, in the order of the file
 * @param others otherwise what is left of it, each as its name and what it is
 * @param obstacle otherwise what is no part of a chain, in words
 * @param notes what the file does not say and was presumed, and what in it was ignored, each in words
 */
public record KerasContents(
    Optional<Network> network,
    List<KerasPart> parts,
    List<String> others,
    String obstacle,
    List<String> notes) {
  /** Copies the lists; names from a hostile file are made fit to be shown. */
  public KerasContents {
    parts = List.copyOf(parts);
    others = others.stream().map(Shown::onOneLine).toList();
    obstacle = Shown.onOneLine(obstacle);
    notes = notes.stream().map(Shown::onOneLine).toList();
  }
}
