package dev.sluice.network;

import dev.sluice.layer.State;
import dev.sluice.parameter.Parameters;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A chain of layers and its parameters: Keras's {@code Sequential}, PyTorch's {@code nn.Sequential}, and
 * what a file of another framework becomes.
 *
 * <p>A network is not changed by running it; any number of threads may run one, each on a tape of its
 * own.
 */
public final class Network {
  private final int inputWidth;
  private final List<NetworkLayer> layers;
  private final Parameters parameters;

  /**
   * A network whose parameters are all zero: to be initialised, or read from a file.
   *
   * @param inputWidth features of a step of the input; 1 for numbers of tokens
   * @throws IllegalArgumentException when a layer does not fit the one before it, or a name occurs twice
   */
  public Network(int inputWidth, List<? extends NetworkLayer> layers) {
    this(inputWidth, layers, parametersOf(inputWidth, layers));
  }

  /**
   * A network with the parameters of a model that has the same ones, such as a classifier: they are
   * shared, not copied.
   *
   * @throws IllegalArgumentException when a layer does not fit the one before it, a name occurs twice, or
   *     there is no parameter that a layer needs
   */
  public Network(int inputWidth, List<? extends NetworkLayer> layers, Parameters parameters) {
    this.inputWidth = inputWidth;
    this.layers = List.copyOf(layers);
    this.parameters = parameters;
    requireChain(inputWidth, layers);
    this.layers.stream()
        .flatMap(layer -> layer.parameters().stream())
        .forEach(spec -> parameters.get(spec.name()));
  }

  /**
   * What a run gives.
   *
   * @param output of the last layer
   * @param states by the name of the recurrent layer, its final state
   */
  public record Result(Features output, Map<String, State> states) {}

  public int inputWidth() {
    return inputWidth;
  }

  public List<NetworkLayer> layers() {
    return layers;
  }

  public Parameters parameters() {
    return parameters;
  }

  /** The shape of the output. */
  public Shape outputShape() {
    return shape(inputWidth, layers);
  }

  /** The recurrent layers, in their order. */
  public List<RecurrentLayer> recurrentLayers() {
    return layers.stream()
        .filter(RecurrentLayer.class::isInstance)
        .map(RecurrentLayer.class::cast)
        .toList();
  }

  /** Runs from states of zeros. */
  public Features forward(Features x) {
    return forward(x, Map.of()).output();
  }

  /**
   * Runs from given states.
   *
   * @param initial by the name of the recurrent layer, its state; a layer that is not named starts from
   *     zeros
   * @throws IllegalArgumentException when the input has another width, a state another shape, or there
   *     is no recurrent layer of such a name
   */
  public Result forward(Features x, Map<String, State> initial) {
    requireInput(x, initial.keySet());
    Map<String, State> states = new LinkedHashMap<>();
    Features features = x;
    for (NetworkLayer layer : layers) {
      if (layer instanceof RecurrentLayer recurrent) {
        State start = initial.getOrDefault(layer.name(), recurrent.zeroState(features));
        RecurrentLayer.Result result = recurrent.forward(features, start);
        states.put(layer.name(), result.state());
        features = result.output();
      } else {
        features = layer.forward(features);
      }
    }
    return new Result(features, states);
  }

  private static Parameters parametersOf(int inputWidth, List<? extends NetworkLayer> layers) {
    requireChain(inputWidth, layers); // before memory is taken
    return new Parameters(layers.stream().flatMap(layer -> layer.parameters().stream()).toList());
  }

  /** Fails when a layer does not fit the one before it, or a name occurs twice. */
  private static void requireChain(int inputWidth, List<? extends NetworkLayer> layers) {
    shape(inputWidth, layers);
    Set<String> names = new HashSet<>();
    for (NetworkLayer layer : layers) {
      if (!names.add(layer.name())) {
        throw new IllegalArgumentException(
            "two layers are called %s; layers are told apart by their names"
                .formatted(layer.name()));
      }
    }
  }

  private static Shape shape(int inputWidth, List<? extends NetworkLayer> layers) {
    Shape shape = Shape.sequences(inputWidth);
    for (NetworkLayer layer : layers) {
      shape = layer.shape(shape);
    }
    return shape;
  }

  private void requireInput(Features x, Set<String> states) {
    if (x.width() != inputWidth) {
      throw new IllegalArgumentException(
          "expected an input of %d features, got %d".formatted(inputWidth, x.width()));
    }
    List<String> recurrent = recurrentLayers().stream().map(NetworkLayer::name).toList();
    for (String name : states) {
      if (!recurrent.contains(name)) {
        throw new IllegalArgumentException(
            "there is an initial state for %s, but the recurrent layers are %s"
                .formatted(name, recurrent));
      }
    }
  }
}
