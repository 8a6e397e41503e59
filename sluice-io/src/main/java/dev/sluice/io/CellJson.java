package dev.sluice.io;

import static dev.sluice.io.JsonValues.unless;

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
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The cells of recurrent layers as JSON objects, and back. A key whose value is the usual one, which is
 * PyTorch's, is not written, and need not be there.
 */
final class CellJson {
  private CellJson() {}

  /**
   * The object for a cell. A variant of the LSTM that differs in nothing becomes the plain LSTM.
   *
   * @throws IllegalArgumentException when it is none of Sluice's own
   */
  static ObjectNode write(Cell cell) {
    return switch (cell) {
      case LstmCell lstm ->
          unless(true, "bias", lstm.bias(), sized("lstm", cell, lstm.hiddenSize()));
      case LstmVariantCell lstm -> write(lstm);
      case LayerNormLstmCell lstm ->
          unless(
              1,
              "forget_bias",
              lstm.forgetBias(),
              sized("layer_norm_lstm", cell, lstm.hiddenSize()));
      case GruCell gru -> write(gru);
      case RnnCell rnn ->
          unless(
              true,
              "bias",
              rnn.bias(),
              unless(
                  Activation.TANH,
                  "activation",
                  rnn.activation(),
                  sized("rnn", cell, rnn.hiddenSize())));
      case StackedCells stack -> write(stack);
      case ResidualCell residual -> around("residual", residual.cell());
      case HighwayCell highway -> around("highway", highway.cell());
      case ZoneoutCell zoneout ->
          around("zoneout", zoneout.cell())
              .put("outputs", zoneout.outputs())
              .put("memory", zoneout.memory());
      case DropoutCell dropout -> write(dropout);
      default ->
          throw new IllegalArgumentException(
              "a cell %s of type %s cannot be saved: its formula is known only to the program"
                  .formatted(cell.name(), cell.getClass().getName()));
    };
  }

  private static ObjectNode write(LstmVariantCell cell) {
    LstmVariant variant = cell.variant();
    LstmVariant plain = LstmVariant.PLAIN;
    ObjectNode node = sized("lstm", cell, cell.hiddenSize());
    unless(true, "bias", variant.bias(), node);
    unless(0, "forget_bias", variant.forgetBias(), node);
    unless(false, "peepholes", variant.peepholes(), node);
    unless(Coupling.NONE, "coupling", variant.coupling(), node);
    unless(0, "projection", variant.projectionSize(), node);
    unless(Float.POSITIVE_INFINITY, "cell_clip", variant.cellClip(), node);
    unless(Float.POSITIVE_INFINITY, "projection_clip", variant.projectionClip(), node);
    unless(plain.gate(), "gate", variant.gate(), node);
    unless(plain.candidate(), "candidate", variant.candidate(), node);
    unless(plain.output(), "output", variant.output(), node);
    return unless(0, "candidate_dropout", variant.candidateDropout(), node);
  }

  private static ObjectNode write(GruCell cell) {
    ObjectNode node = sized("gru", cell, cell.hiddenSize());
    unless(true, "reset_after", cell.resetAfter(), node);
    unless(true, "bias", cell.bias(), node);
    unless(Activation.SIGMOID, "gate", cell.gate(), node);
    return unless(Activation.TANH, "candidate", cell.candidate(), node);
  }

  private static ObjectNode write(StackedCells stack) {
    ObjectNode node = unless(false, "shared", stack.shared(), object("stacked"));
    ArrayNode cells = node.putArray("cells");
    stack.cells().forEach(cell -> cells.add(write(cell)));
    return node;
  }

  private static ObjectNode write(DropoutCell dropout) {
    ObjectNode node = around("dropout", dropout.cell());
    unless(1, "input_keep", dropout.inputKeep(), node);
    unless(1, "output_keep", dropout.outputKeep(), node);
    unless(1, "state_keep", dropout.stateKeep(), node);
    return unless(false, "variational", dropout.variational(), node);
  }

