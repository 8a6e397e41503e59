package dev.sluice.io;

import dev.sluice.cell.Cell;
import dev.sluice.cell.DropoutCell;
import dev.sluice.cell.GruCell;
import dev.sluice.cell.HighwayCell;
import dev.sluice.cell.LayerNormLstmCell;
import dev.sluice.cell.LstmCell;
import dev.sluice.cell.LstmVariant;
import dev.sluice.cell.LstmVariant.Coupling;
import dev.sluice.cell.LstmVariantCell;
import dev.sluice.cell.ResidualCell;
import dev.sluice.cell.RnnCell;
import dev.sluice.cell.StackedCells;
import dev.sluice.cell.ZoneoutCell;
import dev.sluice.layer.Dense;
import dev.sluice.layer.Embedding;
import dev.sluice.layer.MergeMode;
import dev.sluice.layer.PaddedBatch.Fill;
import dev.sluice.layer.Recurrent;
import dev.sluice.matrix.RandomKey;
import dev.sluice.network.ActivationLayer;
import dev.sluice.network.DenseLayer;
import dev.sluice.network.DropoutLayer;
import dev.sluice.network.EmbeddingLayer;
import dev.sluice.network.FlattenLayer;
import dev.sluice.network.LastStepLayer;
import dev.sluice.network.MaskingLayer;
import dev.sluice.network.Network;
import dev.sluice.network.NetworkLayer;
import dev.sluice.network.RecurrentLayer;
import dev.sluice.network.RecurrentLayer.Reading;
import dev.sluice.network.RepeatLayer;
import dev.sluice.network.SoftmaxLayer;
import dev.sluice.tape.Activation;
import java.util.ArrayList;
import java.util.List;

/** Networks for tests, with random weights: one of all kinds of layers, one of all kinds of cells. */
public final class SmallNetworks {
  private static final Origin ORIGIN =
      new Origin("0.1.0", "w.pt", "ab12", "PyTorch state dict", List.of("a note"), List.of("x"));

  private SmallNetworks() {}

  /** {@code network} as it is stored. */
  public static StoredNetwork stored(Network network) {
    return new StoredNetwork(network, ORIGIN);
  }

  /** A network with weights from a fixed seed. */
  public static Network of(int input, NetworkLayer... layers) {
    Network network = new Network(input, List.of(layers));
    network.parameters().initialize(RandomKey.of(1));
    return network;
  }

  /** Tokens, an LSTM, and a linear layer for every step: PyTorch's language models. */
  public static Network tagger() {
    return of(
        1,
        new EmbeddingLayer(new Embedding("embedding", 11, 3), false),
        RecurrentLayer.of(Recurrent.of("rnn", 3, 2, true, 0, inputs -> new LstmCell(inputs, 4))),
        new DenseLayer(new Dense("head", 8, 5)));
  }

  /** Every kind of layer. */
  static Network everyLayer() {
    return of(
        1,
        new EmbeddingLayer(new Embedding("words", 7, 3), true),
        new DropoutLayer("drop", 0.25f),
        new MaskingLayer("mask", -1.5f),
        new RecurrentLayer(
            Recurrent.of("rnn", 3, 2, true, 0.5f, inputs -> new LstmCell(inputs, 4)),
            MergeMode.AVERAGE,
            Reading.GO_BACKWARDS,
            Fill.REPEAT,
            true),
        new LastStepLayer("last"),
        new RepeatLayer("repeat", 3),
        new RecurrentLayer(
            new Recurrent("decoder", new GruCell(4, 2)),
            MergeMode.CONCAT,
            Reading.REVERSE,
            Fill.ZERO,
            true),
        new FlattenLayer("flat", 3),
        new DenseLayer(new Dense("fc", 6, 2)),
        new ActivationLayer("clipped", Activation.leakyRelu(0.125f).withInputLimit(3)),
        new SoftmaxLayer("softmax"));
  }

  /** Every kind of cell, and every choice in it. */
  static Network everyCell() {
    LstmVariant all =
        LstmVariant.TF1
            .withPeepholes()
            .withProjection(2)
            .withCellClip(0)
            .withProjectionClip(2.5f)
            .withActivations(Activation.HARD_SIGMOID, Activation.SOFTSIGN, Activation.elu(0.5f))
            .withCandidateDropout(0.1f);
    Cell shared = new RnnCell(2, 2, Activation.scaledTanh(1.5f, 0.7f), true);
    return of(
        2,
        layer("plain", new LstmCell(2, 2), new LstmCell(2, 2, false)),
        layer("variant", new LstmVariantCell(2, 3, all)),
        layer(
            "coupled",
            new LstmVariantCell(
                2, 2, LstmVariant.PLAIN.withoutBias().withCoupling(Coupling.INPUT_FROM_FORGET))),
        layer("normalised", new LayerNormLstmCell(2, 2, 0)),
        layer(
            "gru",
            new GruCell(2, 2),
            new GruCell(2, 2, false, false, Activation.HARD_SIGMOID_KERAS_3, Activation.LINEAR)),
        layer("rnn", new RnnCell(2, 2), new RnnCell(2, 2, Activation.SOFTPLUS, false)),
        layer(
            "wrapped",
            new ResidualCell(new LstmCell(2, 2)),
            new HighwayCell(new GruCell(2, 2)),
            new ZoneoutCell(new LstmCell(2, 2), 0.1f, 0.2f),
            new DropoutCell(new LstmCell(2, 2), 0.5f, 0.25f, 0.75f, true)),
        layer(
            "stacked",
            new StackedCells(List.of(new LstmCell(2, 2), new GruCell(2, 2))),
            StackedCells.shared(shared, 3)));
  }

  private static NetworkLayer layer(String name, Cell... cells) {
    return RecurrentLayer.of(new Recurrent(name, cells));
  }

  /** All of them. */
  static List<Network> all() {
    return new ArrayList<>(List.of(tagger(), everyLayer(), everyCell()));
  }
}
