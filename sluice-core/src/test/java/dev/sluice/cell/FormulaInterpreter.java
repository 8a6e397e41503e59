package dev.sluice.cell;

import static dev.sluice.cell.Numbers.require;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Computes what the text of a {@link Cell#formula} says, in double precision. It knows the grammar of
 * {@link Notation} and common functions, and nothing of cells.
 */
final class FormulaInterpreter {
  private static final Pattern DEFINITION =
      Pattern.compile("where (\\w+)\\((.*?)\\) (?:= (.*)|is .*:)");
  private static final Pattern TOKEN =
      Pattern.compile("\\d+(\\.\\d+)?(e-?\\d+)?|√|[\\p{L}][\\p{L}\\d_]*'?|[^ ]");

  /** A cell, or a function as lines with one result, y. */
  private record Definition(List<String> arguments, List<String> lines) {}

  private final Map<String, Numbers> weights;
  private final String suffix;
  private final Optional<RandomGenerator> training;
  private final Map<String, Definition> definitions = new HashMap<>();
  private final Map<String, Numbers> values = new HashMap<>();

  private List<String> tokens = List.of();
  private int next;

  private FormulaInterpreter(
      Map<String, Numbers> weights, String suffix, Optional<RandomGenerator> training) {
    this.weights = weights;
    this.suffix = suffix;
    this.training = training;
  }

  /**
   * The output and the next state.
   *
   * @param weights by the names of the parameters
   * @param arguments x and the parts of the state
   * @param training what dropout and zoneout draw from, when training
   */
  static List<Numbers> step(
      Cell cell,
      Map<String, Numbers> weights,
      List<Numbers> arguments,
      Optional<RandomGenerator> training) {
    List<String> names = new ArrayList<>(Notation.states(cell));
    names.addFirst("x");
    return new FormulaInterpreter(weights, "", training)
        .run(new Definition(names, cell.formula().lines().toList()), arguments);
  }

  private List<Numbers> run(Definition definition, List<Numbers> arguments) {
    List<String> names = definition.arguments();
    for (int i = 0; i < names.size(); i++) {
      values.put(names.get(i), arguments.get(i));
    }
    List<String> statements = new ArrayList<>();
    for (List<String> lines : paragraphs(definition.lines())) {
      if (lines.getFirst().startsWith("where ")) {
        define(lines);
      } else if (!lines.getFirst().startsWith("(")) {
        statements.addAll(lines);
      }
    }
    statements.forEach(this::assign);
    List<Numbers> results = new ArrayList<>();
    names.stream()
        .map(n -> n + "'")
        .filter(values::containsKey)
        .map(this::value)
        .forEach(results::add);
    results.addFirst(values.containsKey("y") ? value("y") : results.getFirst());
    return results;
  }

  /** Each line with the indented lines that follow it. */
  private static List<List<String>> paragraphs(List<String> lines) {
    List<List<String>> paragraphs = new ArrayList<>();
    for (String line : lines) {
      if (line.startsWith("  ")) {
        paragraphs.getLast().add(line.substring(2));
      } else {
        paragraphs.add(new ArrayList<>(List.of(line)));
      }
    }
    return paragraphs;
  }

  private void define(List<String> lines) {
    Matcher head = DEFINITION.matcher(lines.getFirst());
    require(head.matches(), lines.getFirst());
    definitions.put(
        head.group(1),
        new Definition(
            List.of(head.group(2).split(", ", -1)),
            head.group(3) == null
                ? lines.subList(1, lines.size())
                : List.of("y = " + head.group(3))));
  }

  private void assign(String line) {
    String[] sides = line.split(" = ", -1);
    require(sides.length == 2, line);
    String[] names = sides[0].split(", ", -1);
    tokens = TOKEN.matcher(sides[1]).results().map(MatchResult::group).toList();
    next = 0;
    List<Numbers> results =
        isCell(tokens.getFirst()) ? call(take(), arguments()) : sum().split(names.length);
    require(next == tokens.size() && results.size() == names.length, line);
    for (int i = 0; i < names.length; i++) {
      require(values.put(names[i], results.get(i)) == null, names[i] + " is assigned twice");
    }
  }

  private static boolean isCell(String name) {
    return name.matches("cell(_\\d+)?");
  }

  private Numbers sum() {
    Numbers left = product();
    while (at("+") || at("-")) {
      double sign = take().equals("+") ? 1 : -1;
      left = left.with(product(), (a, b) -> a + sign * b);
    }
    return left;
  }

  private Numbers product() {
    Numbers left = factor();
    while (at("·") || at("⊙") || at("/")) {
      String sign = take();
      Numbers right = factor();
      boolean ofMatrices = sign.equals("·") && !left.isNumber() && !right.isNumber();
      left =
          ofMatrices
              ? left.times(right)
              : left.with(right, (a, b) -> sign.equals("/") ? a / b : a * b);
    }
    return left;
  }

  private Numbers factor() {
    String token = take();
    if (token.equals("-")) {
      return factor().map(a -> -a);
    }
    if (token.equals("(")) {
      Numbers inner = sum();
      require(take().equals(")"), "no )");
      return inner;
    }
    if (Character.isDigit(token.charAt(0))) {
      return Numbers.of(Double.parseDouble(token));
    }
    return at("(") ? call(token, arguments()).getFirst() : value(token);
  }

  private List<Numbers> arguments() {
    List<Numbers> arguments = new ArrayList<>();
    do {
      take();
      arguments.add(sum());
    } while (at(","));
    require(take().equals(")"), "no )");
    return arguments;
  }

  private boolean at(String token) {
    return next < tokens.size() && tokens.get(next).equals(token);
  }

  private String take() {
    return tokens.get(next++);
  }

  private Numbers value(String name) {
    if (values.containsKey(name)) {
      return values.get(name);
    }
    String parameter = name.replaceFirst("^[Ww]_", "weight_").replaceFirst("^b_", "bias_") + suffix;
    Numbers weight = weights.get(parameter);
    if (weight == null) {
      throw new IllegalArgumentException("not a formula: no value " + name + ", no " + parameter);
    }
    require(name.startsWith("W") || weight.rows().length == 1, name + " has more than one row");
    return weight;
  }

  private List<Numbers> call(String name, List<Numbers> arguments) {
    Definition definition = definitions.get(name);
    if (definition == null || (name.equals("zoneout") && training.isPresent())) {
      return List.of(function(name, arguments));
    }
    // the weights of cell_1 are called weight_ih_cell1, those of a wrapped cell weight_ih
    String own = name.startsWith("cell_") ? "_" + name.replace("_", "") : "";
    return new FormulaInterpreter(weights, own + suffix, training).run(definition, arguments);
  }

  private Numbers function(String name, List<Numbers> arguments) {
    Numbers v = arguments.getFirst();
    List<Double> p =
        arguments.stream().skip(1).filter(Numbers::isNumber).map(Numbers::number).toList();
    return switch (name) {
      case "σ" -> v.map(x -> 1 / (1 + Math.exp(-x)));
      case "tanh" -> v.map(Math::tanh);
      case "relu" -> v.map(x -> Math.max(x, 0));
      case "softsign" -> v.map(x -> x / (1 + Math.abs(x)));
      case "softplus" -> v.map(x -> Math.log1p(Math.exp(x)));
      case "leaky_relu" -> v.map(x -> x < 0 ? p.getFirst() * x : x);
      case "thresholded_relu" -> v.map(x -> x < p.getFirst() ? 0 : x);
      case "elu" -> v.map(x -> x < 0 ? p.getFirst() * Math.expm1(x) : x);
      case "clip" -> v.map(x -> Math.clamp(x, p.getFirst(), p.getLast()));
      case "√" -> v.map(Math::sqrt);
      case "mean" -> v.rowMeans();
      case "variance" -> v.with(v.rowMeans(), (x, mean) -> (x - mean) * (x - mean)).rowMeans();
      case "dropout" ->
          training.isEmpty()
              ? v
              : choose(Numbers.of(0), v.map(x -> x / (1 - p.getFirst())), p.getFirst());
      case "zoneout" -> choose(v, arguments.get(1), p.getFirst());
      default -> throw new IllegalArgumentException("not a formula: no function " + name);
    };
  }

  /** Each element of {@code a} with probability {@code p}, else of {@code b}. */
  private Numbers choose(Numbers a, Numbers b, double p) {
    return a.with(b, (x, y) -> training.orElseThrow().nextDouble() < p ? x : y);
  }
}
