package dev.sluice.io;

import dev.sluice.network.Network;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * The config.json of a network, key by key. The layers are read by {@link LayerJson}, the weights have
 * a file of their own.
 */
record NetworkConfig(int format, String task, int input, List<JsonNode> layers, Origin origin) {
  static final String NETWORK = "network";

  static NetworkConfig of(StoredNetwork stored) {
    Network network = stored.network();
    List<JsonNode> layers = network.layers().stream().<JsonNode>map(LayerJson::write).toList();
    return new NetworkConfig(
        ModelConfig.FORMAT, NETWORK, network.inputWidth(), layers, stored.origin());
  }
}
