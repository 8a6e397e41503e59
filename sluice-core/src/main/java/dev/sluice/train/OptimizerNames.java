package dev.sluice.train;

/** Optimizers by their names and arguments, with PyTorch's names and defaults. */
final class OptimizerNames {
  private static final String KNOWN =
      "sgd(momentum, nesterov, weight_decay), adam(beta1, beta2, epsilon, weight_decay), adamw(the"
          + " same), rmsprop(alpha, epsilon, momentum, weight_decay), adagrad(initial, epsilon,"
          + " weight_decay), all with defaults";

  private OptimizerNames() {}

  static Optimizer parse(String text) {
    Arguments of = Arguments.parse("optimizer", text, KNOWN);
    Optimizer optimizer =
        switch (of.name()) {
          case "sgd" -> sgd(of);
          case "adam" -> adam(of, Adam.Settings.ADAM);
          case "adamw" -> adam(of, Adam.Settings.ADAMW);
          case "rmsprop" ->
              new RmsProp(
                  of.number("alpha", 0.99),
                  of.number("epsilon", 1e-8),
                  of.number("momentum", 0),
                  of.number("weight_decay", 0));
          case "adagrad" ->
              new Adagrad(
                  of.number("initial", 0),
                  of.number("epsilon", 1e-10),
                  of.number("weight_decay", 0));
          default -> throw Arguments.unknown("optimizer", text, KNOWN);
        };
    of.requireNoOther();
    return optimizer;
  }

  private static Optimizer sgd(Arguments of) {
    return new Sgd(of.number("momentum", 0), of.flag("nesterov"), of.number("weight_decay", 0));
  }

  private static Optimizer adam(Arguments of, Adam.Settings defaults) {
    return new Adam(
        new Adam.Settings(
            of.number("beta1", defaults.beta1()),
            of.number("beta2", defaults.beta2()),
            of.number("epsilon", defaults.epsilon()),
            of.number("weight_decay", defaults.weightDecay()),
            defaults.decoupled()));
  }
}
