package dev.sluice.io;

import dev.sluice.data.LabelledText;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Where a model comes from: software, data, and how well it did. Nothing in it depends on when,
 * where or how fast it was trained, so training again gives the same bytes.
 *
 * @param sluice version of the library
 * @param jdk version and vendor of the Java that trained it
 * @param training the data it learned from
 * @param validation the data that chose the best epoch
 * @param epochs completed epochs
 * @param bestEpoch the epoch whose weights these are, from 1; 0 when training was stopped in the
 *     first and they are those of its last step
 * @param validationAccuracy of the best epoch, if there is one and it was chosen by its accuracy
 */
public record Provenance(
    String sluice,
    String jdk,
    Data training,
    Data validation,
    int epochs,
    int bestEpoch,
    Optional<Double> validationAccuracy) {
  /**
   * What identifies a data set.
   *
   * @param examples how many there are
   * @param sha256 of the examples as lines in UTF-8, {@code label<TAB>text<LF>} where they are texts, so of the
   *     file itself when it is plain and tidy
   */
  public record Data(int examples, String sha256) {
    /** Identifies {@code texts} in their order. */
    public static Data of(List<LabelledText> texts) {
      return of(texts, text -> text.label() + "\t" + text.text());
    }

    /**
     * Identifies {@code examples} in their order.
     *
     * @param line what tells an example from others, as text
     */
    public static <T> Data of(List<T> examples, Function<T, String> line) {
      try {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (T example : examples) {
          digest.update((line.apply(example) + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return new Data(examples.size(), HexFormat.of().formatHex(digest.digest()));
      } catch (NoSuchAlgorithmException e) {
        throw new AssertionError("every Java platform has SHA-256", e);
      }
    }
  }
}
