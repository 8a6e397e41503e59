package dev.sluice.io.onnx;

import dev.sluice.network.Network;

/**
 * A recurrent node LSTM, GRU or RNN of an ONNX model that is no chain of layers, as a network of its own.
 *
 * @param name a name made of that of the node, with which the names of parameters begin
 * @param node what the file calls it
 * @param network its one layer and the weights
 * @param layout how its input stands in the model
 */
public record OnnxLayer(String name, String node, Network network, OnnxNetwork.Layout layout) {}
