package dev.sluice.cli;

import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One sequence of numbers as a line of JSON: {@code [[1, 2], [3, 4]]} for two steps of two features, or
 * {@code [5, 3, 9]} for three steps of one, such as numbers of tokens.
 *
 * @param numbers (T·features), step by step
 */
// The array is the point of this record, and no lines are compared.
@SuppressWarnings("ArrayRecordComponent")
record SequenceLine(int steps, float[] numbers) {
  private static final JsonMapper JSON = new JsonMapper();

  /**
   * Reads a line.
   *
   * @param number of the line, for messages
   * @throws UserException when it is no sequence of at least one step of {@code features}
   */
  static SequenceLine parse(long number, String line, int features) {
    JsonNode steps = tree(number, line);
    if (!steps.isArray() || steps.isEmpty()) {
      throw problem(
          number, "expected a list of steps, found %s".formatted(shown(steps.toString())));
    }
    float[] numbers = new float[Math.multiplyExact(steps.size(), features)];
    int count = 0;
    for (JsonNode step : steps.values()) {
      if (features == 1 && step.isNumber()) {
        numbers[count] = finite(number, count, step);
        count++;
        continue;
      }
      if (!step.isArray() || step.size() != features) {
        throw problem(
            number,
            "step %d: expected %d numbers, found %s"
                .formatted(count / features, features, shown(step.toString())));
      }
      for (JsonNode feature : step.values()) {
        if (!feature.isNumber()) {
          throw problem(
              number,
              "step %d: expected a number, found %s"
                  .formatted(count / features, shown(feature.toString())));
        }
        numbers[count] = finite(number, count / features, feature);
        count++;
      }
    }
    return new SequenceLine(steps.size(), numbers);
  }

  private static float finite(long line, int step, JsonNode found) {
    float value = found.numberValue().floatValue();
    if (!Float.isFinite(value)) {
      throw problem(
          line, "step %d: %s is no finite number".formatted(step, shown(found.toString())));
    }
    return value;
  }

  private static JsonNode tree(long number, String line) {
    try {
      return JSON.readTree(line);
    } catch (JacksonException e) {
      throw new UserException(
          "line %d: no valid JSON; expected a list of steps, as in [[0.5, 1], [0, 2]], found %s"
              .formatted(number, shown(line)),
          e);
    }
  }

  private static UserException problem(long number, String problem) {
    return new UserException("line %d: %s".formatted(number, problem));
  }

  private static String shown(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "...";
  }

  /** The lines as one padded batch, (B·T, features), step t of line b in row b·T + t. */
  static float[] padded(List<SequenceLine> lines, int steps, int features) {
    float[] padded = new float[Math.multiplyExact(lines.size() * steps, features)];
    int b = 0;
    for (SequenceLine line : lines) {
      System.arraycopy(line.numbers, 0, padded, b++ * steps * features, line.numbers.length);
    }
    return padded;
  }
}
