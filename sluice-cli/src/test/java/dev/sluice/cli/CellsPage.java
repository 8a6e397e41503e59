package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cell.Cell;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * What {@code docs/cells.md} says, and its Java, compiled.
 *
 * @param sections one for each cell
 * @param ownCell the Java of the last part: a class, then lines that use it
 */
record CellsPage(List<Section> sections, List<String> ownCell) {
  /** I of the page. */
  static final int INPUTS = 48;

  /** H of the page. */
  static final int UNITS = 128;

  /** P of the page. */
  private static final int PROJECTED = 64;

  private static final Path FILE = Path.of("../docs/cells.md");
  private static final Pattern JAVA = Pattern.compile("(?s)```java\n(.*?)```");
  private static final Pattern PUBLIC_TYPE = Pattern.compile("public record (\\w+)");
  private static final List<String> IMPORTS =
      List.of(
          "dev.sluice.cell.*",
          "dev.sluice.cell.LstmVariant.Coupling",
          "dev.sluice.layer.Recurrent",
          "dev.sluice.tape.Activation",
          "java.util.List");

  /** What the page says of a cell. */
  record Section(
      String heading,
      String java,
      String formula,
      String state,
      String parameters,
      String count,
      String kernel) {
    private static final Pattern FORMAT =
        Pattern.compile(
            "(?s)([^\n]*)\n\n.*?\n```java\n(.*?)```\n```\n(.*?)\n```\n\n"
                + "- State: (.*?)\n- Parameters: (.*?);\\s+in all\\s+(.*?)\n- Kernel: (.*?)\n*");

    static Section of(String text) {
      Matcher m = FORMAT.matcher(text);
      assertThat(m.matches()).as(text).isTrue();
      return new Section(
          m.group(1),
          m.group(2),
          m.group(3),
          inNumbers(m.group(4)),
          inNumbers(m.group(5).replaceAll("\\s+", " ")),
          m.group(6),
          m.group(7));
    }

    /** With sizes in place of letters: (I, 4H) becomes (48, 512). */
    private static String inNumbers(String text) {
      return Pattern.compile("(\\d*)([IHP])(?=[,)])")
          .matcher(text)
          .replaceAll(m -> String.valueOf(factor(m.group(1)) * size(m.group(2))));
    }

    private static int factor(String digits) {
      return digits.isEmpty() ? 1 : Integer.parseInt(digits);
    }

    private static int size(String letter) {
      return switch (letter) {
        case "I" -> INPUTS;
        case "H" -> UNITS;
        default -> PROJECTED;
      };
    }
  }

  static CellsPage read() throws IOException {
    String[] parts = Files.readString(FILE).split("\n# ", -1);
    return new CellsPage(
        Arrays.stream(parts[0].split("\n## ", -1)).skip(1).map(Section::of).toList(),
        JAVA.matcher(parts[1]).results().map(m -> m.group(1)).toList());
  }

  /** The Java of the page as a class with methods cell0, count0, cell1, ... and ownCell. */
  Class<?> compile(Path folder) throws IOException, ClassNotFoundException {
    Matcher own = PUBLIC_TYPE.matcher(ownCell.getFirst());
    assertThat(own.find()).isTrue();
    Path ownFile = Files.writeString(folder.resolve(own.group(1) + ".java"), ownCell.getFirst());
    Path page = Files.writeString(folder.resolve("Page.java"), pageClass());
    String classPath =
        Path.of(Cell.class.getProtectionDomain().getCodeSource().getLocation().getPath())
            .toString();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      boolean compiled =
          compiler
              .getTask(
                  messages,
                  files,
                  null,
                  List.of("-proc:none", "-classpath", classPath, "-d", folder.toString()),
                  null,
                  files.getJavaFileObjects(ownFile, page))
              .call();
      assertThat(compiled).as(messages.toString()).isTrue();
    }
    return new URLClassLoader(new URL[] {folder.toUri().toURL()}, Cell.class.getClassLoader())
        .loadClass("Page");
  }

  private String pageClass() {
    Stream<String> imports = IMPORTS.stream().map("import %s;\n"::formatted);
    String sizes = "static final int I = %d, H = %d, P = %d;\n".formatted(INPUTS, UNITS, PROJECTED);
    Stream<String> cells =
        IntStream.range(0, sections.size())
            .mapToObj(
                i ->
                    """
                    public static Cell cell%d() {
                      %s
                      return cell;
                    }
                    public static long count%d() {
                      return %s;
                    }
                    """
                        .formatted(
                            i,
                            sections.get(i).java(),
                            i,
                            sections.get(i).count().replace("·", "*")));
    String uses = String.join("", ownCell.subList(1, ownCell.size()));
    return Stream.of(
            imports,
            Stream.of("public class Page {\n" + sizes),
            cells,
            Stream.of("public static void ownCell() {\n" + uses + "}\n}\n"))
        .flatMap(s -> s)
        .collect(Collectors.joining());
  }
}
