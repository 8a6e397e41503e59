package dev.sluice.io.exchange;

import dev.sluice.io.AtomicFile;
import dev.sluice.io.ModelFileException;
import dev.sluice.io.SafetensorsWriter;
import dev.sluice.io.keras.KerasWriter;
import dev.sluice.io.onnx.OnnxNetwork;
import dev.sluice.io.onnx.OnnxNetwork.Layout;
import dev.sluice.io.onnx.OnnxNetwork.Port;
import dev.sluice.io.onnx.OnnxWriter;
import dev.sluice.io.pytorch.PyTorchWriter;
import dev.sluice.network.EmbeddingLayer;
import dev.sluice.network.MaskingLayer;
import dev.sluice.network.Network;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Writes a network as a file of another framework, all of it or nothing. */
public final class Exporter {
  /** What can be written. */
  public enum Target {
    PYTORCH,
    KERAS,
    ONNX,
    SAFETENSORS
  }

  private static final Pattern KERAS_WEIGHTS = Pattern.compile(".*\\.(?:h5|hdf5)");

  private Exporter() {}

  /**
   * Writes {@code network} to {@code file}, replacing what it holds. Of Keras, a file called {@code .h5} or
   * {@code .hdf5} holds the weights only, any other the whole model.
   *
   * @return what is different in the file, or has to be known to use it
   * @throws ModelFileException when the format cannot say what a layer does, or the file system refuses
   */
  public static List<String> write(
      Path file, Target target, Network network, ExportOptions options) {
    try {
      return switch (target) {
        case PYTORCH -> {
          StateDictExport weights = StateDictExport.of(network);
          AtomicFile.write(file, to -> PyTorchWriter.write(to, weights.tensors()));
          yield weights.notes();
        }
        case SAFETENSORS -> {
          StateDictExport weights = StateDictExport.of(network);
          AtomicFile.write(file, to -> SafetensorsWriter.write(to, Map.of(), weights.tensors()));
          yield weights.notes();
        }
        case KERAS -> {
          boolean weights = KERAS_WEIGHTS.matcher(file.toString()).matches();
          AtomicFile.write(
              file,
              to -> {
                if (weights) {
                  KerasWriter.writeWeights(to, network);
                } else {
                  KerasWriter.writeModel(to, network);
                }
              });
          yield List.of();
        }
        case ONNX -> {
          OnnxNetwork model = onnx(network, options);
          AtomicFile.write(file, to -> OnnxWriter.write(to, model));
          yield onnxNotes(model);
        }
      };
    } catch (IllegalArgumentException e) {
      throw new ModelFileException(file, "cannot be written: " + e.getMessage(), e);
    }
  }

  private static OnnxNetwork onnx(Network network, ExportOptions options) {
    Set<Port> ports = EnumSet.noneOf(Port.class);
    if (masks(network)) {
      ports.add(Port.LENGTHS);
    }
    if (options.states()) {
      ports.addAll(EnumSet.of(Port.INITIAL_STATES, Port.FINAL_STATES));
    }
    Layout layout = options.batchFirst() ? Layout.BATCH_MAJOR : Layout.TIME_MAJOR;
    return new OnnxNetwork(network, layout, ports);
  }

  private static boolean masks(Network network) {
    return network.layers().stream()
        .anyMatch(
            layer ->
                layer instanceof MaskingLayer
                    || (layer instanceof EmbeddingLayer embedding && embedding.maskZero()));
  }

  private static List<String> onnxNotes(OnnxNetwork model) {
    String layout =
        model.layout() == Layout.TIME_MAJOR
            ? "the input is [T, B, ...]; for [B, T, ...] say --batch-first"
            : "the input is [B, T, ...]";
    return model.ports().contains(Port.LENGTHS)
        ? List.of(
            layout,
            "ONNX has no masks: the input lengths, [B], says how many steps of each sequence are"
                + " real")
        : List.of(layout);
  }
}
