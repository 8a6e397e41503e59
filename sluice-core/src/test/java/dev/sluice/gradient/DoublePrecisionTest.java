package dev.sluice.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Gradient checks in double precision, of the very source that runs in single: the library is
 * compiled once more with every {@code float} replaced by {@code double}, and {@link
 * GradientChecks} with it. Only the polynomials, which are made for floats, give way to the JDK's functions.
 */
class DoublePrecisionTest {
  private static final List<String> PACKAGES =
      List.of("matrix", "parameter", "kernel", "tape", "cell", "layer", "loss");

  /** Written in double, in place of sources that know how a float is laid out. */
  private static final List<Path> STAND_INS =
      List.of(
          Path.of("src/test/double/dev/sluice/kernel/Activations.java"),
          Path.of("src/test/double/dev/sluice/kernel/KernelProvider.java"));

  /** What central differences of doubles can resolve. */
  private static final double TOLERANCE = 1e-8;

  @TestFactory
  List<DynamicTest> gradientsAreDerivatives() throws ReflectiveOperationException, IOException {
    Map<?, ?> errors =
        (Map<?, ?>)
            compileAsDouble()
                .loadClass("dev.sluice.gradient.GradientChecks")
                .getMethod("errors")
                .invoke(null);
    assertThat(errors).hasSizeGreaterThan(90);
    List<DynamicTest> tests = new ArrayList<>();
    errors.forEach(
        (name, error) ->
            tests.add(
                DynamicTest.dynamicTest(
                    (String) name, () -> assertThat((Double) error).isLessThan(TOLERANCE))));
    return tests;
  }

  private static ClassLoader compileAsDouble() throws IOException {
    List<JavaFileObject> sources = new ArrayList<>();
    for (String name : PACKAGES) {
      try (Stream<Path> files = Files.list(Path.of("src/main/java/dev/sluice", name))) {
        files
            .filter(DoublePrecisionTest::isPrecisionFree)
            .forEach(file -> sources.add(new Source(file, inDouble(read(file)))));
      }
    }
    for (String name : List.of("gradient/GradientChecks.java", "cell/SampleCells.java")) {
      Path checks = Path.of("src/test/java/dev/sluice", name);
      sources.add(new Source(checks, inDouble(read(checks))));
    }
    for (Path file : STAND_INS) {
      sources.add(new Source(file, read(file)));
    }

    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    ByteArrayOutputStream messages = new ByteArrayOutputStream();
    try (var manager = new MemoryFiles(compiler.getStandardFileManager(null, null, null))) {
      boolean compiled =
          compiler
              .getTask(
                  new java.io.OutputStreamWriter(messages, java.nio.charset.StandardCharsets.UTF_8),
                  manager,
                  null,
                  List.of("-proc:none", "-classpath", ""),
                  null,
                  sources)
              .call();
      assertThat(compiled).as(messages.toString(java.nio.charset.StandardCharsets.UTF_8)).isTrue();
      return manager.loader();
    }
  }

  /** Vector kernels exist for floats alone, and stand-ins replace what they are named after. */
  private static boolean isPrecisionFree(Path file) {
    return !file.getFileName().toString().startsWith("Vector")
        && STAND_INS.stream().noneMatch(other -> other.endsWith(file.getFileName()));
  }

  private static String inDouble(String source) {
    return source
        .replaceAll("\\bfloat\\b", "double")
        .replaceAll("\\bFloat\\b", "Double")
        .replaceAll("\\b(0x[0-9a-fA-F.]+p-?\\d+|[0-9.]+(?:e-?\\d+)?)f\\b", "$1");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(Path file, String text) {
      super(URI.create("string:///" + file), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  /** Compiled classes, kept in memory and never mixed with those of the library. */
  private static final class MemoryFiles extends ForwardingJavaFileManager<JavaFileManager> {
    private final Map<String, ByteArrayOutputStream> classes = new HashMap<>();

    MemoryFiles(JavaFileManager files) {
      super(files);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
      return new SimpleJavaFileObject(URI.create("memory:///" + className), kind) {
        @Override
        public OutputStream openOutputStream() {
          return classes.computeIfAbsent(className, n -> new ByteArrayOutputStream());
        }
      };
    }

    ClassLoader loader() {
      return new ClassLoader(ClassLoader.getPlatformClassLoader()) {
        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
          ByteArrayOutputStream bytes = classes.get(name);
          if (bytes == null) {
            throw new ClassNotFoundException(name);
          }
          return defineClass(name, bytes.toByteArray(), 0, bytes.size());
        }
      };
    }
  }
}
