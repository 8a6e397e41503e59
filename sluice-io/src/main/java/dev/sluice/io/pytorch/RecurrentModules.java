package dev.sluice.io.pytorch;

import static dev.sluice.io.ModelFileException.shown;

import dev.sluice.cell.Cell;
import dev.sluice.cell.GruCell;
import dev.sluice.cell.LstmCell;
import dev.sluice.cell.LstmVariant;
import dev.sluice.cell.LstmVariantCell;
import dev.sluice.cell.RnnCell;
import dev.sluice.io.ModelFileException;
import dev.sluice.io.StoredTensor;
import dev.sluice.io.TensorFile;
import dev.sluice.layer.Recurrent;
import dev.sluice.tape.Activation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The recurrent modules of a state dict: {@code nn.LSTM}, {@code nn.GRU}, {@code nn.RNN} and their cells,
 * found by the names of their weights. The number of gates, rows of {@code weight_hh} for each unit,
 * tells the kind: 4, 3 or 1.
 */
final class RecurrentModules {
  private static final Pattern WEIGHT =
      Pattern.compile(
          "(?:(?<module>.+)\\.)?(?:weight|bias)_(?:ih|hh|hr)(?<suffix>_l\\d{1,4}(?:_reverse)?)?");

  /**
   * A module.
   *
   * @param layer its layers and directions
   * @param cell whether it is a module of a single step, such as {@code nn.LSTMCell}, whose weights have
   *     no {@code _l0} at their ends
   * @param tensors the names of its weights
   */
  record Module(Recurrent layer, boolean cell, List<String> tensors) {
    boolean isRnn() {
      return layer.cells().getFirst() instanceof RnnCell;
    }
  }

  private final TensorFile file;
  private final Activation nonlinearity;

  private RecurrentModules(TensorFile file, Activation nonlinearity) {
    this.file = file;
    this.nonlinearity = nonlinearity;
  }

  /**
   * All modules among {@code names}, in their order.
   *
   * @param nonlinearity of those that are {@code nn.RNN}
   * @throws ModelFileException when the weights of one do not fit each other
   */
  static List<Module> find(TensorFile file, List<String> names, Activation nonlinearity) {
    Map<String, Map<String, List<String>>> modules = new LinkedHashMap<>(); // suffix -> names
    for (String name : names) {
      Matcher weight = WEIGHT.matcher(name);
      if (weight.matches()) {
        String module = Optional.ofNullable(weight.group("module")).orElse("");
        String suffix = Optional.ofNullable(weight.group("suffix")).orElse("");
        modules
            .computeIfAbsent(module, m -> new LinkedHashMap<>())
            .computeIfAbsent(suffix, s -> new ArrayList<>())
            .add(name);
      }
    }
    RecurrentModules found = new RecurrentModules(file, nonlinearity);
    List<Module> all = new ArrayList<>();
    modules.forEach((name, weights) -> all.add(found.module(name, weights)));
    return all;
  }

  private Module module(String name, Map<String, List<String>> weights) {
    boolean cell = weights.containsKey("");
    boolean bidirectional = weights.containsKey("_l0_reverse");
    List<Cell> cells = new ArrayList<>();
    for (String suffix : suffixes(name, weights, cell, bidirectional)) {
      cells.add(cell(name.isEmpty() ? "" : name + ".", suffix));
    }
    try {
      Recurrent layer = new Recurrent(name, cells, bidirectional, 0);
      return new Module(layer, cell, weights.values().stream().flatMap(List::stream).toList());
    } catch (IllegalArgumentException e) {
      throw new ModelFileException(file.file(), e.getMessage() + "; is it a state dict?", e);
    }
  }

  /** The ends of names, layer by layer; all of them must be there, and no others. */
  private List<String> suffixes(
      String name, Map<String, List<String>> weights, boolean cell, boolean bidirectional) {
    List<String> suffixes = new ArrayList<>();
    if (cell) {
      suffixes.add("");
    }
    for (int layer = 0; !cell && suffixes.size() < weights.size(); layer++) {
      suffixes.add("_l" + layer);
      if (bidirectional) {
        suffixes.add("_l" + layer + "_reverse");
      }
    }
    for (String suffix : weights.keySet()) {
      if (!suffixes.contains(suffix)) {
        throw new ModelFileException(
            file.file(),
            "%s has weights that end in %s, but not all of %s; is the state dict whole?"
                .formatted(
                    name.isEmpty() ? "the module" : shown(name),
                    suffix.isEmpty() ? "no layer" : suffix,
                    suffixes.stream().map(s -> s.isEmpty() ? "no layer" : s).toList()));
      }
    }
    return suffixes;
  }

  private Cell cell(String prefix, String suffix) {
    StoredTensor input = matrix(prefix + "weight_ih" + suffix);
    StoredTensor recurrent = matrix(prefix + "weight_hh" + suffix);
    boolean projected = file.tensors().containsKey(prefix + "weight_hr" + suffix);
    int rows = recurrent.shape().getFirst();
    int inputs = input.shape().getLast();
    int units =
        projected ? matrix(prefix + "weight_hr" + suffix).shape().getLast() : columns(recurrent);
    int gates = units > 0 && rows % units == 0 ? rows / units : 0;
    boolean bias = hasBias(prefix, suffix);
    if (projected && gates == 4) {
      LstmVariant plain = bias ? LstmVariant.PLAIN : LstmVariant.PLAIN.withoutBias();
      return new LstmVariantCell(inputs, units, plain.withProjection(columns(recurrent)));
    }
    return switch (projected ? 0 : gates) {
      case 4 -> new LstmCell(inputs, units, bias);
      case 3 -> new GruCell(inputs, units, true, bias);
      case 1 -> new RnnCell(inputs, units, nonlinearity, bias);
      default ->
          throw new ModelFileException(
              file.file(),
              ("%s: expected 4 rows for each of %d units (an LSTM), 3 (a GRU) or 1 (an RNN), found"
                      + " %s; is it a recurrent module of PyTorch?")
                  .formatted(recurrent.name(), units, recurrent.shape()));
    };
  }

  private static int columns(StoredTensor matrix) {
    return matrix.shape().getLast();
  }

  private boolean hasBias(String prefix, String suffix) {
    boolean input = file.tensors().containsKey(prefix + "bias_ih" + suffix);
    boolean recurrent = file.tensors().containsKey(prefix + "bias_hh" + suffix);
    if (input != recurrent) {
      file.tensor(prefix + (input ? "bias_hh" : "bias_ih") + suffix); // says that it is missing
    }
    return input;
  }

  private StoredTensor matrix(String name) {
    if (!file.tensors().containsKey(name) && file.tensors().containsKey(name + "_g")) {
      throw new ModelFileException(
          file.file(),
          "%s is split into two by weight_norm; call torch.nn.utils.remove_weight_norm before saving"
              .formatted(shown(name)));
    }
    StoredTensor tensor = file.tensor(name);
    if (tensor.shape().size() != 2 || tensor.shape().contains(0)) {
      throw new ModelFileException(
          file.file(),
          "%s: expected a matrix, found %s; is it a recurrent module of PyTorch?"
              .formatted(name, tensor.shape()));
    }
    return tensor;
  }
}
