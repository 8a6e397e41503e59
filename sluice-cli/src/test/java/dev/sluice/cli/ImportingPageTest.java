package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.io.NetworkArchitecture;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of docs/importing.md are commands of Sluice, and its layers are read. */
final class ImportingPageTest {
  private static final Path PAGE = Path.of("../docs/importing.md");
  private static final Pattern COMMAND = Pattern.compile("sluice ((?:[^#<|\\n])*)");

  @TempDir private Path folder = Path.of("");

  @Test
  void commandsHaveTheirOptions() throws IOException {
    List<String> commands =
        Files.readAllLines(PAGE).stream()
            .filter(line -> line.startsWith("    ") && line.contains("sluice "))
            .toList();
    assertThat(commands).hasSizeGreaterThan(15);
    for (String line : commands) {
      Matcher command = COMMAND.matcher(line);
      assertThat(command.find()).as(line).isTrue();
      PrintWriter nowhere = new PrintWriter(new StringWriter());
      Main.commandLine(nowhere, nowhere).parseArgs(command.group(1).strip().split(" +"));
    }
  }

  @Test
  void layersAreRead() throws IOException {
    String page = Files.readString(PAGE);
    int from = page.indexOf("```json\n") + "```json\n".length();
    Path layers =
        Files.writeString(
            folder.resolve("layers.json"), page.substring(from, page.indexOf("```", from)));
    assertThat(NetworkArchitecture.read(layers).build().outputShape().width()).isEqualTo(10);
  }
}
