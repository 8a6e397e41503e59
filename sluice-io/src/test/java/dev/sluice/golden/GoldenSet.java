package dev.sluice.golden;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The golden cases of one file or folder, and where to find them. A set is known by what is inside:
 * a folder of safetensors files, or a JSON file by its {@code format}.
 *
 * @param name of the folder, or of the file without {@code .json}
 */
record GoldenSet(String name, List<Golden> cases) {
  /** Where the numbers that travel with Sluice are. */
  static final Path RESOURCES = resources();

  /** A reader for each {@code format} of a JSON file. */
  private static final Map<String, Function<JsonNode, List<Golden>>> JSON_FORMATS =
      Map.of(
          "rnn-golden/1 (pytorch)", PyTorchJson::cases,
          "rnn-golden/1 (tf1 recorded graphs)", Tf1Graphs::cases,
          "rnn-golden/1 (onnx op)", OnnxJson::cases,
          "rnn-golden/1 (tflite)", TfliteJson::cases,
          "rnn-golden/1 (keras-js)", KerasJsJson::cases,
          "rnn-golden/1 (training)", TfjsTrainingJson::cases,
          "rnn-golden/1", GoldenSet::unitTests);

  @Override
  public String toString() {
    return name;
  }

  /**
   * All sets in {@code folder}: JSON files in it, safetensors files in it or one level below. What
   * no reader knows is named on stdout.
   */
  static List<GoldenSet> in(Path folder) {
    List<GoldenSet> sets = new ArrayList<>();
    List<Path> folders = new ArrayList<>(List.of(folder));
    folders.addAll(list(folder, Files::isDirectory));
    for (Path candidate : folders) {
      List<Path> files = list(candidate, f -> f.toString().endsWith(".safetensors"));
      if (!files.isEmpty()) {
        List<Golden> cases = files.stream().map(f -> (Golden) TorchSafetensors.read(f)).toList();
        sets.add(new GoldenSet(fileName(candidate), cases));
      }
    }
    for (Path file : list(folder, f -> f.toString().endsWith(".json"))) {
      JsonNode json = JsonMapper.shared().readTree(file);
      String format = json.path("format").asString("none");
      String name = fileName(file).replace(".json", "");
      if (JSON_FORMATS.containsKey(format)) {
        sets.add(new GoldenSet(name, JSON_FORMATS.get(format).apply(json)));
      } else {
        System.out.printf("golden %s: no reader for format \"%s\"%n", name, format);
      }
    }
    return sets;
  }

  /** The figures of the unit tests of Keras 3 and of TF1 say in the same words where they are from. */
  private static List<Golden> unitTests(JsonNode json) {
    return json.path("origin").asString("").contains("keras-team/keras")
        ? KerasJson.cases(json)
        : Tf1Json.cases(json);
  }

  private static List<Path> list(Path folder, Predicate<Path> wanted) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(wanted).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot list the golden numbers in " + folder.toAbsolutePath(), e);
    }
  }

  private static String fileName(Path path) {
    return path.toAbsolutePath().normalize().getFileName().toString();
  }

  private static Path resources() {
    try {
      URI uri = Objects.requireNonNull(GoldenSet.class.getResource("/golden")).toURI();
      return Path.of(uri);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
