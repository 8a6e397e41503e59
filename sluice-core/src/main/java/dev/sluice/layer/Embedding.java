package dev.sluice.layer;

import dev.sluice.parameter.Initializer;
import dev.sluice.parameter.ParameterSpec;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.List;

/**
 * A learned vector for each of {@code size} tokens, as PyTorch's {@code nn.Embedding}: {@code
 * NAME.weight} (size, width).
 *
 * @param name prefix of the parameter's name
 * @param size how many tokens there are
 * @param width length of a vector
 * @param vectors how the vectors start
 */
public record Embedding(String name, int size, int width, Initializer vectors) implements Layer {
  /** Fails when a size is below 1. */
  public Embedding {
    if (size < 1 || width < 1) {
      throw new IllegalArgumentException(
          "%s: an embedding needs at least 1 token and vectors of at least 1, got %d and %d"
              .formatted(name, size, width));
    }
  }

  /**
   * Vectors start uniform in ±0.05, Keras's default, and not from PyTorch's N(0, 1): the vector of a
   * rare token stays about where it starts, and a large one drowns the others.
   */
  public Embedding(String name, int size, int width) {
    this(name, size, width, Initializer.uniform(0.05f));
  }

  @Override
  public List<ParameterSpec> parameters() {
    return List.of(ParameterSpec.table(name + ".weight", size, width, vectors));
  }

  /**
   * The vectors of the tokens, (n, width).
   *
   * @param tokens n numbers in 0 to size - 1
   */
  public Var forward(Tape tape, int... tokens) {
    for (int token : tokens) {
      if (token < 0 || token >= size) {
        throw new IllegalArgumentException(
            "token %d is not in the vocabulary of %s, 0 to %d".formatted(token, name, size - 1));
      }
    }
    return tape.weight(name + ".weight").gather(tokens);
  }
}
