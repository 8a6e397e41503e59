package dev.sluice.io.pytorch;

import static dev.sluice.io.ModelFileException.shown;

import dev.sluice.io.ModelFileException;
import dev.sluice.io.pytorch.PickleValue.Dict;
import dev.sluice.io.pytorch.PickleValue.ScriptModule;
import dev.sluice.io.pytorch.PickleValue.Sequence;
import dev.sluice.io.pytorch.PickleValue.TensorView;
import dev.sluice.io.pytorch.PickleValue.Tuple;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/**
 * Finds the weights in what a pickle held, by their shape: a dict of names and tensors, the file
 * itself or somewhere in it; or the module tree of TorchScript, whose tensors are named as {@code
 * state_dict()} would, {@code encoder.lstm.weight_ih_l0}. Dicts of nothing but tensors come before
 * those with more in them, such as a whole checkpoint; single numbers alone, such as a best loss,
 * are no weights.
 *
 * <p>A hostile pickle shares one value among many holders, or nests it in itself, and so could ask
 * for far more names than it has bytes: the search goes into nothing twice, the walk of modules
 * goes down 64 of them, and all names on the way are bounded by the size of the file.
 */
final class StateDicts {
  private static final int DEEPEST_DICT = 8;
  private static final int DEEPEST_MODULE = 64;

  /** How many times the size of the file names may take, each with what comes with it. */
  private static final int TIMES_THE_FILE = 4;

  private static final int COST_OF_A_NAME = 64;

  /** What names may take in the smallest file, so that it is told what is wrong with it. */
  private static final int LEAST_BUDGET = 1 << 16;

  /** A dict that holds arrays, and where it is. */
  private record Candidate(String key, Dict dict) {
    /** 0 when everything in it is a tensor, 1 when most is, 2 otherwise. */
    int rank() {
      long tensors = dict.entries().values().stream().filter(TensorView.class::isInstance).count();
      long others = dict.entries().size() - tensors;
      return dict.hasOtherKeys() ? 2 : others == 0 ? 0 : others < tensors ? 1 : 2;
    }
  }

  private final Path file;
  private long budget;
  private final List<Candidate> candidates = new ArrayList<>();
  private final Set<PickleValue> visited = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Deque<String> path = new ArrayDeque<>();
  private final SequencedMap<String, TensorView> weights = new LinkedHashMap<>();

  private StateDicts(Path file, long fileBytes) {
    this.file = file;
    this.budget = LEAST_BUDGET + TIMES_THE_FILE * fileBytes;
  }

  /**
   * The weights in {@code root}, by their names.
   *
   * @param key of the dict that is wanted, {@code "model"} or {@code "nets.encoder"}; if empty,
   *     there must be only one
   * @throws ModelFileException when there are none, or several to choose from
   */
  static SequencedMap<String, TensorView> find(
      Path file, long fileBytes, PickleValue root, Optional<String> key) {
    StateDicts found = new StateDicts(file, fileBytes);
    if (root instanceof ScriptModule module && key.isEmpty()) {
      found.walk("", module, 0);
      found.requireWeights();
    } else {
      found.search(root);
      found.choose(root, key).dict.entries().forEach(found::addTensor);
    }
    return found.weights;
  }

  private void search(PickleValue value) {
    switch (value) {
      case Dict dict when enters(dict) -> {
        if (dict.entries().values().stream().anyMatch(StateDicts::isArray)) {
          candidates.add(new Candidate(joinedPath(), dict));
        }
        dict.entries().forEach(this::searchUnder);
      }
      case Sequence list when enters(list) -> searchItems(list.items());
      case Tuple tuple when enters(tuple) -> searchItems(tuple.items());
      default -> {}
    }
  }

  private static boolean isArray(PickleValue value) {
    return value instanceof TensorView tensor && tensor.dimensions() > 0;
  }

  private boolean enters(PickleValue container) {
    return path.size() <= DEEPEST_DICT && visited.add(container);
  }

  private void searchItems(List<PickleValue> items) {
    for (int i = 0; i < items.size(); i++) {
      searchUnder(Integer.toString(i), items.get(i));
    }
  }

  private void searchUnder(String key, PickleValue value) {
    path.addLast(key);
    search(value);
    path.removeLast();
  }

  private String joinedPath() {
    path.forEach(this::spend);
    return String.join(".", path);
  }

  private Candidate choose(PickleValue root, Optional<String> key) {
    List<Candidate> suitable =
        key.isPresent()
            ? candidates.stream().filter(c -> c.key.equals(key.get())).toList()
            : best(candidates);
    if (suitable.size() == 1) {
      return suitable.getFirst();
    }
    List<String> keys =
        (suitable.isEmpty() ? candidates : suitable).stream().map(Candidate::key).toList();
    if (keys.isEmpty()) {
      throw new ModelFileException(
          file,
          "holds %s; save a model's weights with torch.save(model.state_dict(), file)"
              .formatted(instead(root)));
    }
    if (keys.equals(List.of(""))) {
      throw new ModelFileException(file, "has its weights under no key; leave out --key");
    }
    throw new ModelFileException(
        file,
        key.map(k -> "has no weights under %s, but under %s; ".formatted(shown(k), shown(keys)))
                .orElseGet(() -> "has weights under %s; ".formatted(shown(keys)))
            + "choose one of them with --key");
  }

  private static List<Candidate> best(List<Candidate> candidates) {
    int rank = candidates.stream().mapToInt(Candidate::rank).min().orElse(0);
    return candidates.stream().filter(c -> c.rank() == rank).toList();
  }

  private static String instead(PickleValue root) {
    return root instanceof Dict dict
        ? "a dict without named tensors, with the keys " + shown(dict.entries().keySet())
        : root.kind() + " instead of named tensors";
  }

  private void walk(String prefix, ScriptModule module, int depth) {
    if (depth > DEEPEST_MODULE) {
      throw new ModelFileException(
          file,
          "the modules in it are nested more than %d deep (%s); one may contain itself"
              .formatted(DEEPEST_MODULE, shown(prefix)));
    }
    spend(prefix);
    module
        .attributes()
        .entries()
        .forEach(
            (name, value) -> {
              switch (value) {
                case TensorView tensor -> add(prefix + name, tensor);
                case ScriptModule child -> walk(prefix + name + ".", child, depth + 1);
                default -> {} // settings, and lists that name the same tensors again
              }
            });
  }

  private void requireWeights() {
    if (weights.isEmpty()) {
      throw new ModelFileException(
          file,
          "holds TorchScript whose modules have no tensors; torch.jit.freeze moves them into the"
              + " code, so save the model before that");
    }
  }

  private void addTensor(String name, PickleValue value) {
    if (value instanceof TensorView tensor) {
      add(name, tensor);
    }
  }

  private void add(String name, TensorView tensor) {
    spend(name);
    if (weights.put(name, tensor) != null) {
      throw new ModelFileException(
          file, "two tensors are called %s; the file is damaged".formatted(shown(name)));
    }
  }

  private void spend(String name) {
    budget -= name.length() + COST_OF_A_NAME;
    if (budget < 0) {
      throw new ModelFileException(
          file, "the names of its tensors are longer than the file could hold; it is damaged");
    }
  }
}
