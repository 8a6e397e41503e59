package dev.sluice.io;

import static dev.sluice.io.JsonValues.finite;
import static dev.sluice.io.JsonValues.unless;

import dev.sluice.tape.Activation;
import dev.sluice.tape.Activation.Kind;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Activation functions in JSON: {@code "tanh"}, or an object for one that has numbers, {@code
 * {"kind": "hard_sigmoid", "alpha": 0.2, "beta": 0.5}}, whose α and β differ between frameworks and are
 * always written out.
 */
final class ActivationJson {
  private static final float UNLIMITED = Float.POSITIVE_INFINITY;

  private ActivationJson() {}

  static JsonNode write(Activation activation) {
    String kind = activation.kind().name().toLowerCase(Locale.ROOT);
    if (!hasAlpha(activation.kind()) && activation.inputLimit() == UNLIMITED) {
      return JsonNodeFactory.instance.stringNode(kind);
    }
    ObjectNode node = JsonNodeFactory.instance.objectNode().put("kind", kind);
    if (hasAlpha(activation.kind())) {
      node.put("alpha", finite("alpha", activation.alpha()));
    }
    if (hasBeta(activation.kind())) {
      node.put("beta", finite("beta", activation.beta()));
    }
    return unless(UNLIMITED, "input_limit", activation.inputLimit(), node);
  }

  static Activation read(JsonFields fields, String key, Activation otherwise) {
    return fields.has(key) ? read(fields, key) : otherwise;
  }

  static Activation read(JsonFields fields, String key) {
    if (fields.isText(key)) {
      Kind kind = fields.choice(key, Kind.class);
      if (hasAlpha(kind)) {
        throw new IllegalArgumentException(
            "%s: %s needs numbers, as in {\"kind\": \"%s\", \"alpha\": 0.2%s}"
                .formatted(
                    key,
                    fields.text(key),
                    fields.text(key),
                    hasBeta(kind) ? ", \"beta\": 0.5" : ""));
      }
      return new Activation(kind, 0, 0, UNLIMITED);
    }
    JsonFields object = fields.object(key);
    return object.make(
        () -> {
          Kind kind = object.choice("kind", Kind.class);
          return new Activation(
              kind,
              hasAlpha(kind) ? object.number("alpha") : 0,
              hasBeta(kind) ? object.number("beta") : 0,
              object.number("input_limit", UNLIMITED));
        });
  }

  private static boolean hasAlpha(Kind kind) {
    return switch (kind) {
      case AFFINE, HARD_SIGMOID, SCALED_TANH, LEAKY_RELU, THRESHOLDED_RELU, ELU -> true;
      case TANH, SIGMOID, RELU, SOFTSIGN, SOFTPLUS -> false;
    };
  }

  private static boolean hasBeta(Kind kind) {
    return switch (kind) {
      case AFFINE, HARD_SIGMOID, SCALED_TANH -> true;
      case LEAKY_RELU, THRESHOLDED_RELU, ELU, TANH, SIGMOID, RELU, SOFTSIGN, SOFTPLUS -> false;
    };
  }
}
