package dev.sluice.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.kernel.ScalarKernels;
import dev.sluice.kernel.Workers;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.RandomKey;
import dev.sluice.parameter.Initializer;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Backend;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Dense layers and embeddings: first values as chosen, and mistakes. */
class DenseTest {
  private static final Initializer TWO = Initializer.constant(2);

  private final Dense dense = new Dense("dense", 3, 2, TWO, Initializer.ones());
  private final Embedding embedding = new Embedding("embedding", 4, 3, TWO);
  private final Tape tape = tape();

  private Tape tape() {
    var specs = new ArrayList<>(dense.parameters());
    specs.addAll(embedding.parameters());
    Parameters parameters = new Parameters(specs);
    parameters.initialize(RandomKey.of(1));
    return Tape.inference(new Backend(new ScalarKernels(), Workers.SINGLE), parameters);
  }

  @Test
  void startsAsChosen() {
    Var vectors = embedding.forward(tape, 3, 0);
    assertThat(vectors.value().toArray()).containsExactly(2, 2, 2, 2, 2, 2);
    assertThat(dense.forward(vectors).value().toArray()).containsExactly(13, 13, 13, 13);
  }

  @Test
  void startsAsInPyTorchUnlessChosen() {
    Parameters parameters = new Parameters(new Dense("dense", 16, 50).parameters());
    parameters.initialize(RandomKey.of(1));
    for (var p : List.of(parameters.get("dense.weight"), parameters.get("dense.bias"))) {
      float[] values = p.value().toArray();
      Arrays.sort(values);
      assertThat(values[0]).isBetween(-0.25f, -0.2f);
      assertThat(values[values.length - 1]).isBetween(0.2f, 0.25f);
    }
  }

  @Test
  void mistakesAreNamed() {
    assertThatThrownBy(() -> dense.forward(tape.constant(Matrix.zeros(2, 4))))
        .hasMessage("dense: expected an input of 3 features, got 4");
    assertThatThrownBy(() -> new Dense("dense", 0, 4))
        .hasMessage("dense: a dense layer needs at least 1 input and 1 output, got 0 and 4");
    assertThatThrownBy(() -> new Embedding("embedding", 5, 0))
        .hasMessage(
            "embedding: an embedding needs at least 1 token and vectors of at least 1, got 5 and"
                + " 0");
    assertThatThrownBy(() -> embedding.forward(tape, 1, 4))
        .hasMessage("token 4 is not in the vocabulary of embedding, 0 to 3");
  }
}
