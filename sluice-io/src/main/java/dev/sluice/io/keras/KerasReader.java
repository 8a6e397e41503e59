package dev.sluice.io.keras;

import static dev.sluice.io.ModelFileException.shown;

import dev.sluice.io.ModelFileException;
import dev.sluice.io.TensorFile;
import dev.sluice.io.ZipArchive;
import dev.sluice.io.dialect.ActivationNames;
import dev.sluice.io.hdf5.Hdf5File;
import dev.sluice.io.hdf5.Hdf5Group;
import dev.sluice.network.Network;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads recurrent networks out of the files of Keras 1, 2, tf.keras and 3: {@code .h5} or {@code .hdf5} with
 * a whole model or with its weights only, {@code .keras}, and {@code .weights.h5}; by what is in them and not
 * by their names. A Sequential or functional model that is a chain of supported layers is rebuilt whole; of
 * any other the embedding, recurrent and dense layers are taken one by one, and the rest is listed.
 *
 * <p>Weights without a configuration are made a chain by their names and shapes; what was presumed for that
 * is said in the notes.
 *
 * <p>Files are not trusted, see {@link Hdf5File}. Nothing that a file names is looked up or run.
 */
public final class KerasReader {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build(); // as Python

  private final Path file;
  private final Optional<String> recurrentActivation;
  private final Notes notes = new Notes();

  private KerasReader(Path file, Optional<String> recurrentActivation) {
    this.file = file;
    this.recurrentActivation = recurrentActivation;
  }

  /**
   * Reads {@code file}.
   *
   * @throws ModelFileException when it is missing, damaged, no file of Keras, or its weights are not those
   *     of its layers
   */
  public static KerasContents read(Path file) {
    return read(file, Optional.empty());
  }

