package dev.sluice.cli;

import dev.sluice.cell.Cell;
import dev.sluice.data.Shown;
import dev.sluice.io.Origin;
import dev.sluice.io.StoredNetwork;
import dev.sluice.layer.MergeMode;
import dev.sluice.layer.Recurrent;
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
import dev.sluice.network.RepeatLayer;
import dev.sluice.network.Shape;
import dev.sluice.network.SoftmaxLayer;
import dev.sluice.parameter.ParameterSpec;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What {@code import} and {@code info} tell of a network.
 *
 * @param path of the model directory
 * @param input features of a step
 * @param cells of the recurrent layers, layer by layer and direction by direction
 * @param count of all numbers that are learned
 */
record NetworkReport(
    String path, int input, List<Layer> layers, List<CellReport> cells, long count, Origin origin) {
  private static final int SHOWN_LEFT = 12;

  /**
   * A layer.
   *
   * @param gives the shape of its output
   */
  record Layer(String name, String what, String gives, long parameters) {}

  static NetworkReport of(String path, StoredNetwork stored) {
    Network network = stored.network();
    List<Layer> layers = new ArrayList<>();
    Shape shape = Shape.sequences(network.inputWidth());
    for (NetworkLayer layer : network.layers()) {
      shape = layer.shape(shape);
      layers.add(
          new Layer(Shown.onOneLine(layer.name()), what(layer), shape.toString(), count(layer)));
    }
    return new NetworkReport(
        path,
        network.inputWidth(),
        layers,
        network.recurrentLayers().stream()
            .flatMap(layer -> cells(layer.recurrent()).stream())
            .toList(),
        network.parameters().count(),
        stored.origin());
  }

  /** Each layer and direction of a recurrent layer. */
  static List<CellReport> cells(Recurrent recurrent) {
    int directions = recurrent.bidirectional() ? 2 : 1;
    return IntStream.range(0, recurrent.cells().size())
        .mapToObj(
            i ->
                CellReport.of(
                    "%s_l%d%s"
                        .formatted(
                            Shown.onOneLine(recurrent.name()),
                            i / directions,
                            i % directions == 0 ? "" : "_reverse"),
                    recurrent.cells().get(i)))
        .toList();
  }

  private static long count(NetworkLayer layer) {
    return layer.parameters().stream().mapToLong(NetworkReport::count).sum();
  }

  private static long count(ParameterSpec spec) {
    return (long) spec.rows() * spec.cols();
  }

  private static String what(NetworkLayer layer) {
    return switch (layer) {
      case EmbeddingLayer embedding ->
          "embedding of %,d tokens%s"
              .formatted(
                  embedding.embedding().size(), embedding.maskZero() ? ", token 0 is padding" : "");
      case MaskingLayer masking -> "steps of %s are skipped".formatted(masking.value());
      case RecurrentLayer recurrent -> what(recurrent);
      case LastStepLayer last -> "last step";
      case FlattenLayer flatten -> "%d steps side by side".formatted(flatten.steps());
      case RepeatLayer repeat -> "repeated as %d steps".formatted(repeat.steps());
      case DenseLayer dense -> "dense";
      case ActivationLayer activation -> word(activation.activation().kind());
      case SoftmaxLayer softmax -> "softmax";
      case DropoutLayer dropout -> "dropout %s".formatted(dropout.probability());
    };
  }

  private static String what(RecurrentLayer layer) {
    Recurrent recurrent = layer.recurrent();
    List<Cell> cells = recurrent.cells();
    int layers = cells.size() / (recurrent.bidirectional() ? 2 : 1);
    List<String> words = new ArrayList<>();
    words.add(cells.stream().map(Cell::name).distinct().collect(Collectors.joining(", ")));
    if (layers > 1) {
      words.add(layers + " layers");
    }
    if (recurrent.bidirectional()) {
      words.add("both directions");
    }
    if (layer.merge() != MergeMode.CONCAT) {
      words.add("merged by " + word(layer.merge()));
    }
    if (layer.reading() != RecurrentLayer.Reading.FORWARD) {
      words.add(word(layer.reading()));
    }
    if (!layer.returnSequences()) {
      words.add("final output");
    }
    return String.join(", ", words);
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** The layers, and what was decided and left out. */
  void print(PrintWriter out) {
    Table table = new Table("layer", "gives", "parameters");
    table.row("input", Shape.sequences(input).toString(), "");
    for (Layer layer : layers) {
      String name =
          layer.name().isEmpty() || layer.name().equals(layer.what()) ? "" : layer.name() + ": ";
      table.row(name + layer.what(), layer.gives(), "%,d".formatted(layer.parameters()));
    }
    table.row("total", "", "%,d".formatted(count));
    table.print(out);
    origin.notes().forEach(note -> out.printf("note: %s%n", note));
    if (!origin.left().isEmpty()) {
      int more = origin.left().size() - SHOWN_LEFT;
      out.printf(
          "left: %s%s%n",
          origin.left().stream().limit(SHOWN_LEFT).collect(Collectors.joining(", ")),
          more > 0 ? " and %,d more".formatted(more) : "");
    }
  }

  /** Where the network comes from. */
  void printOrigin(PrintWriter out) {
    out.printf("from      %s, %s%n", origin.file(), origin.format());
    out.printf("          sha-256 %s%n", origin.sha256());
    out.printf("made by   sluice %s%n", origin.sluice());
  }
}
