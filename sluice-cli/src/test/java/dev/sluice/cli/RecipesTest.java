package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sluice.cli.Cli.Result;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The recipes as users run them. All can be followed; the cheap ones are trained, for a shorter time than their
 * pages say, and must come below the floor of their data set. These are in {@code ../../shared/data}, a
 * collection that may lie beside the checkout.
 */
final class RecipesTest {
  private static final Path RECIPES = Path.of("..", "recipes");
  private static final Path DATA = Path.of("..", "..", "shared", "data");

  @TempDir static Path folder = Path.of("");

  static List<Path> recipes() throws IOException {
    try (Stream<Path> files = Files.list(RECIPES)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  /** Everything else is looked at before the data. */
  @ParameterizedTest
  @MethodSource("recipes")
  void nothingButItsDataIsMissing(Path recipe) {
    Result result = Cli.run("train", "--config", recipe, "--model", folder.resolve("none"));
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.errLines())
        .singleElement()
        .asString()
        .endsWith(": no such file; check the path");
  }

  @TestFactory
  Stream<DynamicTest> theCheapOnesAreBetterThanTheirFloors() {
    if (!Files.isDirectory(DATA)) {
      System.out.printf("recipes: no %s, so none is trained%n", DATA);
      return Stream.of();
    }
    return Stream.of(
        dynamicTest("airline-passengers", this::airlinePassengers),
        dynamicTest("etth1", this::etth1),
        dynamicTest("japanese-vowels", this::japaneseVowels),
        dynamicTest("jsb-chorales", this::jsbChorales),
        dynamicTest("trec", this::trec));
  }

  private void airlinePassengers() {
    Path file = DATA.resolve("univariate/airline-passengers.csv");
    Path model = train("airline-passengers", "--train=" + file);
    double rmse = evaluate(model, file).at("/forecasts/0/columns/0/rmse").doubleValue();
    assertThat(rmse).isLessThan(41.85);
  }

  private void etth1() {
    Path file = DATA.resolve("ett/ETTh1.csv.gz");
    Path model = train("etth1", "--train=" + file, "--epochs=1", "--hidden=16");
    assertThat(evaluate(model, file).at("/forecasts/0/mse").doubleValue()).isLessThan(0.424);
  }

  private void japaneseVowels() throws IOException {
    List<String> train = new ArrayList<>();
    List<String> valid = new ArrayList<>();
    int examples = 0;
    for (String line : lines("japanese-vowels/JapaneseVowels_TRAIN.ts.gz")) {
      boolean header = line.startsWith("#") || line.startsWith("@");
      boolean validates = !header && examples++ % 5 == 0;
      if (header || !validates) {
        train.add(line);
      }
      if (header || validates) {
        valid.add(line);
      }
    }
    Path model =
        train(
            "japanese-vowels",
            "--train=" + Files.write(folder.resolve("vowels.train.ts"), train),
            "--valid=" + Files.write(folder.resolve("vowels.dev.ts"), valid),
            "--epochs=10");
    Path test = DATA.resolve("japanese-vowels/JapaneseVowels_TEST.ts.gz");
    assertThat(evaluate(model, test).at("/accuracy").doubleValue()).isGreaterThan(0.9405);
  }

  private void jsbChorales() {
    Path data = DATA.resolve("jsb-chorales");
    Path model =
        train(
            "jsb-chorales",
            "--train=" + data.resolve("train.txt.gz"),
            "--valid=" + data.resolve("valid.txt.gz"),
            "--epochs=7",
            "--hidden=100",
            "--dropout=0.1");
    double loss = evaluate(model, data.resolve("test.txt.gz")).at("/loss").doubleValue();
    assertThat(loss).isLessThan(10.49);
  }

  private void trec() throws IOException {
    List<String> train = new ArrayList<>();
    List<String> valid = new ArrayList<>();
    List<String> all = questions("trec/TREC.train.gz");
    for (int i = 0; i < all.size(); i++) {
      (i % 10 == 0 ? valid : train).add(all.get(i));
    }
    Path model =
        train(
            "trec",
            "--train=" + Files.write(folder.resolve("trec.rest.tsv"), train),
            "--valid=" + Files.write(folder.resolve("trec.dev.tsv"), valid),
            "--epochs=3",
            "--hidden=64",
            "--min-count=2");
    Path test = Files.write(folder.resolve("trec.test.tsv"), questions("trec/TREC.test.gz"));
    assertThat(evaluate(model, test).at("/accuracy").doubleValue()).isGreaterThan(0.836);
  }

  private static Path train(String recipe, String... options) {
    Path model = folder.resolve(recipe);
    Stream<Object> command =
        Stream.of("train", "--config", RECIPES.resolve(recipe + ".yaml"), "--model", model);
    Result result = Cli.run(Stream.concat(command, Stream.of(options)).toArray());
    assertThat(result.exitCode()).as(result.err()).isZero();
    return model;
  }

  private static JsonNode evaluate(Path model, Path file) {
    Result result = Cli.run("evaluate", "--model", model, file, "--json");
    assertThat(result.exitCode()).as(result.err()).isZero();
    return new JsonMapper().readTree(result.out());
  }

  /** Label, tab, text, as the page of classify makes them. */
  private static List<String> questions(String file) throws IOException {
    return lines(file).stream().map(q -> q.replaceFirst("^([A-Z]+):[a-z]+ ", "$1\t")).toList();
  }

  private static List<String> lines(String file) throws IOException {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(DATA.resolve(file))),
                StandardCharsets.ISO_8859_1))) {
      return in.lines().toList();
    }
  }
}
