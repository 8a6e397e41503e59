package dev.sluice.cell;

import dev.sluice.cell.LstmVariant.Coupling;
import dev.sluice.tape.Activation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Every cell, with every option, small: what the contract tests and the gradient checks run over. */
public final class SampleCells {
  /** Activations of every kind, their kinks away from the values that gradient checks draw. */
  public static final List<Activation> ACTIVATIONS =
      List.of(
          Activation.TANH,
          Activation.SIGMOID,
          Activation.RELU,
          Activation.SOFTSIGN,
          Activation.SOFTPLUS,
          Activation.HARD_SIGMOID,
          Activation.hardSigmoid(2, 0.5f),
          Activation.affine(0.7f, -0.3f),
          Activation.leakyRelu(0.1f),
          Activation.thresholdedRelu(0.3f),
          Activation.scaledTanh(1.7f, 0.6f),
          Activation.elu(1.3f),
          Activation.clip(0.5f),
          Activation.SIGMOID.withInputLimit(0.5f),
          Activation.TANH.withInputLimit(0.5f));

  private static final int INPUT = 3;
  private static final int HIDDEN = 4;

  private SampleCells() {}

  /** By what is special about them. */
  public static Map<String, Cell> all() {
    Map<String, Cell> cells = new LinkedHashMap<>();
    plain(cells);
    lstmVariants(cells);
    wrappers(cells);
    return cells;
  }

  private static void plain(Map<String, Cell> cells) {
    cells.put("LSTM", new LstmCell(INPUT, HIDDEN));
    cells.put("LSTM without bias", new LstmCell(INPUT, HIDDEN, false));
    cells.put("layer-normalised LSTM", new LayerNormLstmCell(INPUT, HIDDEN, 1));
    cells.put("RNN", new RnnCell(INPUT, HIDDEN));
    cells.put("RNN relu", new RnnCell(INPUT, HIDDEN, Activation.RELU, true));
    cells.put("RNN softsign without bias", new RnnCell(INPUT, HIDDEN, Activation.SOFTSIGN, false));
    for (boolean bias : new boolean[] {true, false}) {
      String with = bias ? "" : " without bias";
      cells.put("GRU reset after" + with, new GruCell(INPUT, HIDDEN, true, bias));
      cells.put("GRU reset before" + with, new GruCell(INPUT, HIDDEN, false, bias));
    }
    cells.put(
        "GRU with other activations",
        new GruCell(
            INPUT, HIDDEN, false, true, Activation.HARD_SIGMOID, Activation.scaledTanh(0.7f, 2)));
  }

  private static void lstmVariants(Map<String, Cell> cells) {
    LstmVariant combined =
        LstmVariant.TF1
            .withPeepholes()
            .withProjection(2)
            .withCellClip(0.4f)
            .withProjectionClip(0.2f);
    Map<String, LstmVariant> variants = new LinkedHashMap<>();
    variants.put("nothing", LstmVariant.PLAIN);
    variants.put("no bias", LstmVariant.PLAIN.withoutBias());
    variants.put("forget bias", LstmVariant.TF1);
    variants.put("peepholes", LstmVariant.PLAIN.withPeepholes());
    variants.put("projection", LstmVariant.PLAIN.withProjection(2));
    variants.put("cell clip", LstmVariant.PLAIN.withCellClip(0.3f));
    variants.put(
        "activations",
        LstmVariant.PLAIN.withActivations(
            Activation.HARD_SIGMOID_KERAS_3, Activation.SOFTSIGN, Activation.elu(0.5f)));
    variants.put("candidate dropout", LstmVariant.PLAIN.withCandidateDropout(0.3f));
    variants.put("peepholes, projection and clips", combined);
    for (Coupling coupling : List.of(Coupling.INPUT_FROM_FORGET, Coupling.FORGET_FROM_INPUT)) {
      variants.put("" + coupling, LstmVariant.TF1.withCoupling(coupling));
      variants.put(
          coupling + " with all the rest",
          combined
              .withCoupling(coupling)
              .withCandidateDropout(0.2f)
              .withActivations(
                  Activation.hardSigmoid(0.3f, 0.4f),
                  Activation.TANH.withInputLimit(0.8f),
                  Activation.SOFTSIGN));
    }
    variants.forEach(
        (name, v) -> cells.put("LSTM with " + name, new LstmVariantCell(INPUT, HIDDEN, v)));
  }

  private static void wrappers(Map<String, Cell> cells) {
    Cell lstm = new LstmCell(INPUT, HIDDEN);
    Cell square = new GruCell(INPUT, INPUT);
    cells.put("dropout", new DropoutCell(lstm, 0.8f, 0.7f, 0.6f, false));
    cells.put("variational dropout", new DropoutCell(lstm, 0.8f, 0.7f, 0.6f, true));
    cells.put("zoneout", new ZoneoutCell(lstm, 0.3f, 0.4f));
    cells.put("residual", new ResidualCell(square));
    cells.put("highway", new HighwayCell(square));
    cells.put(
        "stack",
        new StackedCells(
            List.of(
                new LstmCell(INPUT, HIDDEN),
                new GruCell(HIDDEN, 2, false, true),
                new RnnCell(2, 5))));
    cells.put("stack that shares weights", StackedCells.shared(square, 3));
    cells.put(
        "wrappers of wrappers",
        new HighwayCell(
            new DropoutCell(
                new StackedCells(
                    List.of(
                        new DropoutCell(lstm, 1, 0.5f, 1, true),
                        new ZoneoutCell(new GruCell(HIDDEN, INPUT), 0.2f, 0))),
                0.8f,
                0.8f,
                0.8f,
                true)));
  }
}
