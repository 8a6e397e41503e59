package dev.sluice.io.keras;

import dev.sluice.network.DenseLayer;
import dev.sluice.network.EmbeddingLayer;
import dev.sluice.network.FlattenLayer;
import dev.sluice.network.Network;
import dev.sluice.network.NetworkLayer;
import dev.sluice.network.RecurrentLayer;
import dev.sluice.parameter.Parameters;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** The layers of a network that is being read, and how their weights get into it once it is there. */
final class NetworkDraft {
  private final List<NetworkLayer> layers = new ArrayList<>();
  private final List<Consumer<Parameters>> weights = new ArrayList<>();
  private final Set<String> names;

  /**
   * An empty one.
   *
   * @param taken names that layers will have, and no others may
   */
  NetworkDraft(List<String> taken) {
    names = new HashSet<>(taken);
  }

  void add(NetworkLayer layer) {
    layers.add(layer);
  }

  /** A layer whose weights {@code fill} writes. */
  void add(NetworkLayer layer, Consumer<Parameters> fill) {
    layers.add(layer);
    weights.add(fill);
  }

  /** A name that no layer has, made of {@code name}. */
  String fresh(String name) {
    String fresh = name;
    for (int i = 2; !names.add(fresh); i++) {
      fresh = name + "_" + i;
    }
    return fresh;
  }

  /**
   * The network with its weights.
   *
   * @throws IllegalArgumentException when the layers do not fit each other
   * @throws Unsupported when none has weights
   */
  Network build() {
    Network network = new Network(inputWidth(), layers);
    weights.forEach(fill -> fill.accept(network.parameters()));
    network.parameters().changed();
    return network;
  }

  /** What the first layer with weights reads. */
  private int inputWidth() {
    int steps = 1;
    for (NetworkLayer layer : layers) {
      switch (layer) {
        case EmbeddingLayer embedding -> {
          return 1;
        }
        case RecurrentLayer rnn -> {
          return rnn.recurrent().cells().getFirst().inputSize();
        }
        case DenseLayer dense -> {
          return dense.dense().in() / steps;
        }
        case FlattenLayer flatten -> steps = flatten.steps();
        default -> {}
      }
    }
    throw new Unsupported("no layer has weights");
  }
}
