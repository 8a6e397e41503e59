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
 * @param cells in the order of their names, numbers in them counted, and forward before backward
 * @param others names of variables that belong to no cell: embeddings, dense layers
 * @param skipped names of variables of optimizers and training
 */
public record TensorFlowCells(
    List<TensorFlowCell> cells, List<String> others, List<String> skipped) {
  /** TF1's default, which its cells add to the forget gate at run time. */
  public static final float FORGET_BIAS = 1;

  /** What checkpoints of objects, those of Keras and SavedModel, put behind each name. */
  private static final String OF_OBJECTS = "/.ATTRIBUTES/VARIABLE_VALUE";

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
              String variable = name.endsWith(OF_OBJECTS) ? withoutEnd(name) : name;
              Optional<Role.Place> place = Role.of(variable);
              if (Slots.isSlot(variable, tensor, file.tensors())) {
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
    cells.sort(Comparator.comparing(cell -> sortable(cell.scope())));
    return new TensorFlowCells(cells, others, skipped);
  }

  private static String withoutEnd(String name) {
    return name.substring(0, name.length() - OF_OBJECTS.length());
  }

  private static boolean isFirst(
      Role.Place place, StoredTensor tensor, Map<String, Map<Role, StoredTensor>> scopes) {
    return scopes
            .computeIfAbsent(place.scope(), scope -> new EnumMap<>(Role.class))
            .putIfAbsent(place.role(), tensor)
        == null;
  }

  /** As people sort: {@code cell_2} before {@code cell_10}, {@code fw} before {@code bw}. */
  private static String sortable(String scope) {
    String turned = scope.replace("/bw/", "/fw/~").replace("/backward_", "/forward_~");
    return NUMBER
        .matcher(turned)
        .replaceAll(n -> "0".repeat(Math.max(0, MOST_DIGITS - n.group().length())) + n.group());
  }
}
