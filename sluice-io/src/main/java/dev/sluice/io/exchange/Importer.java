package dev.sluice.io.exchange;

import dev.sluice.io.Imported;
import dev.sluice.io.ModelFileException;
import dev.sluice.io.NetworkArchitecture;
import dev.sluice.io.SafetensorsFile;
import dev.sluice.io.TensorFile;
import dev.sluice.io.keras.KerasContents;
import dev.sluice.io.keras.KerasPart;
import dev.sluice.io.keras.KerasReader;
import dev.sluice.io.onnx.OnnxContents;
import dev.sluice.io.onnx.OnnxNetwork;
import dev.sluice.io.onnx.OnnxNetwork.Layout;
import dev.sluice.io.onnx.OnnxReader;
import dev.sluice.io.pytorch.PyTorchFile;
import dev.sluice.io.pytorch.StateDict;
import dev.sluice.io.pytorch.StateDictOptions;
import dev.sluice.io.pytorch.StateDictOptions.Nonlinearity;
import dev.sluice.io.pytorch.StateDictOptions.Output;
import dev.sluice.io.tensorflow.TensorFlowCells;
import dev.sluice.io.tensorflow.TensorFlowFile;
import dev.sluice.network.Network;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a network from a file of another framework: finds out what the file is, and has its reader read
 * it.
 */
public final class Importer {
  private static final String MODE = "mode";
  private static final String TF1 = "TF1 variables";

  private Importer() {}

  /**
   * Reads {@code file}.
   *
   * @throws ModelFileException when it is missing, damaged, of no known kind, or holds no recurrent
   *     layer; and when an option is given that is not for such a file
   */
  public static Imported read(Path file, ImportOptions options) {
    FileKind kind = FileKind.of(file);
    requireUse(
        file,
        "--key",
        options.key().isPresent(),
        kind == FileKind.PYTORCH,
        "checkpoints of PyTorch");
    boolean bare = kind == FileKind.PYTORCH || kind == FileKind.SAFETENSORS;
    requireUse(
        file,
        "--config",
        options.config().isPresent(),
        bare || kind == FileKind.KERAS,
        "files that hold weights and no architecture");
    requireUse(
        file,
        "--nonlinearity",
        options.unsaid().nonlinearity().isPresent(),
        bare && options.config().isEmpty(),
        "files that hold weights and no architecture, and without --config");
    requireUse(
        file,
        "--output",
        options.unsaid().output().isPresent(),
        (bare || kind == FileKind.KERAS || kind == FileKind.TENSORFLOW)
            && options.config().isEmpty(),
        "files that hold weights and no architecture, and without --config");
    requireUse(
        file,
        "--recurrent-activation",
        options.recurrentActivation().isPresent(),
        kind == FileKind.KERAS && options.config().isEmpty(),
        "files of Keras, and without --config");
    requireUse(
        file,
        "--forget-bias",
        options.forgetBias().isPresent(),
        kind == FileKind.TENSORFLOW,
        "files of TF1");
    return switch (kind) {
      case SAFETENSORS -> readSafetensors(file, options);
      case PYTORCH -> readPyTorch(file, options);
      case ONNX -> readOnnx(file);
      case KERAS -> readKeras(file, options);
      case TENSORFLOW -> readTensorFlow(file, options);
    };
  }

  private static Imported readSafetensors(Path file, ImportOptions options) {
    try (SafetensorsFile stored = SafetensorsFile.open(file)) {
      return readStateDict(
          stored, "safetensors with PyTorch's names", options, said(stored.metadata(), options));
    }
  }

  /** What the metadata of a recording say, where the user says nothing: {@code mode} RNN_RELU. */
  private static StateDictOptions said(Map<String, String> metadata, ImportOptions options) {
    String mode = metadata.getOrDefault(MODE, "");
    Optional<Nonlinearity> said =
        mode.startsWith("RNN_RELU")
            ? Optional.of(Nonlinearity.RELU)
            : mode.startsWith("RNN_TANH") ? Optional.of(Nonlinearity.TANH) : Optional.empty();
    return new StateDictOptions(
        options.unsaid().nonlinearity().or(() -> said), options.unsaid().output());
  }

  private static Imported readPyTorch(Path file, ImportOptions options) {
    try (PyTorchFile stored =
        options
            .key()
            .map(key -> PyTorchFile.open(file, key))
            .orElseGet(() -> PyTorchFile.open(file))) {
      return readStateDict(stored, "PyTorch state dict", options, options.unsaid());
    }
  }

  private static Imported readStateDict(
      TensorFile stored, String format, ImportOptions options, StateDictOptions unsaid) {
    return options
        .config()
        .map(layers -> StateDict.read(stored, format, NetworkArchitecture.read(layers)))
        .orElseGet(() -> StateDict.read(stored, format, unsaid));
  }

