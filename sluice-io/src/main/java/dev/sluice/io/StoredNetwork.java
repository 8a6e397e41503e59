package dev.sluice.io;

import dev.sluice.network.Network;
import dev.sluice.parameter.Parameters;

/** A network and where it comes from: what a {@link ModelDirectory} holds after an import. */
public record StoredNetwork(Network network, Origin origin) implements StoredModel {
  @Override
  public Parameters parameters() {
    return network.parameters();
  }
}
