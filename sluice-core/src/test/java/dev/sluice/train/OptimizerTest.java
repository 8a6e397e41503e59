package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.Workers;
import dev.sluice.matrix.RandomKey;
import dev.sluice.parameter.Initializer;
import dev.sluice.parameter.ParameterSpec;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Backend;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What optimizers keep and how they are called; that they are PyTorch's is shown in sluice-io. */
class OptimizerTest {
  private static final int SIZE = 3 * Blocks.SIZE + 17;

  /** Parameters and gradients that a few steps have changed. */
  private static Parameters stepped(Optimizer optimizer, Backend backend, int from, int to) {
    Parameters parameters =
        new Parameters(List.of(ParameterSpec.bias("w", SIZE, Initializer.uniform(1))));
    parameters.initialize(RandomKey.of(1));
    step(optimizer, parameters, backend, from, to);
    return parameters;
  }

  private static void step(
      Optimizer optimizer, Parameters parameters, Backend backend, int from, int to) {
    for (int step = from; step < to; step++) {
      float[] g = parameters.gradients();
      for (int i = 0; i < SIZE; i++) {
        g[i] = RandomKey.of(step).uniform(i) - 0.3f;
      }
      optimizer.step(backend, parameters, 0.01f);
    }
  }

  @Test
  void gradientsAreZeroAfterAStep() {
    Backend backend = new Backend(KernelProvider.choose().kernels(), Workers.SINGLE);
    assertThat(stepped(new Sgd(), backend, 0, 1).gradients()).hasSize(SIZE + 15).containsOnly(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sgd",
        "sgd(0.9, nesterov=true)",
        "adam(weight_decay=0.1)",
        "adamw",
        "rmsprop(momentum=0.5)",
        "adagrad(initial=0.1)"
      })
  void goesOnFromWhatWasSavedOnAnyNumberOfThreads(String rule) {
    Backend one = new Backend(KernelProvider.choose().kernels(), Workers.SINGLE);
    float[] whole = stepped(Optimizer.named(rule), one, 0, 5).values();

    Optimizer first = Optimizer.named(rule);
    Parameters parameters = stepped(first, one, 0, 3);
    assertThat(first.steps()).isEqualTo(3);
    Map<String, float[]> saved = new LinkedHashMap<>();
    first.moments().forEach((name, moment) -> saved.put(name, moment.clone()));
    Optimizer second = Optimizer.named(rule);
    second.restore(3, saved);
    try (Workers workers = Workers.of(3)) {
      step(second, parameters, new Backend(one.kernels(), workers), 3, 5);
    }
    assertThat(parameters.values()).isEqualTo(whole);
  }

  @Test
  void doesNotGoOnFromAnotherRule() {
    assertThatThrownBy(() -> new Adam().restore(1, Map.of("momentum", new float[3])))
        .hasMessage(
            "the optimizer keeps [m, v], but [momentum] were saved; was it another optimizer?");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          lion | unknown optimizer "lion"; known are sgd(momentum, nesterov, weight_decay), adam(
          sgd(momentum=1) | momentum: expected 0 or more and less than 1, got 1.0
          sgd(nesterov=true) | nesterov needs a momentum, such as 0.9
          sgd(0.9, nesterov=yes) | nesterov: expected true or false, got "yes"
          adam(decay=0.1) | optimizer "adam(decay=0.1)": it has no decay; it takes beta1, beta2, epsilon
          adam(epsilon=0) | epsilon: expected above 0, got 0.0
          adamw(weight_decay=-1) | weight_decay: expected 0 or more, got -1.0
          rmsprop(alpha=NaN) | alpha: expected 0 or more and less than 1, got NaN
          """)
  void whatCannotBeRead(String text, String message) {
    assertThatThrownBy(() -> Optimizer.named(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
