package dev.sluice.io.pytorch;

import static dev.sluice.io.ModelFileException.shown;

import dev.sluice.io.Imported;
import dev.sluice.io.ModelFileException;
import dev.sluice.io.NetworkArchitecture;
import dev.sluice.io.StoredTensor;
import dev.sluice.io.TensorFile;
import dev.sluice.io.Weights;
import dev.sluice.io.pytorch.ChainSearch.Block;
import dev.sluice.io.pytorch.ChainSearch.DensePlace;
import dev.sluice.io.pytorch.ChainSearch.Kind;
import dev.sluice.io.pytorch.RecurrentModules.Module;
import dev.sluice.io.pytorch.StateDictOptions.Nonlinearity;
import dev.sluice.io.pytorch.StateDictOptions.Output;
import dev.sluice.layer.Dense;
import dev.sluice.layer.Embedding;
import dev.sluice.network.DenseLayer;
import dev.sluice.network.EmbeddingLayer;
import dev.sluice.network.Network;
import dev.sluice.network.NetworkLayer;
import dev.sluice.network.RecurrentLayer;
import dev.sluice.parameter.Parameter;
import dev.sluice.parameter.ParameterSpec;
import dev.sluice.tape.Activation;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A network from a bare state dict, which holds names and shapes and no architecture. Recurrent modules,
 * embeddings and linear layers are recognised by their names, and put in the one order that fits by
 * shapes. What a state dict cannot say is said in the notes; where it leaves open what the network
 * computes, only its recurrent layers are given.
 */
public final class StateDict {
  private static final String WEIGHT = ".weight";
  private static final String BIAS = ".bias";
  private static final String GRADIENT = "grad.";

  /** What a file may hold beside weights: the inputs and outputs of a run, for {@code verify}. */
  private static final Set<String> RECORDED =
      Set.of("input", "lengths", "h0", "c0", "output", "h_n", "c_n", "loss");

  private static final String CONFIG_ADVICE =
      "describe the layers in a file and name it with --config";

  private final TensorFile file;
  private final String format;
  private final StateDictOptions options;
  private final List<String> notes = new ArrayList<>();
  private final Set<String> left;

  private StateDict(TensorFile file, String format, StateDictOptions options) {
    this.file = file;
    this.format = format;
    this.options = options;
    this.left = new LinkedHashSet<>(file.tensors().keySet());
  }

  /**
   * The network, as far as names and shapes tell it.
   *
   * @param format what the file is, in words
   * @throws ModelFileException when there is no recurrent module, or the weights of one do not fit
   */
  public static Imported read(TensorFile file, String format, StateDictOptions options) {
    return new StateDict(file, format, options).infer();
  }

  /**
   * The network of a known architecture. Weights are found by their names; a linear layer may be without
   * bias.
   *
   * @throws ModelFileException when a weight is missing or has another shape
   */
  public static Imported read(TensorFile file, String format, NetworkArchitecture architecture) {
    StateDict dict = new StateDict(file, format, StateDictOptions.NONE);
    for (ParameterSpec spec : architecture.parameters()) {
      if (!spec.name().endsWith(BIAS)) {
        Weights.requireShape(file.file(), file.tensor(dict.storedName(spec.name())), spec);
      }
    }
    try {
      Network network = architecture.build();
      dict.fill(network);
      return Imported.whole(file.file(), format, network, dict.notes, List.copyOf(dict.left));
    } catch (IllegalArgumentException e) {
      throw new ModelFileException(
          file.file(), "does not fit the layers of --config: " + e.getMessage(), e);
    }
  }

  private Imported infer() {
    List<Module> recurrent = RecurrentModules.find(file, weightNames(), nonlinearity());
    if (recurrent.isEmpty()) {
      throw new ModelFileException(
          file.file(),
          "holds no recurrent layer (no weight_ih_l0 or the like); it holds %s"
              .formatted(shown(file.tensors().keySet())));
    }
    note(recurrent);
    List<List<Block>> modules = new ArrayList<>();
    recurrent.forEach(module -> modules.add(List.of(block(module))));
    Set<String> others = new LinkedHashSet<>(weightNames());
    recurrent.forEach(module -> others.removeAll(module.tensors()));
    for (String name : List.copyOf(others)) {
      List<Block> readings = name.endsWith(WEIGHT) ? readings(name) : List.of();
      if (!readings.isEmpty()) {
        modules.add(readings);
        others.remove(name);
        others.remove(biasOf(name));
      }
    }
    return others.isEmpty()
        ? chain(recurrent, modules)
        : parts(recurrent, unknown(others.iterator().next()));
  }

