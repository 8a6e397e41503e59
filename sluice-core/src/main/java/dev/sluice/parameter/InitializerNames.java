package dev.sluice.parameter;

import java.util.Locale;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Initializers by name. PyTorch writes {@code xavier_uniform_}, Keras {@code glorot_uniform} or
 * {@code GlorotUniform}, TF1 {@code random_uniform_initializer}: case, underlines and the word
 * initializer do not count.
 */
final class InitializerNames {
  private static final String KNOWN =
      "zeros, ones, constant(value), uniform(limit), normal(deviation), glorot_uniform,"
          + " glorot_normal, orthogonal or orthogonal(gain), uniform_unit_scaling or"
          + " uniform_unit_scaling(factor), unit_forget_bias";
  private static final Pattern FORM = Pattern.compile("\\s*(\\w+)\\s*(?:\\(([^()]*)\\))?\\s*");

  private final String text;
  private final OptionalDouble number;

  private InitializerNames(String text, OptionalDouble number) {
    this.text = text;
    this.number = number;
  }

  static Initializer parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw unknown(text);
    }
    String name = form.group(1).toLowerCase(Locale.ROOT).replace("_", "");
    String argument = form.group(2);
    return new InitializerNames(
            text,
            argument == null ? OptionalDouble.empty() : OptionalDouble.of(number(text, argument)))
        .of(name.replaceFirst("initializer$", ""));
  }

  private Initializer of(String name) {
    return switch (name) {
      case "zeros" -> plain(Initializer.zeros());
      case "ones" -> plain(Initializer.ones());
      case "constant" -> Initializer.constant(required("constant(0.1)"));
      case "uniform", "randomuniform" -> Initializer.uniform(required("uniform(0.05)"));
      case "normal", "randomnormal" -> Initializer.normal(required("normal(0.05)"));
      case "glorotuniform", "xavieruniform" -> plain(Initializer.glorotUniform());
      case "glorotnormal", "xaviernormal" -> plain(Initializer.glorotNormal());
      case "orthogonal" -> Initializer.orthogonal(orElse(1));
      case "uniformunitscaling" -> Initializer.uniformUnitScaling(orElse(1));
      case "unitforgetbias" -> plain(Initializer.unitForgetBias());
      default -> throw unknown(text);
    };
  }

  private Initializer plain(Initializer initializer) {
    if (number.isPresent()) {
      throw new IllegalArgumentException(
          "initializer \"%s\": this one takes no number".formatted(text));
    }
    return initializer;
  }

  private float required(String example) {
    return (float)
        number.orElseThrow(
            () ->
                new IllegalArgumentException(
                    "initializer \"%s\" needs a number, as in %s".formatted(text, example)));
  }

  private float orElse(float value) {
    return (float) number.orElse(value);
  }

  private static double number(String text, String argument) {
    try {
      return Double.parseDouble(argument.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "initializer \"%s\": \"%s\" is no number; one goes there, such as 0.05"
              .formatted(text, argument),
          e);
    }
  }

  private static IllegalArgumentException unknown(String text) {
    return new IllegalArgumentException(
        "unknown initializer \"%s\"; known are %s".formatted(text, KNOWN));
  }
}
