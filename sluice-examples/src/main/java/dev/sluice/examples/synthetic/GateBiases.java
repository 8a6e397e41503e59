package dev.sluice.examples.synthetic;

import dev.sluice.parameter.Initializer;

/**
 * How the biases of an LSTM start when it is known beforehand for how long it will have to remember. They are
 * (1, 4H), gates in the order i f g o; what is not said starts as 0.
 */
final class GateBiases {
  private GateBiases() {}

  /** The same for each unit. */
  static Initializer of(float input, float forget) {
    return (m, key) -> {
      int hidden = m.cols / 4;
      m.fill(0);
      m.columnRange(0, hidden).fill(input);
      m.columnRange(hidden, 2 * hidden).fill(forget);
    };
  }

  /**
   * Chrono initialisation (Tallec and Ollivier 2018): units that remember for 1 to {@code steps} - 1 steps,
   * b_f = log u with u uniform in between, and b_i = -b_f.
   */
  static Initializer chrono(int steps) {
    return (m, key) -> {
      int hidden = m.cols / 4;
      m.fill(0);
      for (int unit = 0; unit < hidden; unit++) {
        float bias = (float) StrictMath.log(1 + (steps - 2) * key.uniform(unit));
        m.set(0, unit, -bias);
        m.set(0, hidden + unit, bias);
      }
    };
  }
}
