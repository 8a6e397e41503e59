package dev.sluice.io.tensorflow;

import dev.sluice.io.StoredTensor;
import dev.sluice.io.TensorFile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The recurrent cells among the variables of a checkpoint or a frozen graph, and what else there is.
 *
 * @param cells in the order of their names, numbers in them counted
 * @param others names of variables that belong to no cell: embeddings, dense layers
 * @param skipped names of variables of optimizers and training
 */
public record TensorFlowCells(
    List<TensorFlowCell> cells, List<String> others, List<String> skipped) {
  /** TF1's default, which its cells add to the forget gate at run time. */
  public static final float FORGET_BIAS = 1;

  private static final Pattern NUMBER = Pattern.compile("\\d+");
  private static final int MOST_DIGITS = 9;

  /** Copies the lists. */
  public TensorFlowCells {
    cells = List.copyOf(cells);
    others = List.copyOf(others);
    skipped = List.copyOf(skipped);
  }

  /**
   * Finds the cells in {@code file}.
   *
   * @param forgetBias what the graph adds to the forget gates of its LSTMs; see {@link #FORGET_BIAS}
   */
  public static TensorFlowCells of(TensorFile file, float forgetBias) {
    List<String> others = new ArrayList<>();
    List<String> skipped = new ArrayList<>();
    Map<String, Map<Role, StoredTensor>> scopes = new LinkedHashMap<>();
    file.tensors()
        .forEach(
            (name, tensor) -> {
              Optional<Role.Place> place = Role.of(name);
              if (Slots.isSlot(tensor, file.tensors())) {
                skipped.add(name);
              } else if (place.isEmpty() || !isFirst(place.get(), tensor, scopes)) {
                others.add(name);
              }
            });
    List<TensorFlowCell> cells = new ArrayList<>();
    scopes.forEach(
        (scope, variables) ->
            CellBuilder.build(scope, variables, forgetBias)
                .ifPresentOrElse(
                    cells::add,
                    () -> variables.values().forEach(tensor -> others.add(tensor.name()))));
    cells.sort(Comparator.comparing(cell -> countable(cell.scope())));
    return new TensorFlowCells(cells, others, skipped);
  }

  private static boolean isFirst(
      Role.Place place, StoredTensor tensor, Map<String, Map<Role, StoredTensor>> scopes) {
    return scopes
            .computeIfAbsent(place.scope(), scope -> new EnumMap<>(Role.class))
            .putIfAbsent(place.role(), tensor)
        == null;
  }

  /** With numbers as people count them: {@code cell_2} before {@code cell_10}. */
  private static String countable(String scope) {
    return NUMBER
        .matcher(scope)
        .replaceAll(n -> "0".repeat(Math.max(0, MOST_DIGITS - n.group().length())) + n.group());
  }
}
