package dev.sluice.layer;

import dev.sluice.matrix.Packing;
import dev.sluice.parameter.Initializer;
import dev.sluice.parameter.ParameterSpec;
import dev.sluice.tape.PackedSequence;
import dev.sluice.tape.Tape;
import java.util.List;

/**
 * A learned vector for each of {@code size} tokens, as PyTorch's {@code nn.Embedding}: {@code
 * NAME.weight} (size, width), starting from N(0, 1).
 */
public record Embedding(String name, int size, int width) implements Layer {
  @Override
  public List<ParameterSpec> parameters() {
    return List.of(ParameterSpec.table(name + ".weight", size, width, Initializer.normal(1)));
  }

  /**
   * The vectors of the tokens, (steps of all sequences, width).
   *
   * @param tokens one for each row of {@code packing}, in 0 to size - 1
   */
  public PackedSequence forward(Tape tape, Packing packing, int... tokens) {
    for (int token : tokens) {
      if (token < 0 || token >= size) {
        throw new IllegalArgumentException(
            "token %d is not in the vocabulary of %s, 0 to %d".formatted(token, name, size - 1));
      }
    }
    return new PackedSequence(packing, tape.weight(name + ".weight").gather(tokens));
  }
}
