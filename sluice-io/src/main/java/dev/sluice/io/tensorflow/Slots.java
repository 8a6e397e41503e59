package dev.sluice.io.tensorflow;

import dev.sluice.io.StoredTensor;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Tells variables of optimizers and training from those of models. A slot is named after the variable it is
 * for: {@code kernel/Adam} and {@code kernel/Adam_1}; {@code contrib} put {@code OptimizeLoss/} before it,
 * Keras {@code training/Adam/}, and checkpoints of objects {@code .OPTIMIZER_SLOT/} between.
 */
final class Slots {
  private static final String OPTIMIZER =
      "(?:Adam|AdaMax|Adamax|Nadam|LazyAdam|AMSGrad|Momentum|SGD|RMSProp|RMSprop|Adagrad|AdagradDA"
          + "|Adadelta|Ftrl|ExponentialMovingAverage)(?:_\\d+)?";

  private static final Pattern SLOT =
      Pattern.compile(
          "(?:.*/%1$s|(?:.*/)?training(?:_\\d+)?/%1$s/.*|.*/\\.OPTIMIZER_SLOT/.*)"
              .formatted(OPTIMIZER));

  /** Single numbers that training keeps. */
  private static final Pattern COUNTER =
      Pattern.compile(
          ("(?:(?:.*/)?(?:beta[12]_power|global_step|learning_rate|save_counter)(?:_\\d+)?"
               + "|(?:.*/)?(?:%s|optimizer)/(?:iter|iterations|lr|learning_rate|decay|momentum|rho"
               + "|beta_[12]))")
              .formatted(OPTIMIZER));

  private Slots() {}

  /**
   * Whether a variable is of training.
   *
   * @param name of the variable
   * @param all variables by name, to find the one that it may be a slot of
   */
  static boolean isSlot(String name, StoredTensor variable, Map<String, StoredTensor> all) {
    StoredTensor of = all.get(name.substring(0, Math.max(0, name.lastIndexOf('/'))));
    boolean likeItsVariable = of != null && of.shape().equals(variable.shape());
    return likeItsVariable || SLOT.matcher(name).matches() || COUNTER.matcher(name).matches();
  }
}
