package dev.sluice.examples.synthetic;

import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.RandomKey;
import java.util.ArrayList;
import java.util.List;

/**
 * The embedded Reber grammar: B, T or P, a string of the Reber grammar, the same T or P again, E. After each
 * symbol it is wanted which may be next; the second T or P has to be remembered over the string.
 */
record EmbeddedReber() implements Problem {
  private static final String SYMBOLS = "BTPSXVE";

  /** For each state of the Reber grammar the symbols that may come, and the states that they lead to. */
  private static final List<String> NEXT =
      List.of("B1", "T2P3", "S2X4", "T3V5", "X3S6", "P4V6", "E7");

  private static final int END = 7;

  @Override
  public int inputs() {
    return SYMBOLS.length();
  }

  @Override
  public int outputs() {
    return SYMBOLS.length();
  }

  @Override
  public Answer answer() {
    return Answer.YES_OR_NO;
  }

  @Override
  public Example example(RandomKey key) {
    String frame = key.below(2, 0) == 0 ? "T" : "P";
    StringBuilder string = new StringBuilder("B" + frame);
    List<String> legal = new ArrayList<>(List.of("TP", "B"));
    int state = 0;
    for (int i = 1; state != END; i++) {
      String choices = NEXT.get(state);
      int choice = 2 * key.below(choices.length() / 2, i);
      string.append(choices.charAt(choice));
      state = choices.charAt(choice + 1) - '0';
      legal.add(state == END ? frame : NEXT.get(state).replaceAll("[0-9]", ""));
    }
    string.append(frame);
    legal.add("E"); // after which there is nothing
    return example(string.toString(), legal, SYMBOLS, SYMBOLS);
  }

  /**
   * Symbols, one at each step, and the sets of symbols that may follow.
   *
   * @param inputs those that are read, in the order of the inputs
   * @param outputs those that may follow, in the order of the outputs
   */
  static Example example(String string, List<String> legal, String inputs, String outputs) {
    Matrix steps = Matrix.zeros(string.length(), inputs.length());
    Matrix targets = Matrix.zeros(string.length(), outputs.length());
    for (int t = 0; t < string.length(); t++) {
      steps.set(t, inputs.indexOf(string.charAt(t)), 1);
      for (char next : legal.get(t).toCharArray()) {
        targets.set(t, outputs.indexOf(next), 1);
      }
    }
    return new Example(steps, targets);
  }
}
