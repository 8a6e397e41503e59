package dev.sluice.examples.synthetic;

import dev.sluice.matrix.RandomKey;
import java.util.ArrayList;
import java.util.List;

/**
 * aⁿbⁿcⁿ (Gers and Schmidhuber 2001): S, n times a, n times b, n times c, T. After each symbol it is wanted which
 * may be next. It is learned from short strings and tested on longer ones: the network has to count.
 *
 * @param longest n of examples to learn from is 1 to this
 * @param tested n of those that are tested is 1 to this
 */
record Counting(int longest, int tested) implements Problem {
  private static final String INPUTS = "Sabc";
  private static final String OUTPUTS = "abcT";

  @Override
  public int inputs() {
    return INPUTS.length();
  }

  @Override
  public int outputs() {
    return OUTPUTS.length();
  }

  @Override
  public Answer answer() {
    return Answer.YES_OR_NO;
  }

  @Override
  public Example example(RandomKey key) {
    return string(1 + key.below(longest, 0));
  }

  @Override
  public Example test(RandomKey key) {
    return string(1 + key.below(tested, 0));
  }

  /** The string with n times each. */
  static Example string(int n) {
    String string = "S" + "a".repeat(n) + "b".repeat(n) + "c".repeat(n);
    List<String> legal = new ArrayList<>(List.of("a"));
    for (int t = 1; t < string.length(); t++) {
      boolean certain = t >= n + 1 && t < string.length() - 1;
      legal.add(t <= n ? "ab" : certain ? string.substring(t + 1, t + 2) : "T");
    }
    return EmbeddedReber.example(string, legal, INPUTS, OUTPUTS);
  }
}