  /**
   * The cell that an object stands for.
   *
   * @throws ModelFileException when a key is missing, unknown or wrong
   */
  static Cell read(JsonFields fields) {
    return fields.make(
        () ->
            switch (fields.text("type")) {
              case "lstm" -> lstm(fields);
              case "layer_norm_lstm" ->
                  new LayerNormLstmCell(
                      inputs(fields), units(fields), fields.number("forget_bias", 1));
              case "gru" -> gru(fields);
              case "rnn" ->
                  new RnnCell(
                      inputs(fields),
                      units(fields),
                      ActivationJson.read(fields, "activation", Activation.TANH),
                      fields.flag("bias", true));
              case "stacked" -> stacked(fields);
              case "residual" -> new ResidualCell(inner(fields));
              case "highway" -> new HighwayCell(inner(fields));
              case "zoneout" ->
                  new ZoneoutCell(inner(fields), fields.number("outputs"), fields.number("memory"));
              case "dropout" -> dropout(fields);
              default ->
                  throw fields.unknown(
                      "type",
                      "lstm",
                      "gru",
                      "rnn",
                      "layer_norm_lstm",
                      "stacked",
                      "residual",
                      "highway",
                      "zoneout",
                      "dropout");
            });
  }

  private static Cell lstm(JsonFields fields) {
    LstmVariant plain = LstmVariant.PLAIN;
    LstmVariant variant =
        new LstmVariant(
            fields.flag("bias", true),
            fields.number("forget_bias", 0),
            fields.flag("peepholes", false),
            fields.choice("coupling", Coupling.NONE),
            fields.integer("projection", 0),
            fields.number("cell_clip", Float.POSITIVE_INFINITY),
            fields.number("projection_clip", Float.POSITIVE_INFINITY),
            ActivationJson.read(fields, "gate", plain.gate()),
            ActivationJson.read(fields, "candidate", plain.candidate()),
            ActivationJson.read(fields, "output", plain.output()),
            fields.number("candidate_dropout", 0));
    boolean isPlain = variant.equals(variant.bias() ? plain : plain.withoutBias());
    return isPlain
        ? new LstmCell(inputs(fields), units(fields), variant.bias())
        : new LstmVariantCell(inputs(fields), units(fields), variant);
  }

  private static Cell gru(JsonFields fields) {
    return new GruCell(
        inputs(fields),
        units(fields),
        fields.flag("reset_after", true),
        fields.flag("bias", true),
        ActivationJson.read(fields, "gate", Activation.SIGMOID),
        ActivationJson.read(fields, "candidate", Activation.TANH));
  }

  private static Cell stacked(JsonFields fields) {
    List<Cell> cells = fields.objects("cells").stream().map(CellJson::read).toList();
    boolean shared = fields.flag("shared", false);
    if (shared && cells.stream().distinct().count() != 1) {
      throw new IllegalArgumentException("cells that share their weights must be equal");
    }
    return new StackedCells(cells, shared);
  }

  private static Cell dropout(JsonFields fields) {
    return new DropoutCell(
        inner(fields),
        fields.number("input_keep", 1),
        fields.number("output_keep", 1),
        fields.number("state_keep", 1),
        fields.flag("variational", false));
  }

  private static Cell inner(JsonFields fields) {
    return read(fields.object("cell"));
  }

  private static int inputs(JsonFields fields) {
    return fields.integer("inputs");
  }

  private static int units(JsonFields fields) {
    return fields.integer("units");
  }

  private static ObjectNode object(String type) {
    return JsonNodeFactory.instance.objectNode().put("type", type);
  }

  private static ObjectNode sized(String type, Cell cell, int units) {
    return object(type).put("inputs", cell.inputSize()).put("units", units);
  }

  private static ObjectNode around(String type, Cell inner) {
    return object(type).set("cell", write(inner));
  }
}
