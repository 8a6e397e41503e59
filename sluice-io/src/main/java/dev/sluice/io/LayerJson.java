package dev.sluice.io;

import static dev.sluice.io.JsonValues.finite;
import static dev.sluice.io.JsonValues.unless;

import dev.sluice.cell.Cell;
import dev.sluice.layer.Dense;
import dev.sluice.layer.Embedding;
import dev.sluice.layer.MergeMode;
import dev.sluice.layer.PaddedBatch.Fill;
import dev.sluice.layer.Recurrent;
import dev.sluice.network.ActivationLayer;
import dev.sluice.network.DenseLayer;
import dev.sluice.network.DropoutLayer;
import dev.sluice.network.EmbeddingLayer;
import dev.sluice.network.FlattenLayer;
import dev.sluice.network.LastStepLayer;
import dev.sluice.network.MaskingLayer;
import dev.sluice.network.NetworkLayer;
import dev.sluice.network.RecurrentLayer;
import dev.sluice.network.RecurrentLayer.Reading;
import dev.sluice.network.RepeatLayer;
import dev.sluice.network.SoftmaxLayer;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The layers of a network as JSON objects, and back: {@code type} says which, {@code name} begins the
 * names of its weights. A key whose value is the usual one is not written, and need not be there. How
 * weights are initialised is not kept.
 */
final class LayerJson {
  private LayerJson() {}

  /**
   * The object for a layer.
   *
   * @throws IllegalArgumentException when one of its cells is none of Sluice's own
   */
  static ObjectNode write(NetworkLayer layer) {
    return switch (layer) {
      case EmbeddingLayer embedding ->
          unless(
              false,
              "mask_zero",
              embedding.maskZero(),
              object("embedding", layer)
                  .put("tokens", embedding.embedding().size())
                  .put("width", embedding.embedding().width()));
      case MaskingLayer masking ->
          object("masking", layer).put("value", finite("value", masking.value()));
      case RecurrentLayer recurrent -> write(recurrent);
      case LastStepLayer last -> object("last_step", layer);
      case FlattenLayer flatten -> object("flatten", layer).put("steps", flatten.steps());
      case RepeatLayer repeat -> object("repeat", layer).put("steps", repeat.steps());
      case DenseLayer dense ->
          object("dense", layer)
              .put("inputs", dense.dense().in())
              .put("outputs", dense.dense().out());
      case ActivationLayer activation ->
          object("activation", layer)
              .set("function", ActivationJson.write(activation.activation()));
      case SoftmaxLayer softmax -> object("softmax", layer);
      case DropoutLayer dropout ->
          object("dropout", layer).put("probability", dropout.probability());
    };
  }

  private static ObjectNode write(RecurrentLayer layer) {
    Recurrent recurrent = layer.recurrent();
    ObjectNode node = object("recurrent", layer);
    unless(false, "bidirectional", recurrent.bidirectional(), node);
    unless(0, "dropout", recurrent.dropout(), node);
    unless(MergeMode.CONCAT, "merge", layer.merge(), node);
    unless(Reading.FORWARD, "reading", layer.reading(), node);
    unless(Fill.ZERO, "fill", layer.fill(), node);
    unless(true, "return_sequences", layer.returnSequences(), node);
    ArrayNode cells = node.putArray("cells");
    recurrent.cells().forEach(cell -> cells.add(CellJson.write(cell)));
    return node;
  }

  private static ObjectNode object(String type, NetworkLayer layer) {
    return JsonNodeFactory.instance.objectNode().put("type", type).put("name", layer.name());
  }

  /**
   * The layer that an object stands for.
   *
   * @throws ModelFileException when a key is missing, unknown or wrong
   */
  static NetworkLayer read(JsonFields fields) {
    String name = fields.text("name");
    return fields.make(
        () ->
            switch (fields.text("type")) {
              case "embedding" -> embedding(name, fields);
              case "masking" -> new MaskingLayer(name, fields.number("value"));
              case "recurrent" -> recurrent(name, fields);
              case "last_step" -> new LastStepLayer(name);
              case "flatten" -> new FlattenLayer(name, fields.integer("steps"));
              case "repeat" -> new RepeatLayer(name, fields.integer("steps"));
              case "dense" -> dense(name, fields);
              case "activation" ->
                  new ActivationLayer(name, ActivationJson.read(fields, "function"));
              case "softmax" -> new SoftmaxLayer(name);
              case "dropout" -> new DropoutLayer(name, fields.number("probability"));
              default ->
                  throw fields.unknown(
                      "type",
                      "embedding",
                      "masking",
                      "recurrent",
                      "last_step",
                      "flatten",
                      "repeat",
                      "dense",
                      "activation",
                      "softmax",
                      "dropout");
            });
  }

  private static NetworkLayer embedding(String name, JsonFields fields) {
    return new EmbeddingLayer(
        new Embedding(name, fields.integer("tokens"), fields.integer("width")),
        fields.flag("mask_zero", false));
  }

  private static NetworkLayer dense(String name, JsonFields fields) {
    return new DenseLayer(new Dense(name, fields.integer("inputs"), fields.integer("outputs")));
  }

  private static NetworkLayer recurrent(String name, JsonFields fields) {
    List<Cell> cells = fields.objects("cells").stream().map(CellJson::read).toList();
    return new RecurrentLayer(
        new Recurrent(
            name, cells, fields.flag("bidirectional", false), fields.number("dropout", 0)),
        fields.choice("merge", MergeMode.CONCAT),
        fields.choice("reading", Reading.FORWARD),
        fields.choice("fill", Fill.ZERO),
        fields.flag("return_sequences", true));
  }
}
