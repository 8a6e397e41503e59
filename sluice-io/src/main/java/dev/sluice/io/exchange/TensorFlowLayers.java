package dev.sluice.io.exchange;

import dev.sluice.cell.Cell;
import dev.sluice.cell.StackedCells;
import dev.sluice.io.Imported;
import dev.sluice.io.tensorflow.TensorFlowCell;
import dev.sluice.layer.Recurrent;
import dev.sluice.network.Network;
import dev.sluice.network.RecurrentLayer;
import dev.sluice.parameter.Parameters;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Recurrent layers of the cells of a TF1 checkpoint. Scopes tell which cells belong together: {@code
 * cell_0}, {@code cell_1} of a {@code MultiRNNCell} are one layer above the other, {@code fw} and {@code bw}
 * the two directions of {@code bidirectional_dynamic_rnn}. A stack inside of each direction runs through
 * before the other direction is seen, and so is one cell.
 */
final class TensorFlowLayers {
  private static final Pattern PLACE =
      Pattern.compile(
          "(?<direction>(?<=^|/)(?:fw|bw)(?=/|$))|(?<=^|/)cell_(?<number>\\d{1,6})(?=/|$)");

  /** A cell, and what its scope says. */
  private record Placed(TensorFlowCell cell, String scope, boolean backward, boolean inDirection) {}

  private TensorFlowLayers() {}

  /** The layers, each a network of its own, in the order of the cells. */
  static List<Imported.Part> of(List<TensorFlowCell> cells) {
    Map<String, List<Placed>> groups = new LinkedHashMap<>();
    for (TensorFlowCell cell : cells) {
      Placed placed = place(cell);
      groups.computeIfAbsent(placed.scope, scope -> new ArrayList<>()).add(placed);
    }
    List<Imported.Part> parts = new ArrayList<>();
    groups.values().forEach(group -> parts.addAll(layers(group)));
    return parts;
  }

  private static Placed place(TensorFlowCell cell) {
    Matcher places = PLACE.matcher(cell.scope());
    boolean backward = false;
    boolean direction = false;
    boolean inDirection = false;
    StringBuilder scope = new StringBuilder();
    while (places.find()) {
      boolean turns = places.group("direction") != null;
      backward |= turns && places.group().equals("bw");
      inDirection |= direction && !turns;
      direction |= turns;
      places.appendReplacement(scope, turns ? "*" : "cell");
    }
    places.appendTail(scope);
    return new Placed(cell, scope.toString(), backward, inDirection);
  }

  /** The cells of one scope as one layer; each a layer of its own when they do not fit each other. */
  private static List<Imported.Part> layers(List<Placed> group) {
    String name = group.getFirst().scope.replace("/*", "").replace('/', '.');
    List<Placed> forward = group.stream().filter(p -> !p.backward).toList();
    List<Placed> backward = group.stream().filter(Placed::backward).toList();
    try {
      if (backward.isEmpty() || forward.isEmpty()) {
        return List.of(part(name, false, cellByCell(group)));
      }
      if (group.getFirst().inDirection) {
        return List.of(part(name, true, List.of(forward, backward)));
      }
      List<List<Placed>> turns = new ArrayList<>();
      for (int i = 0; i < Math.max(forward.size(), backward.size()); i++) {
        turns.add(List.of(forward.get(i)));
        turns.add(List.of(backward.get(i)));
      }
      return List.of(part(name, true, turns));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      return group.stream()
          .map(p -> part(p.cell.scope().replace('/', '.'), false, List.of(List.of(p))))
          .toList();
    }
  }

  private static List<List<Placed>> cellByCell(List<Placed> cells) {
    return cells.stream().map(List::of).toList();
  }

  /** A layer of the given cells; several in one place are stacked. */
  private static Imported.Part part(String name, boolean bidirectional, List<List<Placed>> cells) {
    List<Cell> inPlaces = cells.stream().map(TensorFlowLayers::stacked).toList();
    Recurrent recurrent = new Recurrent(name, inPlaces, bidirectional, 0);
    Network network =
        new Network(inPlaces.getFirst().inputSize(), List.of(RecurrentLayer.of(recurrent)));
    int directions = bidirectional ? 2 : 1;
    for (int i = 0; i < cells.size(); i++) {
      List<Placed> stack = cells.get(i);
      for (int k = 0; k < stack.size(); k++) {
        String suffix =
            "%s_l%d%s"
                .formatted(
                    stack.size() == 1 ? "" : "_cell" + k,
                    i / directions,
                    i % directions == 0 ? "" : "_reverse");
        copy(stack.get(k).cell, network.parameters(), name, suffix);
      }
    }
    network.parameters().changed();
    return new Imported.Part(name, network);
  }

  private static Cell stacked(List<Placed> cells) {
    List<Cell> all = cells.stream().map(p -> p.cell.cell()).toList();
    return all.size() == 1 ? all.getFirst() : new StackedCells(all);
  }

  private static void copy(
      TensorFlowCell cell, Parameters parameters, String layer, String suffix) {
    String prefix = layer.isEmpty() ? "" : layer + ".";
    cell.weights()
        .forEach(
            (weight, matrix) -> parameters.get(prefix + weight + suffix).value().copyFrom(matrix));
  }
}
