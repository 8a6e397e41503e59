package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each package imports only those before it: data flows one way. */
class PackageOrderTest {
  private static final List<String> ORDER =
      List.of(
          "matrix",
          "kernel",
          "parameter",
          "tape",
          "cell",
          "layer",
          "loss",
          "network",
          "data",
          "model",
          "train");

  private static final Path SOURCES = Path.of("src/main/java/dev/sluice");
  private static final Pattern OTHER_PACKAGE = Pattern.compile("dev\\.sluice\\.(\\w+)\\.[A-Z]");

  static Stream<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(SOURCES)) {
      return all.filter(file -> file.toString().endsWith(".java")).toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void importsOnlyPackagesBeforeItsOwn(Path file) throws IOException {
    String own = SOURCES.relativize(file).getName(0).toString();
    assertThat(ORDER).contains(own);
    Matcher other = OTHER_PACKAGE.matcher(Files.readString(file));
    while (other.find()) {
      assertThat(ORDER.subList(0, ORDER.indexOf(own) + 1))
          .as("%s uses %s", file, other.group())
          .contains(other.group(1));
    }
  }
}
