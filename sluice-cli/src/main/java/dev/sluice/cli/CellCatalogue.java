package dev.sluice.cli;

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
import dev.sluice.tape.Activation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The cells that {@code sluice info --cells} shows and {@code docs/cells.md} describes: one of each
 * kind, under the headings of that page.
 */
final class CellCatalogue {
  private CellCatalogue() {}

  /** Cells of {@code inputs} inputs and {@code units} hidden units by their headings. */
  static Map<String, Cell> of(int inputs, int units) {
    Map<String, Cell> cells = new LinkedHashMap<>();
    cells.put("LSTM", new LstmCell(inputs, units));
    variants(units)
        .forEach((heading, v) -> cells.put(heading, new LstmVariantCell(inputs, units, v)));
    cells.put("Layer-normalised LSTM", new LayerNormLstmCell(inputs, units, 1));
    cells.put("GRU", new GruCell(inputs, units));
    cells.put("GRU, reset before", new GruCell(inputs, units, false, true));
    cells.put("RNN", new RnnCell(inputs, units));
    wrappers(cells, inputs, units);
    return cells;
  }

  private static Map<String, LstmVariant> variants(int units) {
    int projected = (units + 1) / 2;
    LstmVariant plain = LstmVariant.PLAIN;
    Map<String, LstmVariant> variants = new LinkedHashMap<>();
    variants.put("LSTM with a forget bias", LstmVariant.TF1);
    variants.put("LSTM with peepholes", plain.withPeepholes());
    variants.put("LSTM with coupled gates", plain.withCoupling(Coupling.INPUT_FROM_FORGET));
    variants.put("LSTM with a projection", plain.withProjection(projected));
    variants.put("LSTM with clipping", plain.withCellClip(3));
    variants.put(
        "LSTM with other activations",
        plain.withActivations(Activation.HARD_SIGMOID, Activation.SOFTSIGN, Activation.RELU));
    variants.put("LSTM with recurrent dropout", plain.withCandidateDropout(0.25f));
    variants.put(
        "LSTM, combined",
        LstmVariant.TF1
            .withPeepholes()
            .withCoupling(Coupling.INPUT_FROM_FORGET)
            .withProjection(projected)
            .withCellClip(3)
            .withProjectionClip(1));
    return variants;
  }

  private static void wrappers(Map<String, Cell> cells, int inputs, int units) {
    cells.put("Dropout", new DropoutCell(new LstmCell(inputs, units), 0.8f, 0.8f, 0.9f, false));
    cells.put(
        "Variational dropout", new DropoutCell(new LstmCell(inputs, units), 0.8f, 1, 0.9f, true));
    cells.put("Zoneout", new ZoneoutCell(new LstmCell(inputs, units), 0.1f, 0.5f));
    cells.put("Residual", new ResidualCell(new RnnCell(units, units)));
    cells.put("Highway", new HighwayCell(new RnnCell(units, units)));
    cells.put(
        "Stack", new StackedCells(List.of(new LstmCell(inputs, units), new RnnCell(units, units))));
    cells.put("Stack that shares weights", StackedCells.shared(new RnnCell(units, units), 2));
  }
}