  /** The names that may be of weights: gradients, what a run recorded and counters are none. */
  private List<String> weightNames() {
    return file.tensors().keySet().stream()
        .filter(name -> !RECORDED.contains(name) && !name.startsWith("G_") && !isGradient(name))
        .filter(name -> !isCounter(file.tensor(name)))
        .toList();
  }

  private boolean isGradient(String name) {
    return name.startsWith(GRADIENT)
        && file.tensors().containsKey(name.substring(GRADIENT.length()));
  }

  /** As {@code num_batches_tracked} of a batch norm, {@code n_averaged} of an averaged model. */
  private static boolean isCounter(StoredTensor tensor) {
    return tensor.shape().isEmpty() && !tensor.type().isReal();
  }

  private Activation nonlinearity() {
    return options.nonlinearity().orElse(Nonlinearity.TANH) == Nonlinearity.RELU
        ? Activation.RELU
        : Activation.TANH;
  }

  private void note(List<Module> recurrent) {
    if (options.nonlinearity().isEmpty() && recurrent.stream().anyMatch(Module::isRnn)) {
      notes.add(
          "a state dict does not say the nonlinearity of an RNN: tanh is taken, PyTorch's default;"
              + " if it is relu, say --nonlinearity relu");
    }
    if (recurrent.stream().anyMatch(Module::cell)) {
      notes.add("a cell becomes a layer: its weights are now called weight_ih_l0 and so on");
    }
  }

  private static Block block(Module module) {
    return new Block(
        Kind.RECURRENT,
        module.layer().cells().getFirst().inputSize(),
        module.layer().outputSize(),
        RecurrentLayer.of(module.layer()));
  }

  /** What a module with this weight may be; nothing when it is unknown. */
  private List<Block> readings(String weight) {
    List<Integer> shape = file.tensor(weight).shape();
    String name = weight.substring(0, weight.length() - WEIGHT.length());
    if (shape.size() != 2 || shape.contains(0) || !file.tensor(weight).type().isReal()) {
      return List.of();
    }
    int rows = shape.getFirst();
    int cols = shape.getLast();
    Block dense = new Block(Kind.DENSE, cols, rows, new DenseLayer(new Dense(name, cols, rows)));
    if (file.tensors().containsKey(biasOf(weight))) {
      return file.tensor(biasOf(weight)).shape().equals(List.of(rows)) ? List.of(dense) : List.of();
    }
    Embedding table = new Embedding(name, rows, cols);
    Block embedding = new Block(Kind.EMBEDDING, 0, cols, new EmbeddingLayer(table, false));
    boolean named = name.toLowerCase(Locale.ROOT).contains("emb");
    return named ? List.of(embedding) : List.of(embedding, dense);
  }

  private static String biasOf(String weight) {
    return weight.substring(0, weight.length() - WEIGHT.length()) + BIAS;
  }

  private Imported chain(List<Module> recurrent, List<List<Block>> modules) {
    List<List<Block>> chains = ChainSearch.chains(modules, DensePlace.APART);
    if (chains.size() > 1) {
      chains = usual(modules, chains);
    }
    if (chains.size() == 1) {
      List<NetworkLayer> layers = layers(chains.getFirst());
      int input = chains.getFirst().getFirst().kind() == Kind.EMBEDDING ? 1 : inputs(chains);
      Network network = new Network(input, layers);
      fill(network);
      return Imported.whole(file.file(), format, network, notes, List.copyOf(left));
    }
    return parts(recurrent, obstacle(modules, chains));
  }

