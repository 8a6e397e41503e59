package dev.sluice.io.onnx;

import dev.sluice.cell.Cell;
import dev.sluice.cell.GruCell;
import dev.sluice.cell.LstmCell;
import dev.sluice.cell.LstmVariant;
import dev.sluice.cell.LstmVariant.Coupling;
import dev.sluice.cell.LstmVariantCell;
import dev.sluice.cell.RnnCell;
import dev.sluice.io.dialect.ActivationNames;
import dev.sluice.io.onnx.OnnxNetwork.Layout;
import dev.sluice.io.onnx.OnnxNetwork.Port;
import dev.sluice.layer.Dense;
import dev.sluice.layer.Embedding;
import dev.sluice.layer.MergeMode;
import dev.sluice.layer.PaddedBatch.Fill;
import dev.sluice.layer.Recurrent;
import dev.sluice.matrix.RandomKey;
import dev.sluice.network.ActivationLayer;
import dev.sluice.network.DenseLayer;
import dev.sluice.network.EmbeddingLayer;
import dev.sluice.network.FlattenLayer;
import dev.sluice.network.LastStepLayer;
import dev.sluice.network.Network;
import dev.sluice.network.NetworkLayer;
import dev.sluice.network.RecurrentLayer;
import dev.sluice.network.RecurrentLayer.Reading;
import dev.sluice.network.RepeatLayer;
import dev.sluice.network.SoftmaxLayer;
import dev.sluice.tape.Activation;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Networks of every kind that ONNX can say, with random weights. */
final class OnnxSamples {
  static final int INPUTS = 4;
  static final int UNITS = 6;
  static final int STEPS = 5;
  static final int TOKENS = 11;

  private static final Set<Port> ALL_PORTS = EnumSet.allOf(Port.class);

  private final List<Sample> samples = new ArrayList<>();

  /** A network by what is special about it. */
  record Sample(String name, OnnxNetwork model) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Sample> all() {
    OnnxSamples samples = new OnnxSamples();
    samples.addCells();
    samples.addVariants();
    samples.addReadings();
    samples.addNetworks();
    samples.addActivations();
    return samples.samples;
  }

  private void addCells() {
    for (String kind : List.of("LSTM", "GRU", "GRU reset before", "RNN", "RNN relu")) {
      for (int layers : new int[] {1, 3}) {
        for (boolean bidirectional : new boolean[] {false, true}) {
          add(
              "%s, %d layers%s".formatted(kind, layers, bidirectional ? ", both directions" : ""),
              Layout.TIME_MAJOR,
              ALL_PORTS,
              RecurrentLayer.of(recurrent(kind, layers, bidirectional)));
        }
      }
    }
    add(
        "no optional inputs",
        Layout.TIME_MAJOR,
        Set.of(),
        RecurrentLayer.of(recurrent("LSTM", 1, false)));
  }

  private void addVariants() {
    Activation hard = Activation.hardSigmoid(0.3f, 0.4f);
    List<LstmVariant> variants =
        List.of(
            LstmVariant.TF1,
            LstmVariant.PLAIN.withPeepholes(),
            LstmVariant.PLAIN.withoutBias(),
            LstmVariant.TF1.withoutBias().withPeepholes(),
            LstmVariant.PLAIN.withCoupling(Coupling.FORGET_FROM_INPUT),
            LstmVariant.PLAIN.withActivations(
                hard, Activation.leakyRelu(0.2f), Activation.scaledTanh(0.9f, 1.1f)),
            LstmVariant.PLAIN.withActivations(
                Activation.SIGMOID.withInputLimit(0.3f),
                Activation.TANH.withInputLimit(0.3f),
                Activation.TANH));
    for (int i = 0; i < variants.size(); i++) {
      Cell cell = new LstmVariantCell(INPUTS, UNITS, variants.get(i));
      Recurrent recurrent = new Recurrent("rnn", List.of(cell, cell), true, 0);
      add("variant " + i, Layout.TIME_MAJOR, ALL_PORTS, RecurrentLayer.of(recurrent));
    }
  }

  private void addReadings() {
    for (boolean sequences : new boolean[] {true, false}) {
      String output = sequences ? "all steps" : "last step";
      for (Reading reading : List.of(Reading.REVERSE, Reading.GO_BACKWARDS)) {
        if (sequences || reading == Reading.REVERSE) {
          add(
              "%s, %s".formatted(reading, output),
              Layout.BATCH_MAJOR,
              ALL_PORTS,
              layer(recurrent("LSTM", 2, false), MergeMode.CONCAT, reading, sequences));
        }
      }
      for (MergeMode merge : MergeMode.values()) {
        add(
            "%s, %s".formatted(merge, output),
            Layout.BATCH_MAJOR,
            ALL_PORTS,
            layer(recurrent("GRU", 2, true), merge, Reading.FORWARD, sequences));
      }
    }
    RecurrentLayer rnn = RecurrentLayer.of(recurrent("LSTM", 1, true));
    for (Layout layout : List.of(Layout.TIME_MAJOR, Layout.BATCH_MAJOR)) {
      add("last step, " + layout, layout, Set.of(), rnn, new LastStepLayer("last"));
      Set<Port> lengths = Set.of(Port.LENGTHS);
      add("last real step, " + layout, layout, lengths, rnn, new LastStepLayer("last"));
    }
  }

