package dev.sluice.cli;

import dev.sluice.data.TextLines;
import dev.sluice.io.AtomicFile;
import dev.sluice.io.SafetensorsWriter;
import dev.sluice.io.Tensor;
import dev.sluice.io.exchange.FileRun;
import dev.sluice.io.exchange.NetworkRun;
import dev.sluice.matrix.Matrix;
import dev.sluice.network.Network;
import dev.sluice.tape.Backend;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What {@code predict} does with a network: a line of JSON for each line of JSON, or a file of tensors for
 * a file of tensors.
 */
final class NetworkPrediction {
  private final Network network;
  private final Backend backend;

  NetworkPrediction(Network network, Backend backend) {
    this.network = network;
    this.backend = backend;
  }

  /** Writes what the network gives for the inputs in {@code input}, [B, T, ...] or [T, B, ...]. */
  void answer(Path input, Path output, boolean batchFirst) {
    List<Tensor> results = FileRun.results(backend, network, input, batchFirst);
    AtomicFile.write(output, file -> SafetensorsWriter.write(file, Map.of(), results));
  }

  /** Answers the lines, those that are there together, until there are no more or nobody reads on. */
  void answer(TextLines input, PrintWriter out) {
    LineBatches lines = new LineBatches(input);
    long number = 0;
    for (List<String> batch = lines.next(); !batch.isEmpty(); batch = lines.next()) {
      List<SequenceLine> sequences = new ArrayList<>();
      for (String line : batch) {
        sequences.add(SequenceLine.parse(++number, line, network.inputWidth()));
      }
      answer(sequences, out);
      if (out.checkError()) {
        return;
      }
    }
  }

  private void answer(List<SequenceLine> lines, PrintWriter out) {
    int[] lengths = lines.stream().mapToInt(SequenceLine::steps).toArray();
    int steps = lines.stream().mapToInt(SequenceLine::steps).max().orElse(1);
    int features = network.inputWidth();
    float[] padded = SequenceLine.padded(lines, steps, features);
    NetworkRun run = run(Matrix.of(lines.size() * steps, features, padded), steps, lengths);
    for (int b = 0; b < lengths.length; b++) {
      out.println(run.sequences() ? steps(run, b * steps, lengths[b]) : vector(run.output(), b));
    }
    out.flush();
  }

  private NetworkRun run(Matrix input, int steps, int... lengths) {
    try {
      return NetworkRun.of(backend, network, input, steps, Map.of(), lengths);
    } catch (IllegalArgumentException e) {
      throw new UserException(String.valueOf(e.getMessage()), e);
    }
  }

  private static String steps(NetworkRun run, int first, int count) {
    List<String> steps = new ArrayList<>();
    for (int t = 0; t < count; t++) {
      steps.add(vector(run.output(), first + t));
    }
    return "[%s]".formatted(String.join(",", steps));
  }

  private static String vector(Matrix output, int row) {
    List<String> numbers = new ArrayList<>();
    for (int c = 0; c < output.cols; c++) {
      float number = output.get(row, c);
      numbers.add(Float.isFinite(number) ? Float.toString(number) : "null");
    }
    return "[%s]".formatted(String.join(",", numbers));
  }
}
