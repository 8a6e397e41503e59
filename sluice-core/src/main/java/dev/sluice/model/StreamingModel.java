package dev.sluice.model;

import dev.sluice.cell.Cell;
import dev.sluice.layer.Dense;
import dev.sluice.layer.Layer;
import dev.sluice.layer.Recurrent;
import dev.sluice.matrix.Matrix;
import dev.sluice.model.StreamLayer.Span;
import dev.sluice.parameter.Parameter;
import dev.sluice.parameter.ParameterSpec;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Backend;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A trained network made ready to run over streams, one step at a time: recurrent layers in one
 * direction, and on top of them dense heads side by side, or none.
 *
 * <pre>
 *   StreamingModel model =
 *       new StreamingModel(backend, parameters, recurrent, List.of(dense), Precision.FLOAT32);
 *   Session session = model.open();
 *   session.step(x, y);      // again and again
 * </pre>
 *
 * <p>After t steps, y is what {@link Recurrent#forward} and the heads give at the end of the sequence
 * of those t steps, bit for bit, whatever kernels and threads run; with {@link Precision#BFLOAT16},
 * what they give with rounded weights.
 *
 * <p>The weights are copied: parameters that change later do not change the model. It is immutable, and
 * any number of threads may share it, each with sessions of its own. Where the backend has several
 * threads, they share each step of a large layer; for many streams that is the slower way, and a
 * session for each stream, or a {@link SessionBatch}, the faster.
 */
public final class StreamingModel {
  /** Reading less than this takes a thread about a microsecond: not worth sharing. */
  private static final long BYTES_PER_PART = 64 << 10;

  private final Backend backend;
  private final Parameters parameters;
  private final Recurrent recurrent;
  private final List<Dense> heads;
  private final List<StreamLayer> layers = new ArrayList<>();
  private final int inputSize;
  private final int outputSize;
  private final int output; // index in the memory of a session
  private final int scratch;
  private final int memorySize;
  private final int[] parts;
  private final List<Span> state;

  /**
   * Copies and packs the weights.
   *
   * @param parameters of the layers; those of others are ignored
   * @param heads each reads the output of the last recurrent layer; the output of the model is
   *     theirs, one after the other, or without heads that of the last layer
   * @throws IllegalArgumentException when the recurrent layers read in both directions, a head does
   *     not fit, or a parameter is missing or of another shape
   */
  public StreamingModel(
      Backend backend,
      Parameters parameters,
      Recurrent recurrent,
      List<Dense> heads,
      Precision precision) {
    requireStreamable(recurrent, heads);
    this.backend = backend;
    this.recurrent = recurrent;
    this.heads = List.copyOf(heads);
    this.parameters = rounded(parameters, recurrent, heads, precision);

    this.inputSize = recurrent.cells().getFirst().inputSize();
    StreamLayers builder =
        new StreamLayers(
            backend, backend.kernels().steps(), this.parameters, precision == Precision.BFLOAT16);
    Iterator<ParameterSpec> specs = recurrent.parameters().iterator();
    int input = 0;
    int at = inputSize;
    for (Cell cell : recurrent.cells()) {
      List<String> names = cell.parameters("").stream().map(_ -> specs.next().name()).toList();
      StreamLayer layer = builder.cell(input, at, cell, names);
      layers.add(layer);
      input = layer.output();
      at += layer.memory();
    }
    output = heads.isEmpty() ? input : at;
    for (Dense head : heads) {
      StreamLayer layer = builder.head(input, at, head);
      layers.add(layer);
      at += layer.memory();
    }
    scratch = at;
    outputSize =
        heads.isEmpty() ? recurrent.outputSize() : heads.stream().mapToInt(Dense::out).sum();
    memorySize = scratch + layers.stream().mapToInt(StreamLayer::scratch).max().orElseThrow();
    state = layers.stream().flatMap(layer -> layer.state().stream()).toList();
    parts = layers.stream().mapToInt(this::partsOf).toArray();
  }

  /** A session with a state of zeros. */
  public Session open() {
    return new Session(this);
  }

  /** What steps many sessions of this model at once, on one thread at a time. */
  public SessionBatch batch() {
    return new SessionBatch(this);
  }

  /** Features of a step, I. */
  public int inputSize() {
    return inputSize;
  }

  /** What a step gives: the outputs of all heads, or the last layer's. */
  public int outputSize() {
    return outputSize;
  }

  /** What runs each layer, for people: {@code LSTM 64 -> 128, step kernel}. */
  public List<String> layers() {
    return layers.stream().map(StreamLayer::description).toList();
  }

  /** Bytes of weights that a step of one session reads: at best it takes as long as reading them. */
  public long weightBytes() {
    return layers.stream().mapToLong(StreamLayer::weightBytes).sum();
  }

  Backend backend() {
    return backend;
  }

  /** The copy of the weights, rounded. */
  Parameters parameters() {
    return parameters;
  }

  Recurrent recurrent() {
    return recurrent;
  }

  List<Dense> heads() {
    return heads;
  }

  /** Floats of a session. */
  int memorySize() {
    return memorySize;
  }

  int scratch() {
    return scratch;
  }

  /** Where in the memory of a session the output of a step is. */
  int output() {
    return output;
  }

  /** Where in the memory of a session its state is: all parts of all layers. */
  List<Span> state() {
    return state;
  }

  int layerCount() {
    return layers.size();
  }

  StreamLayer layer(int i) {
    return layers.get(i);
  }

  /** Into how many parts threads split layer i. */
  int parts(int i) {
    return parts[i];
  }

  private int partsOf(StreamLayer layer) {
    long worthwhile = Math.max(1, layer.weightBytes() / BYTES_PER_PART);
    int most = Math.min(backend.workers().threads(), layer.panels());
    return (int) Math.min(worthwhile, most);
  }

  private static Parameters rounded(
      Parameters given, Recurrent recurrent, List<Dense> heads, Precision precision) {
    List<ParameterSpec> specs =
        Stream.concat(Stream.of(recurrent), heads.stream())
            .flatMap((Layer layer) -> layer.parameters().stream())
            .toList();
    Parameters copy = new Parameters(specs);
    for (Parameter p : copy.all()) {
      Matrix value = given.get(p.name()).value();
      Matrix.requireShape(p.name(), value, p.value().rows, p.value().cols);
      p.value().copyFrom(value);
      if (p.spec().kind() == ParameterSpec.Kind.WEIGHT) {
        precision.round(p.value());
      }
    }
    copy.changed();
    return copy;
  }

  private static void requireStreamable(Recurrent recurrent, List<Dense> heads) {
    if (recurrent.bidirectional()) {
      throw new IllegalArgumentException(
          recurrent.name()
              + ": reads in both directions, and a stream has no end to read from; "
              + "stream a network that was trained in one direction");
    }
    for (Dense head : heads) {
      if (head.in() != recurrent.outputSize()) {
        throw new IllegalArgumentException(
            "%s: takes %d inputs, but the last recurrent layer gives %d"
                .formatted(head.name(), head.in(), recurrent.outputSize()));
      }
    }
  }
}
