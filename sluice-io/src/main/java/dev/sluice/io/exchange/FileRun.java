package dev.sluice.io.exchange;

import dev.sluice.io.ModelFileException;
import dev.sluice.io.SafetensorsFile;
import dev.sluice.io.Tensor;
import dev.sluice.matrix.Matrix;
import dev.sluice.network.Network;
import dev.sluice.network.RecurrentLayer;
import dev.sluice.tape.Backend;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A network run over the inputs in a safetensors file, see {@link Recording}, and what it gives in the
 * same layout: {@code output}, {@code h_n}, {@code c_n}.
 */
public final class FileRun {
  static final String OUTPUT = "output";

  /**
   * A tensor that the network gives.
   *
   * @param names by which files may call it
   */
  record Result(List<String> names, Tensor tensor) {
    static Result of(List<String> names, List<Integer> shape, float... data) {
      return new Result(names, new Tensor(names.getFirst(), shape, data));
    }
  }

  private final Network network;
  private final Recording recording;
  private final NetworkRun run;

  private FileRun(Network network, Recording recording, NetworkRun run) {
    this.network = network;
    this.recording = recording;
    this.run = run;
  }

  /**
   * What {@code network} gives for the inputs in {@code file}.
   *
   * @param batchFirst whether sequences stand as [B, T, ...]; else the file's metadata say so, or they
   *     stand as [T, B, ...]
   * @throws ModelFileException when the file holds no inputs, or some that do not fit the network
   */
  public static List<Tensor> results(
      Backend backend, Network network, Path file, boolean batchFirst) {
    try (SafetensorsFile stored = SafetensorsFile.open(file)) {
      FileRun run = of(backend, network, stored, batchFirst);
      return run.results(run.recording.steps()).stream().map(Result::tensor).toList();
    }
  }

  static FileRun of(Backend backend, Network network, SafetensorsFile stored, boolean batchFirst) {
    Recording recording = Recording.read(stored, network, batchFirst);
    try {
      NetworkRun run =
          NetworkRun.of(
              backend,
              network,
              recording.input(),
              recording.steps(),
              recording.initial(),
              recording.lengths());
      return new FileRun(network, recording, run);
    } catch (IllegalArgumentException e) {
      throw new ModelFileException(stored.file(), String.valueOf(e.getMessage()), e);
    }
  }

  Recording recording() {
    return recording;
  }

  /**
   * The output and the states that can be one tensor.
   *
   * @param steps of the output, if it has steps: all, or as many as the longest sequence has
   */
  List<Result> results(int steps) {
    List<Result> results = new ArrayList<>();
    results.add(Result.of(List.of(OUTPUT), outputShape(steps), output(steps)));
    for (RecurrentLayer layer : network.recurrentLayers()) {
      StateTensors state = new StateTensors(network, layer, recording.layout(), recording.batch());
      var last = Objects.requireNonNull(run.states().get(layer.name()));
      for (String part : state.parts()) {
        results.add(
            Result.of(state.names(part, "_n"), state.shape(part), state.values(last, part)));
      }
    }
    return results;
  }

  /** The shape of an output of {@code steps}. */
  List<Integer> outputShape(int steps) {
    int width = run.output().cols;
    if (run.sequences()) {
      List<Integer> shape = new ArrayList<>(recording.layout().axes(recording.batch(), steps));
      shape.add(width);
      return shape;
    }
    return recording.layout() == Recording.Layout.ONE_SEQUENCE
        ? List.of(width)
        : List.of(recording.batch(), width);
  }

  private float[] output(int steps) {
    if (!run.sequences()) {
      return run.output().toArray();
    }
    int batch = recording.batch();
    Matrix rows = Matrix.zeros(batch * steps, run.output().cols);
    for (int b = 0; b < batch; b++) {
      for (int t = 0; t < steps; t++) {
        int to = recording.layout().row(b, t, batch, steps);
        int from = b * recording.steps() + t;
        rows.rowRange(to, to + 1).copyFrom(run.output().rowRange(from, from + 1));
      }
    }
    return rows.toArray();
  }
}
