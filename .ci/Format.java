// Checks the format of every source file in the modules below the current folder, or applies it:
//
//     java -cp google-java-format.jar:guava.jar .ci/Format.java check|apply
//
// The style is google-java-format's, but for doc comments, whose line breaks are the author's. The
// formatter reads Java with the compiler of the JDK that runs it, so it must run on the JDK that
// compiles Sluice; the Maven plugins that wrap it run it inside Maven, on a JDK that may be older.

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.JavaFormatterOptions;

void main(String... args) throws IOException {
  boolean apply =
      switch (String.join(" ", args)) {
        case "check" -> false;
        case "apply" -> true;
        default -> throw new IllegalArgumentException("expected check or apply");
      };
  var options = JavaFormatterOptions.builder().formatJavadoc(false).build();
  var formatter = new Formatter(options);
  int findings = 0;
  for (Path file : sources()) {
    try {
      String source = Files.readString(file);
      String formatted = formatter.formatSourceAndFixImports(source);
      if (formatted.equals(source)) {
        continue;
      }
      if (apply) {
        Files.writeString(file, formatted);
        IO.println("formatted " + file);
      } else {
        findings++;
        IO.println("not formatted: " + file + ":" + firstDifference(source, formatted));
      }
    } catch (FormatterException e) {
      findings++;
      IO.println("cannot be formatted: " + file + ": " + e.getMessage());
    }
  }
  if (findings > 0) {
    IO.println(findings + " files to format: mvn -N verify -Dformat=apply");
    System.exit(1);
  }
}

/** Every Java file below the `src` folder of a module, and this one. */
List<Path> sources() throws IOException {
  try (var files =
      Files.find(Path.of(""), Integer.MAX_VALUE, (path, file) -> file.isRegularFile())) {
    return files
        .filter(path -> path.toString().endsWith(".java"))
        .filter(path -> path.startsWith(".ci") || path.getName(1).toString().equals("src"))
        .sorted()
        .toList();
  }
}

/** The number of the first line that formatting would change. */
long firstDifference(String source, String formatted) {
  List<String> before = source.lines().toList();
  List<String> after = formatted.lines().toList();
  int line = 0;
  while (line < Math.min(before.size(), after.size()) && before.get(line).equals(after.get(line))) {
    line++;
  }
  return line + 1;
}
