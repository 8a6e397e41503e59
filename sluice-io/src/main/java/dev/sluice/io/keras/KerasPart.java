package dev.sluice.io.keras;

import dev.sluice.network.Network;

/**
 * A layer of a model that is no chain, as a network of its own.
 *
 * @param name what the file calls it; names of parameters begin with it
 * @param kind Keras's name of the layer, such as {@code Bidirectional}
 * @param network the layer and its weights
 */
public record KerasPart(String name, String kind, Network network) {}
