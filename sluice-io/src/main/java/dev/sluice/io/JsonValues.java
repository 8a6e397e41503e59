package dev.sluice.io;

import dev.sluice.tape.Activation;
import tools.jackson.databind.node.ObjectNode;

/** Keys that are written only when their value is not the usual one. */
final class JsonValues {
  private JsonValues() {}

  static ObjectNode unless(boolean usual, String key, boolean value, ObjectNode node) {
    return value == usual ? node : node.put(key, value);
  }

  static ObjectNode unless(float usual, String key, float value, ObjectNode node) {
    return value == usual ? node : node.put(key, finite(key, value));
  }

  static ObjectNode unless(int usual, String key, int value, ObjectNode node) {
    return value == usual ? node : node.put(key, value);
  }

  static <E extends Enum<E>> ObjectNode unless(E usual, String key, E value, ObjectNode node) {
    return value == usual ? node : node.put(key, JsonFields.written(value));
  }

  static ObjectNode unless(Activation usual, String key, Activation value, ObjectNode node) {
    return value.equals(usual) ? node : node.set(key, ActivationJson.write(value));
  }

  /** {@code value}, which JSON can only write when it is a number. */
  static float finite(String key, float value) {
    if (!Float.isFinite(value)) {
      throw new IllegalArgumentException(
          "%s is %s, and no number that can be saved".formatted(key, value));
    }
    return value;
  }
}
