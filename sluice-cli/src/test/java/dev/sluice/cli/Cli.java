package dev.sluice.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;

/** Runs {@code sluice} in this process, on small files. */
final class Cli {
  /** What a command did. */
  record Result(int exitCode, String out, String err) {
    List<String> outLines() {
      return out.lines().toList();
    }

    List<String> errLines() {
      return err.lines().toList();
    }
  }

  private Cli() {}

  static Result run(Object... arguments) {
    Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT); // as main does
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] words = Stream.of(arguments).map(Object::toString).toArray(String[]::new);
    int exitCode =
        Main.commandLine(new PrintWriter(out, true), new PrintWriter(err, true), words)
            .execute(words);
    return new Result(exitCode, out.toString(), err.toString());
  }

  static Result runWithInput(byte[] input, Object... arguments) {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(input));
    try {
      return run(arguments);
    } finally {
      System.setIn(before);
    }
  }

  static Result runWithInput(String input, Object... arguments) {
    return runWithInput(input.getBytes(StandardCharsets.UTF_8), arguments);
  }

  /**
   * {@code train} with a tiny network, which learns {@link #examples} in two epochs; {@code more}
   * are options as {@code --name=value}, also in the place of those here.
   */
  static Result train(Path train, Path valid, Path model, String... more) {
    Stream<Object> fixed =
        Stream.of("train", "--task=classify", "--train", train, "--valid", valid, "--model", model);
    Stream<String> options =
        options(
            List.of(
                "--embedding=8", "--hidden=8", "--epochs=2", "--batch=8", "--learning-rate=0.05"),
            more);
    return run(Stream.concat(fixed, options).toArray());
  }

  /** Both, where {@code more} has none of that name already. */
  static Stream<String> options(List<String> usual, String... more) {
    Stream<String> others =
        usual.stream()
            .filter(option -> Stream.of(more).noneMatch(o -> name(o).equals(name(option))));
    return Stream.concat(others, Stream.of(more));
  }

  private static String name(String option) {
    return option.substring(0, (option + "=").indexOf('='));
  }

  /** Short texts of the letters a to e, labelled "low", and of v to z, labelled "high". */
  static Path examples(Path file, int count, long seed) throws IOException {
    Random random = new Random(seed);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      boolean low = i % 2 == 0;
      StringBuilder text = new StringBuilder();
      for (int c = 2 + random.nextInt(6); c > 0; c--) {
        text.append((char) ((low ? 'a' : 'v') + random.nextInt(5)));
      }
      lines.add((low ? "low\t" : "high\t") + text);
    }
    return Files.write(file, lines);
  }
}
