package dev.sluice.io;

import dev.sluice.network.Network;
import dev.sluice.network.NetworkLayer;
import dev.sluice.parameter.ParameterSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * The layers of a network without their weights, as {@code config.json} lists them:
 *
 * <pre>
 *   {
 *     "input": 1,
 *     "layers": [
 *       {"type": "embedding", "name": "embedding", "tokens": 1000, "width": 64},
 *       {"type": "recurrent", "name": "lstm", "cells": [{"type": "lstm", "inputs": 64, "units": 128}]},
 *       {"type": "dense", "name": "fc", "inputs": 128, "outputs": 10}
 *     ]
 *   }
 * </pre>
 *
 * @param input features of a step of the input; 1 for numbers of tokens
 */
public record NetworkArchitecture(int input, List<NetworkLayer> layers) {
  /** The two keys that describe the layers; a file may have others beside them. */
  private record Keys(int input, List<JsonNode> layers) {}

  /** Copies the list. */
  public NetworkArchitecture {
    layers = List.copyOf(layers);
  }

  /**
   * Reads the layers from a {@code config.json}, or from a file with the same two keys.
   *
   * @throws ModelFileException when a key is missing, unknown or wrong
   */
  public static NetworkArchitecture read(Path file) {
    Keys keys = ConfigFile.read(file).as(Keys.class);
    return read(file, keys.input, keys.layers);
  }

  static NetworkArchitecture read(Path file, int input, List<JsonNode> layers) {
    if (input < 1) {
      throw new ModelFileException(file, "input: expected at least 1, found " + input);
    }
    if (layers.isEmpty()) {
      throw new ModelFileException(file, "layers: expected at least one");
    }
    List<NetworkLayer> read = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      JsonValue layer = new JsonValue(file, "layers[%d]".formatted(i), layers.get(i), "");
      read.add(LayerJson.read(new JsonFields(layer)));
    }
    return new NetworkArchitecture(input, read);
  }

  /** What the network needs, in order; cheap, whatever the sizes. */
  public List<ParameterSpec> parameters() {
    return layers.stream().flatMap(layer -> layer.parameters().stream()).toList();
  }

  /**
   * The network, all its parameters zero.
   *
   * @throws IllegalArgumentException when a layer does not fit the one before it, or a name occurs twice
   */
  public Network build() {
    return new Network(input, layers);
  }
}