  /** Of several orders the one whose linear layers stand behind the recurrent ones, as most do. */
  private List<List<Block>> usual(List<List<Block>> modules, List<List<Block>> chains) {
    List<List<Block>> behind = ChainSearch.chains(modules, DensePlace.BEHIND);
    if (behind.size() != 1) {
      return chains;
    }
    notes.add(
        "the shapes allow more than one order of the layers: %s is taken; otherwise %s"
            .formatted(inWords(behind.getFirst()), CONFIG_ADVICE));
    return behind;
  }

  private static int inputs(List<List<Block>> chains) {
    return chains.getFirst().getFirst().in();
  }

  private static String obstacle(List<List<Block>> modules, List<List<Block>> chains) {
    if (!chains.isEmpty()) {
      return "the shapes allow more than one order of the layers, such as %s and %s"
          .formatted(inWords(chains.getFirst()), inWords(chains.getLast()));
    }
    List<List<Block>> without = ChainSearch.chains(modules, DensePlace.ANYWHERE);
    return without.isEmpty()
        ? "the layers do not make one chain by their shapes: "
            + inWords(modules.stream().map(List::getFirst).toList())
        : "a state dict does not say what stands between linear layers that follow each other: "
            + inWords(without.getFirst());
  }

  private static String inWords(List<Block> blocks) {
    return blocks.stream()
        .map(
            block ->
                block.kind() == Kind.EMBEDDING
                    ? "%s (tokens to %d)".formatted(shown(block.name()), block.out())
                    : "%s (%d to %d)".formatted(shown(block.name()), block.in(), block.out()))
        .collect(Collectors.joining(", "));
  }

  /** The layers in their order, with what is to be read of the last recurrent one. */
  private List<NetworkLayer> layers(List<Block> chain) {
    List<NetworkLayer> layers = chain.stream().map(Block::layer).toList();
    int last = 0;
    for (int i = 0; i < chain.size(); i++) {
      last = chain.get(i).kind() == Kind.RECURRENT ? i : last;
    }
    if (chain.getFirst().kind() == Kind.DENSE) {
      notes.add(
          "a state dict does not say what stands between %s and %s: nothing is taken; otherwise %s"
              .formatted(chain.get(0).name(), chain.get(1).name(), CONFIG_ADVICE));
    }
    if (options.output().isEmpty() && last < chain.size() - 1) {
      notes.add(
          ("a state dict does not say which steps %s reads: all are taken; for the last step say"
                  + " --output last-step, for the final state --output final-state")
              .formatted(chain.get(last + 1).name()));
    }
    return options.output().orElse(Output.STEPS).of(layers);
  }

  private String unknown(String name) {
    return "%s %s is of a layer that is not known here"
        .formatted(shown(name), file.tensor(name).shape());
  }

  private Imported parts(List<Module> recurrent, String obstacle) {
    List<Imported.Part> parts = new ArrayList<>();
    for (Module module : recurrent) {
      RecurrentLayer layer = RecurrentLayer.of(module.layer());
      Network network = new Network(module.layer().cells().getFirst().inputSize(), List.of(layer));
      fill(network);
      parts.add(new Imported.Part(layer.name(), network));
    }
    return Imported.parts(
        file.file(),
        format,
        parts,
        "%s; %s".formatted(obstacle, CONFIG_ADVICE),
        notes,
        List.copyOf(left));
  }

  /** Reads the weights, which are then no longer among what is left. */
  private void fill(Network network) {
    for (Parameter parameter : network.parameters().all()) {
      Optional<String> name =
          Optional.of(storedName(parameter.name())).filter(file.tensors()::containsKey);
      name.ifPresent(
          stored -> {
            StoredTensor tensor = file.tensor(stored);
            Weights.fill(file.file(), tensor, parameter);
            left.remove(stored);
          });
      if (name.isEmpty()) {
        notes.add("there is no %s: it is taken as zero".formatted(parameter.name()));
      }
    }
    network.parameters().changed();
  }

  /** What a parameter is called in the file, in which the weights of a cell have no layer. */
  private String storedName(String parameter) {
    boolean ofCell =
        parameter.endsWith("_l0")
            && !file.tensors().containsKey(parameter)
            && file.tensors().containsKey(parameter.substring(0, parameter.length() - 3));
    return ofCell ? parameter.substring(0, parameter.length() - 3) : parameter;
  }
}