  private void addNetworks() {
    for (Layout layout : List.of(Layout.TIME_MAJOR, Layout.BATCH_MAJOR)) {
      Recurrent both = recurrent("LSTM", 2, true);
      add(
          "classifier of tokens, " + layout,
          layout,
          Set.of(Port.LENGTHS),
          new EmbeddingLayer(new Embedding("embedding", TOKENS, INPUTS), false),
          layer(both, MergeMode.CONCAT, Reading.FORWARD, false),
          new DenseLayer(new Dense("dense", both.outputSize(), 7)),
          new ActivationLayer("relu", Activation.RELU),
          new DenseLayer(new Dense("labels", 7, 3)),
          new SoftmaxLayer("softmax"));
    }
    Recurrent first = recurrent("GRU", 1, true);
    Recurrent second = new Recurrent("second", List.of(new LstmCell(5, 2)), false, 0);
    add(
        "tagger",
        Layout.BATCH_MAJOR,
        ALL_PORTS,
        RecurrentLayer.of(first),
        new DenseLayer(new Dense("between", first.outputSize(), 5)),
        new ActivationLayer("tanh", Activation.TANH),
        RecurrentLayer.of(second),
        new DenseLayer(new Dense("tags", 2, 3)),
        new SoftmaxLayer("softmax"));
    add(
        "one step of a stream",
        Layout.ONE_STEP,
        Set.of(Port.INITIAL_STATES, Port.FINAL_STATES),
        RecurrentLayer.of(recurrent("LSTM", 2, false)),
        new DenseLayer(new Dense("dense", UNITS, 2)));
    Recurrent decoder = new Recurrent("decoder", List.of(new LstmCell(STEPS * UNITS, 3)), false, 0);
    add(
        "a vector for each sequence and back",
        Layout.TIME_MAJOR,
        Set.of(),
        RecurrentLayer.of(recurrent("RNN", 1, false)),
        new FlattenLayer("flatten", STEPS),
        new DenseLayer(new Dense("dense", STEPS * UNITS, STEPS * UNITS)),
        new RepeatLayer("repeat", 4),
        RecurrentLayer.of(decoder),
        new LastStepLayer("last"));
  }

  private void addActivations() {
    for (String name :
        List.of("Softsign", "Softplus", "HardSigmoid", "Elu", "LeakyRelu", "ThresholdedRelu")) {
      Activation activation =
          ActivationNames.onnx(name, List.of(0.4f).iterator(), List.of(0.3f).iterator());
      add(
          "activation " + name,
          Layout.TIME_MAJOR,
          Set.of(),
          RecurrentLayer.of(recurrent("RNN", 1, false)),
          new ActivationLayer(name.toLowerCase(Locale.ROOT), activation));
    }
  }

  private void add(String name, Layout layout, Set<Port> ports, NetworkLayer... layers) {
    Network network =
        new Network(layers[0] instanceof EmbeddingLayer ? 1 : INPUTS, List.of(layers));
    network.parameters().initialize(RandomKey.of(7));
    samples.add(new Sample(name, new OnnxNetwork(network, layout, ports)));
  }

  private static RecurrentLayer layer(
      Recurrent recurrent, MergeMode merge, Reading reading, boolean sequences) {
    return new RecurrentLayer(recurrent, merge, reading, Fill.ZERO, sequences);
  }

  private static Recurrent recurrent(String kind, int layers, boolean bidirectional) {
    List<Cell> cells = new ArrayList<>();
    int directions = bidirectional ? 2 : 1;
    for (int i = 0; i < layers * directions; i++) {
      int inputs = i < directions ? INPUTS : directions * UNITS;
      cells.add(
          switch (kind) {
            case "LSTM" -> new LstmCell(inputs, UNITS);
            case "GRU" -> new GruCell(inputs, UNITS);
            case "GRU reset before" -> new GruCell(inputs, UNITS, false, true);
            case "RNN" -> new RnnCell(inputs, UNITS);
            default -> new RnnCell(inputs, UNITS, Activation.RELU, true);
          });
    }
    return new Recurrent("rnn", cells, bidirectional, 0);
  }
}
