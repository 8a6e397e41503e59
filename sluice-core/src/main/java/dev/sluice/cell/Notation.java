package dev.sluice.cell;

import dev.sluice.parameter.ParameterSpec;
import dev.sluice.tape.Activation;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The words and signs of {@link Cell#formula}: how numbers, activations, states and cells inside of
 * others are written. What a formula says is with each cell.
 *
 * <p>The notation is so narrow that a test can read a formula, compute with it, and compare with
 * what the cell computes:
 *
 * <pre>
 *   formula    = { statement } { "where" definition | "(" remark ")" }
 *   statement  = name { "," name } "=" sum
 *   definition = name "(" names ")" ( "=" sum | "is" cell's name ":" its formula, indented )
 *   sum        = product { ("+" | "-") product }
 *   product    = factor { ("·" | "⊙" | "/") factor }
 *   factor     = [ "-" ] ( number | name [ "(" sums ")" ] | "(" sum ")" )
 * </pre>
 */
final class Notation {
  private static final Pattern ATOM = Pattern.compile("[\\p{L}\\d_.]+'?(\\([^()]*\\))?");

  private Notation() {}

  /** As a person writes it: 1 and 0.3 and 1e-12. */
  static String number(float value) {
    return String.valueOf(value).replaceFirst("\\.0(?=$|E)", "").replace('E', 'e');
  }

  /** 1 - p, without the rounding of floats: of 0.8 it is 0.2. */
  static String complement(float p) {
    return number(BigDecimal.ONE.subtract(new BigDecimal(String.valueOf(p))).floatValue());
  }

  /** {@code sum} and a number more; nothing more when that is 0. */
  static String plus(String sum, float added) {
    if (added == 0) {
      return sum;
    }
    return sum + (added < 0 ? " - " : " + ") + number(Math.abs(added));
  }

  /** {@code v} kept within ± {@code limit}; as it is when that is infinite. */
  static String clip(String v, float limit) {
    return limit == Float.POSITIVE_INFINITY
        ? v
        : "clip(%s, -%s, %s)".formatted(v, number(limit), number(limit));
  }

  /** {@code v} with elements dropped with probability {@code p}; as it is when that is 0. */
  static String dropout(String v, String p) {
    return p.equals("0") ? v : "dropout(%s, %s)".formatted(v, p);
  }

  /** f(x), so that it can stand in any product: a name, a call, or in parentheses. */
  static String apply(Activation f, String argument) {
    String x = clip(argument, f.inputLimit());
    String alpha = number(f.alpha());
    return switch (f.kind()) {
      case TANH -> call("tanh", x);
      case SIGMOID -> call("σ", x);
      case RELU -> call("relu", x);
      case SOFTSIGN -> call("softsign", x);
      case SOFTPLUS -> call("softplus", x);
      case LEAKY_RELU -> call("leaky_relu", x, alpha);
      case THRESHOLDED_RELU -> call("thresholded_relu", x, alpha);
      case ELU -> call("elu", x, alpha);
      case HARD_SIGMOID -> call("clip", scaledAndShifted(f, x), "0", "1");
      case SCALED_TANH -> "(%s·tanh(%s))".formatted(alpha, scaled(f.beta(), x));
      case AFFINE -> atom(scaledAndShifted(f, x));
    };
  }

  private static String scaledAndShifted(Activation f, String x) {
    return plus(scaled(f.alpha(), x), f.beta());
  }

  private static String scaled(float factor, String x) {
    return factor == 1 ? x : number(factor) + "·" + atom(x);
  }

  private static String call(String function, String... arguments) {
    return "%s(%s)".formatted(function, String.join(", ", arguments));
  }

  private static String atom(String x) {
    return ATOM.matcher(x).matches() ? x : "(" + x + ")";
  }

  /**
   * The parts of the state, each by a name of its own: h and c, and in a stack, where names come
   * again, h_0, c_0, h_1, c_1.
   */
  static List<String> states(Cell cell) {
    List<String> names = cell.stateNames();
    if (new HashSet<>(names).size() == names.size()) {
      return names;
    }
    List<String> numbered = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    int round = 0;
    for (String name : names) {
      if (!seen.add(name)) {
        seen.clear();
        seen.add(name);
        round++;
      }
      numbered.add(name + "_" + round);
    }
    return numbered;
  }

  /** {@code y, h', c' = cell(x, h, c)}: a step of {@code cell}, which {@link #where} explains. */
  static String step(String y, String cell, String x, List<String> states) {
    return step(y, states.stream().map(s -> s + "'").toList(), cell, x, states);
  }

  /** The same with other names for the next state. */
  static String step(String y, List<String> next, String cell, String x, List<String> states) {
    return "%s, %s = %s(%s, %s)"
        .formatted(y, String.join(", ", next), cell, x, String.join(", ", states));
  }

  /** What cell {@code name} is and its formula, indented. */
  static String where(String name, Cell cell) {
    return "where %s(x, %s) is %s:\n%s"
        .formatted(
            name,
            String.join(", ", states(cell)),
            cell.name(),
            cell.formula().indent(2).stripTrailing());
  }

  /** Of a cell that gives no formula, what goes in and what comes out. */
  static String signature(Cell cell) {
    List<String> weights = cell.parameters("").stream().map(ParameterSpec::name).toList();
    String step = step("y", "step", "x", states(cell));
    return weights.isEmpty() ? step : step.replace(")", "; " + String.join(", ", weights) + ")");
  }
}
