import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/**
 * The trees of the Stanford Sentiment Treebank as examples of classification, {@code label<TAB>text}: what
 * is negative (0 and 1) and what is positive (3 and 4), without what is neutral (2).
 *
 * <pre>
 *   java SstPhrases.java phrases train.txt.gz > sst.train.tsv       every phrase of a tree, each once
 *   java SstPhrases.java sentences dev.txt.gz > sst.dev.tsv         whole sentences
 * </pre>
 */
final class SstPhrases {
  private static final int NEUTRAL = 2;

  /** A bracket that is open: its label, and where its text begins in that of the sentence. */
  private record Bracket(int label, int start) {}

  private SstPhrases() {}

  public static void main(String... arguments) throws IOException {
    if (arguments.length != 2 || !Set.of("phrases", "sentences").contains(arguments[0])) {
      System.err.println("usage: java SstPhrases.java phrases|sentences TREES.txt.gz");
      System.exit(2);
    }
    boolean phrases = arguments[0].equals("phrases");
    Set<String> examples = new LinkedHashSet<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(Path.of(arguments[1]))),
                StandardCharsets.UTF_8))) {
      for (String tree = lines.readLine(); tree != null; tree = lines.readLine()) {
        add(tree, phrases, examples);
      }
    }
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    examples.forEach(out::println);
    out.flush();
  }

  /** Adds what is in {@code (4 (2 Good) (2 film))}. */
  private static void add(String tree, boolean phrases, Set<String> examples) {
    StringBuilder sentence = new StringBuilder();
    Deque<Bracket> open = new ArrayDeque<>();
    for (String token : tree.replace("(", " ( ").replace(")", " ) ").trim().split(" +")) {
      switch (token) {
        case "(" -> open.push(new Bracket(-1, sentence.length()));
        case ")" -> {
          Bracket closed = open.pop();
          boolean wanted = closed.label != NEUTRAL && (phrases || open.isEmpty());
          if (wanted) {
            String label = closed.label > NEUTRAL ? "positive" : "negative";
            examples.add(label + "\t" + sentence.substring(closed.start).trim());
          }
        }
        default -> {
          if (open.element().label < 0) {
            open.push(new Bracket(Integer.parseInt(token), open.pop().start));
          } else {
            sentence.append(token).append(' ');
          }
        }
      }
    }
  }
}