  /**
   * Reads {@code file}.
   *
   * @param recurrentActivation the activation of the gates of LSTMs and GRUs by Keras's name, {@code
   *     sigmoid} or {@code hard_sigmoid}, should the file not say it; when empty, the default of the
   *     Keras that wrote the file is presumed and the notes say so
   * @throws ModelFileException as {@link #read(Path)}
   * @throws IllegalArgumentException when there is no such activation
   */
  public static KerasContents read(Path file, Optional<String> recurrentActivation) {
    recurrentActivation.ifPresent(name -> ActivationNames.keras(name, true)); // fails by name
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = TensorFile.map(file, "Keras file", arena);
      KerasReader reader = new KerasReader(file, recurrentActivation);
      return ZipArchive.is(bytes)
          ? reader.readArchive(new ZipArchive(file, bytes, "Keras"))
          : reader.readHdf5(Hdf5File.of(file, reader.weights(bytes)).root());
    }
  }

  /**
   * Reads the weights of {@code file} into the architecture that {@code model.to_json()} gave.
   *
   * @param architecture a JSON file; it is followed even when {@code file} holds one itself
   * @throws ModelFileException as {@link #read(Path)}
   */
  public static KerasContents read(Path file, Path architecture) {
    try (Arena arena = Arena.ofConfined()) {
      String json = text(TensorFile.map(architecture, "model.to_json()", arena));
      JsonNode config = parse(architecture, "the architecture", json);
      String version = config.path("keras_version").asString("");
      MemorySegment bytes = TensorFile.map(file, "Keras file", arena);
      KerasReader reader = new KerasReader(file, Optional.empty());
      Hdf5Group root = Hdf5File.of(file, reader.weights(bytes)).root();
      reader.requireWeights(root);
      return reader.whole(config, version, layers -> reader.arrays(root, layers));
    }
  }

  /** The HDF5 file that it is, or that is in it. */
  private MemorySegment weights(MemorySegment bytes) {
    if (ZipArchive.is(bytes)) {
      return entry(new ZipArchive(file, bytes, "Keras"), "model.weights.h5");
    }
    if (!Hdf5File.is(bytes)) {
      throw new ModelFileException(
          file,
          "begins neither as an HDF5 file nor as a zip file; is it a file of Keras, and whole?");
    }
    return bytes;
  }

  private void requireWeights(Hdf5Group root) {
    if (!LegacyArrays.are(root) && !Keras3Arrays.are(root)) {
      throw new ModelFileException(
          file,
          "is an HDF5 file without weights of Keras (layer_names, or layers); it holds %s"
              .formatted(shown(root.names())));
    }
  }

  /** A {@code .keras} file. */
  private KerasContents readArchive(ZipArchive zip) {
    JsonNode config = parse(file, "config.json", text(entry(zip, "config.json")));
    String version =
        zip.find("metadata.json")
            .map(
                json -> parse(file, "metadata.json", text(json)).path("keras_version").asString(""))
            .orElse("");
    Hdf5Group root = Hdf5File.of(file, entry(zip, "model.weights.h5")).root();
    return whole(config, version, layers -> new Keras3Arrays(root, layers));
  }

  private KerasContents readHdf5(Hdf5Group root) {
    requireWeights(root);
    Optional<String> json = LegacyArrays.text(root, "model_config");
    String version =
        LegacyArrays.text(root, "keras_version")
            .or(() -> root.group("model_weights").flatMap(g -> g.text("keras_version")))
            .orElse("");
    if (json.isPresent()) {
      JsonNode config = parse(file, "model_config", json.get());
      return whole(config, version, layers -> arrays(root, layers));
    }
    LayerArrays arrays = arrays(root, List.of());
    Inference inference = new Inference(arrays.all(), version, recurrentActivation, notes);
    List<LayerConfig> layers = inference.layers(LegacyArrays.are(root));
    return contents(new ModelConfig(layers, layers, ""), isKeras3(version), arrays);
  }

  private LayerArrays arrays(Hdf5Group root, List<LayerConfig> layers) {
    return LegacyArrays.are(root) ? new LegacyArrays(file, root) : new Keras3Arrays(root, layers);
  }

  /** A model with its configuration. */
  private KerasContents whole(
      JsonNode json, String version, Function<List<LayerConfig>, LayerArrays> arrays) {
    try {
      ModelConfig config = ModelConfig.of(json);
      return contents(config, isKeras3(version), arrays.apply(config.layers()));
    } catch (Unsupported e) {
      throw new ModelFileException(file, String.valueOf(e.getMessage()));
    }
  }

  private KerasContents contents(ModelConfig config, boolean keras3, LayerArrays arrays) {
    String obstacle = config.obstacle();
    if (obstacle.isEmpty()) {
      try {
        Network network = build(config.chain(), keras3, arrays);
        return new KerasContents(Optional.of(network), List.of(), List.of(), "", notes.all());
      } catch (Unsupported e) {
        obstacle = String.valueOf(e.getMessage());
      }
    }
    List<KerasPart> parts = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (LayerConfig layer : config.layers()) {
      try {
        parts.add(new KerasPart(layer.name(), layer.kind(), build(List.of(layer), keras3, arrays)));
      } catch (Unsupported e) {
        int count = arrays.of(layer).size();
        others.add(
            "%s (%s%s)"
                .formatted(
                    shown(layer.name()),
                    layer.kind(),
                    count == 0 ? "" : ", arrays of weights: " + count));
      }
    }
    return new KerasContents(Optional.empty(), parts, others, obstacle, notes.all());
  }

  private Network build(List<LayerConfig> layers, boolean keras3, LayerArrays arrays) {
    NetworkDraft draft = new NetworkDraft(layers.stream().map(LayerConfig::name).toList());
    LayerReader reader = new LayerReader(file, keras3, draft, notes);
    try {
      layers.forEach(layer -> reader.add(layer, arrays.of(layer)));
      return draft.build();
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new Unsupported("the layers do not make a network: %s", String.valueOf(e.getMessage()));
    }
  }

  /** Keras 3 changed what hard_sigmoid is. */
  private static boolean isKeras3(String version) {
    return version.startsWith("3");
  }

  private static JsonNode parse(Path file, String what, String json) {
    try {
      return JSON.readTree(json);
    } catch (JacksonException e) {
      throw new ModelFileException(
          file,
          "%s is no valid JSON (%s); the file is damaged".formatted(what, e.getOriginalMessage()),
          e);
    }
  }

  private MemorySegment entry(ZipArchive zip, String name) {
    return zip.find(name)
        .orElseThrow(
            () ->
                new ModelFileException(
                    file,
                    "is a zip file without %s; it holds %s, and a file of Keras 3 config.json and model.weights.h5"
                        .formatted(name, shown(zip.names()))));
  }

  private static String text(MemorySegment utf8) {
    return new String(utf8.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
  }
}
