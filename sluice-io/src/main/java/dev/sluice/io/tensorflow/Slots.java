package dev.sluice.io.tensorflow;

import dev.sluice.io.StoredTensor;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Tells variables of optimizers and training from those of models. A slot is named after the variable it is
 * for: {@code kernel/Adam} and {@code kernel/Adam_1}; {@code contrib} put {@code OptimizeLoss/} before it.
 */
final class Slots {
  private static final Pattern SLOT =
      Pattern.compile(
          "(.*)/(?:Adam|AdaMax|Nadam|Momentum|RMSProp|Adagrad|AdagradDA|Adadelta|Ftrl|LazyAdam|AMSGrad"
              + "|ExponentialMovingAverage)(?:_\\d+)?");

  /** Single numbers that training keeps. */
  private static final Pattern COUNTER =
      Pattern.compile(
          "(?:.*/)?(?:beta[12]_power|global_step|learning_rate|save_counter)(?:_\\d+)?");

  private Slots() {}

  /** Whether {@code variable} is of training; {@code all} are all variables by name. */
  static boolean isSlot(StoredTensor variable, Map<String, StoredTensor> all) {
    String name = variable.name();
    StoredTensor of = all.get(name.substring(0, Math.max(0, name.lastIndexOf('/'))));
    boolean likeItsVariable = of != null && of.shape().equals(variable.shape());
    return likeItsVariable || SLOT.matcher(name).matches() || COUNTER.matcher(name).matches();
  }
}
