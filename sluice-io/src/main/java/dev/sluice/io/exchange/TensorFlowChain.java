package dev.sluice.io.exchange;

import dev.sluice.io.Imported;
import dev.sluice.io.ModelFileException;
import dev.sluice.io.StoredTensor;
import dev.sluice.io.TensorFile;
import dev.sluice.io.pytorch.StateDictOptions.Output;
import dev.sluice.layer.Dense;
import dev.sluice.layer.Embedding;
import dev.sluice.matrix.Matrix;
import dev.sluice.network.DenseLayer;
import dev.sluice.network.EmbeddingLayer;
import dev.sluice.network.Network;
import dev.sluice.network.NetworkLayer;
import dev.sluice.parameter.Parameter;
import dev.sluice.parameter.Parameters;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A model of TF1 whose variables allow one order only: an embedding, a recurrent layer, a dense layer, of
 * which the first or the last may be missing. Variables do not say what the dense layer reads, so the user
 * must.
 *
 * @param recurrent the only recurrent layer of the checkpoint
 * @param embedding a matrix that is called so, as wide as what the recurrent layer reads
 * @param kernel of the dense layer, (units, out)
 * @param bias of the dense layer
 */
record TensorFlowChain(
    Imported.Part recurrent,
    Optional<StoredTensor> embedding,
    Optional<StoredTensor> kernel,
    Optional<StoredTensor> bias) {

  /** The chain that {@code others} make with the only one of {@code parts}; nothing when they make none. */
  static Optional<TensorFlowChain> of(
      List<Imported.Part> parts, TensorFile file, List<String> others) {
    List<StoredTensor> arrays =
        others.stream().map(file::tensor).filter(TensorFlowChain::isArray).toList();
    if (parts.size() != 1 || arrays.isEmpty()) {
      return Optional.empty();
    }
    TensorFlowChain chain =
        new TensorFlowChain(
            parts.getFirst(),
            first(arrays, array -> rank(array) == 2 && isEmbedding(array)),
            first(arrays, array -> rank(array) == 2 && !isEmbedding(array)),
            first(arrays, array -> rank(array) == 1));
    return chain.variables().count() == arrays.size() && chain.fits()
        ? Optional.of(chain)
        : Optional.empty();
  }

  /** Single numbers, such as a learning rate, and counters are no layers. */
  private static boolean isArray(StoredTensor tensor) {
    return rank(tensor) > 0 && tensor.type().isReal();
  }

  private static int rank(StoredTensor tensor) {
    return tensor.shape().size();
  }

  private static boolean isEmbedding(StoredTensor tensor) {
    return tensor.name().toLowerCase(Locale.ROOT).contains("emb");
  }

  private static Optional<StoredTensor> first(
      List<StoredTensor> arrays, Predicate<StoredTensor> wanted) {
    return arrays.stream().filter(wanted).findFirst();
  }

  private Stream<StoredTensor> variables() {
    return Stream.of(embedding, kernel, bias).flatMap(Optional::stream);
  }

  private boolean fits() {
    int inputs = recurrent.network().inputWidth();
    int outputs = recurrent.network().outputShape().width();
    return embedding.stream().allMatch(table -> columns(table) == inputs)
        && kernel.stream().allMatch(k -> rows(k) == outputs)
        && bias.stream().allMatch(b -> kernel.stream().anyMatch(k -> columns(k) == columns(b)));
  }

  /** What to say when it is not asked for. */
  String advice() {
    return "the shapes of %s allow the model %s: to take it, say what the dense layer reads with --output"
            .formatted(
                ModelFileException.shown(variables().map(StoredTensor::name).toList()),
                layers().stream().map(NetworkLayer::name).toList())
        + " steps, last-step or final-state";
  }

  /** The network, the dense layer of which reads {@code output}. */
  Imported imported(
      Path file, String format, Output output, List<String> notes, List<String> others) {
    List<String> left = new ArrayList<>(others);
    variables().map(StoredTensor::name).forEach(left::remove);
    List<String> all = new ArrayList<>(notes);
    kernel.ifPresent(k -> all.add("%s gives its sums: no activation is taken".formatted(name(k))));
    return Imported.whole(file, format, network(output.of(layers())), all, left);
  }

  private List<NetworkLayer> layers() {
    List<NetworkLayer> layers = new ArrayList<>();
    embedding.ifPresent(
        t -> layers.add(new EmbeddingLayer(new Embedding(name(t), rows(t), columns(t)), false)));
    layers.addAll(recurrent.network().layers());
    kernel.ifPresent(k -> layers.add(new DenseLayer(new Dense(name(k), rows(k), columns(k)))));
    return layers;
  }

  private static int rows(StoredTensor matrix) {
    return matrix.shape().getFirst();
  }

  private static int columns(StoredTensor matrix) {
    return matrix.shape().getLast();
  }

  private Network network(List<NetworkLayer> layers) {
    int width = embedding.isPresent() ? 1 : recurrent.network().inputWidth();
    Network network = new Network(width, layers);
    Parameters parameters = network.parameters();
    for (Parameter own : recurrent.network().parameters().all()) {
      parameters.get(own.name()).value().copyFrom(own.value());
    }
    embedding.ifPresent(table -> copy(table, parameters, name(table) + ".weight"));
    kernel.ifPresent(k -> copy(k, parameters, name(k) + ".weight"));
    bias.ifPresent(b -> copy(b, parameters, name(kernel.orElseThrow()) + ".bias"));
    parameters.changed();
    return network;
  }

  private static void copy(StoredTensor from, Parameters parameters, String to) {
    Matrix value = parameters.get(to).value();
    value.copyFrom(Matrix.of(value.rows, value.cols, from.floats()));
  }

  /** {@code rnnlm/softmax_w} is of the layer {@code rnnlm.softmax}. */
  private static String name(StoredTensor variable) {
    return variable.name().replaceFirst("[/_](?:kernel|weights?|[wW])$", "").replace('/', '.');
  }
}