  private static Imported readOnnx(Path file) {
    OnnxContents contents = OnnxReader.read(file);
    String format = "ONNX model";
    if (contents.network().isPresent()) {
      OnnxNetwork model = contents.network().get();
      return Imported.whole(file, format, model.network(), layoutNotes(model.layout()), List.of());
    }
    if (contents.layers().isEmpty()) {
      throw new ModelFileException(
          file,
          "holds no recurrent layer with constant weights; it holds %s"
              .formatted(ModelFileException.shown(contents.others())));
    }
    List<Imported.Part> parts = new ArrayList<>();
    contents.layers().forEach(layer -> parts.add(new Imported.Part(layer.name(), layer.network())));
    return Imported.parts(file, format, parts, contents.obstacle(), List.of(), contents.others());
  }

  private static List<String> layoutNotes(Layout layout) {
    return switch (layout) {
      case TIME_MAJOR -> List.of();
      case BATCH_MAJOR ->
          List.of("the model reads [B, T, ...]: say --batch-first when you verify and export");
      case ONE_STEP -> List.of("the model reads one step in each run, [B, ...]");
    };
  }

  private static Imported readKeras(Path file, ImportOptions options) {
    KerasContents contents = kerasContents(file, options);
    String format = "Keras model";
    if (contents.network().isPresent()) {
      Network network = contents.network().get();
      return options
          .unsaid()
          .output()
          .map(
              o ->
                  Imported.whole(file, format, with(file, network, o), contents.notes(), List.of()))
          .orElseGet(() -> Imported.whole(file, format, network, kerasNotes(contents), List.of()));
    }
    List<String> left = new ArrayList<>();
    List<Imported.Part> parts = new ArrayList<>();
    for (KerasPart part : contents.parts()) {
      if (part.network().recurrentLayers().isEmpty()) {
        left.add("%s (%s)".formatted(part.name(), part.kind()));
      } else {
        parts.add(new Imported.Part(part.name(), part.network()));
      }
    }
    left.addAll(contents.others());
    return Imported.parts(file, format, parts, contents.obstacle(), contents.notes(), left);
  }

  private static KerasContents kerasContents(Path file, ImportOptions options) {
    try {
      return options
          .config()
          .map(config -> KerasReader.read(file, config))
          .orElseGet(() -> KerasReader.read(file, options.recurrentActivation()));
    } catch (IllegalArgumentException e) {
      throw new ModelFileException(file, "--recurrent-activation: %s".formatted(e.getMessage()), e);
    }
  }

  /** The notes, with the option that changes what was presumed of the output. */
  private static List<String> kerasNotes(KerasContents contents) {
    List<String> notes = new ArrayList<>(contents.notes());
    if (notes.stream().anyMatch(note -> note.contains("return_sequences is presumed"))) {
      notes.add(
          "for other return_sequences of the last recurrent layer say --output steps or --output"
              + " final-state");
    }
    return notes;
  }

  /** The same weights with another output of the last recurrent layer. */
  private static Network with(Path file, Network network, Output output) {
    try {
      return new Network(network.inputWidth(), output.of(network.layers()), network.parameters());
    } catch (IllegalArgumentException e) {
      throw new ModelFileException(
          file, "--output does not fit its layers: %s".formatted(e.getMessage()), e);
    }
  }

  private static Imported readTensorFlow(Path path, ImportOptions options) {
    try (TensorFlowFile file = TensorFlowFile.open(path)) {
      TensorFlowCells found =
          TensorFlowCells.of(file, options.forgetBias().orElse(TensorFlowCells.FORGET_BIAS));
      List<Imported.Part> parts = TensorFlowLayers.of(found.cells());
      if (parts.isEmpty()) {
        throw new ModelFileException(
            path,
            "holds no recurrent cell; it holds %s"
                .formatted(ModelFileException.shown(found.others())));
      }
      List<String> notes = tensorFlowNotes(found, options.forgetBias());
      Optional<TensorFlowChain> chain = TensorFlowChain.of(parts, file, found.others());
      if (options.unsaid().output().isPresent()) {
        Output output = options.unsaid().output().get();
        return chain
            .map(whole -> whole.imported(file.file(), TF1, output, notes, found.others()))
            .orElseThrow(
                () ->
                    new ModelFileException(
                        path,
                        "--output: beside one recurrent layer it holds no embedding and dense layer"
                            + " that fit it alone; leave it out to take recurrent layers"));
      }
      if (parts.size() == 1 && found.others().isEmpty()) {
        return Imported.whole(file.file(), TF1, parts.getFirst().network(), notes, List.of());
      }
      chain.ifPresent(whole -> notes.add(whole.advice()));
      String obstacle = "variables do not say how layers follow each other";
      return Imported.parts(file.file(), TF1, parts, obstacle, notes, found.others());
    }
  }

  private static List<String> tensorFlowNotes(TensorFlowCells found, Optional<Float> forgetBias) {
    List<String> notes =
        new ArrayList<>(
            found.cells().stream()
                .flatMap(cell -> cell.assumptions().stream())
                .distinct()
                .toList());
    if (forgetBias.isEmpty() && notes.stream().anyMatch(note -> note.contains("forget_bias"))) {
      notes.add("for another forget bias say --forget-bias");
    }
    return notes;
  }

  private static void requireUse(
      Path file, String option, boolean given, boolean suits, String what) {
    if (given && !suits) {
      throw new ModelFileException(file, "%s is for %s; leave it out".formatted(option, what));
    }
  }
}
