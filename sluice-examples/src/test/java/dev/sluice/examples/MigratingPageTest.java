package dev.sluice.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.io.Weights;
import dev.sluice.layer.Layer;
import java.io.StringWriter;
import java.net.MalformedURLException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every Java block of the page for migrants compiles and runs, each of them after the first one; the README's compiles. */
class MigratingPageTest {
  private static final Path PAGE = Path.of("../docs/migrating.md");
  private static final Path README = Path.of("../README.md");
  private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final String IMPORTS =
      """
      import dev.sluice.cell.*;
      import dev.sluice.cell.LstmVariant.Coupling;
      import dev.sluice.data.*;
      import dev.sluice.io.*;
      import dev.sluice.io.dialect.*;
      import dev.sluice.layer.*;
      import dev.sluice.layer.PaddedBatch.Fill;
      import dev.sluice.loss.*;
      import dev.sluice.matrix.*;
      import dev.sluice.parameter.*;
      import dev.sluice.tape.*;
      import dev.sluice.train.*;
      import java.nio.file.*;
      import java.util.*;
      """;

  @TestFactory
  List<DynamicTest> blocksRun(@TempDir Path folder) throws Exception {
    List<String> blocks =
        BLOCK.matcher(Files.readString(PAGE)).results().map(block -> block.group(1)).toList();
    assertThat(blocks).hasSizeGreaterThan(15);
    Class<?> page = compile(folder, source(blocks));
    return IntStream.range(0, blocks.size())
        .mapToObj(
            i ->
                DynamicTest.dynamicTest(
                    blocks.get(i).lines().findFirst().orElse(""),
                    () -> page.getMethod("block" + i).invoke(null)))
        .toList();
  }

  @Test
  void theProgramOfTheReadmeCompiles(@TempDir Path folder) throws Exception {
    String program =
        BLOCK.matcher(Files.readString(README)).results().findFirst().orElseThrow().group(1);
    String imports = program.substring(0, program.indexOf("\n\n"));
    String body = program.substring(imports.length());
    compile(
        folder,
        "%s\npublic class Page { static void run() throws Exception {%s}}"
            .formatted(imports, body));
  }

  private static String source(List<String> blocks) {
    StringBuilder source = new StringBuilder(IMPORTS).append("public class Page {\n");
    for (int i = 0; i < blocks.size(); i++) {
      source.append("  public static void block%d() throws Exception {\n".formatted(i));
      source.append(blocks.getFirst());
      source.append(i == 0 ? "" : blocks.get(i)).append("  }\n");
    }
    return source.append("}\n").toString();
  }

  private static Class<?> compile(Path folder, String source) throws Exception {
    Path file = Files.writeString(folder.resolve("Page.java"), source);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      List<Path> classPath = List.of(home(Layer.class), home(Weights.class));
      files.setLocationFromPaths(StandardLocation.CLASS_PATH, classPath);
      files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(folder));
      List<String> options = List.of("-proc:none");
      boolean compiled =
          compiler
              .getTask(messages, files, null, options, null, files.getJavaFileObjects(file))
              .call();
      assertThat(compiled).as(messages.toString()).isTrue();
    }
    return Class.forName("Page", true, loader(folder));
  }

  /** Where a class was loaded from. */
  private static Path home(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private static ClassLoader loader(Path folder) throws MalformedURLException {
    URL[] classes = {folder.toUri().toURL()};
    return new URLClassLoader(classes, MigratingPageTest.class.getClassLoader());
  }
}
