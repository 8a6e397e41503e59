package dev.sluice.network;

import dev.sluice.layer.Embedding;
import dev.sluice.layer.PaddedBatch;
import dev.sluice.parameter.ParameterSpec;
import java.util.List;

/**
 * A learned vector for each token. Reads steps of one feature, the number of the token: 0 to size - 1.
 *
 * @param embedding the vectors
 * @param maskZero whether token 0 is padding, so that its steps are not real; Keras's {@code mask_zero}
 */
public record EmbeddingLayer(Embedding embedding, boolean maskZero) implements NetworkLayer {
  @Override
  public String name() {
    return embedding.name();
  }

  @Override
  public List<ParameterSpec> parameters() {
    return embedding.parameters();
  }

  @Override
  public Shape shape(Shape input) {
    return input.requireSequences(this).requireWidth(this, 1).withWidth(embedding.width());
  }

  @Override
  public Features forward(Features x) {
    PaddedBatch steps = x.requireSteps(this);
    int[] tokens = new int[x.data().rows()];
    boolean[] known = new boolean[tokens.length];
    for (int r = 0; r < tokens.length; r++) {
      tokens[r] = token(x.data().value().get(r, 0));
      known[r] = !maskZero || tokens[r] != 0;
    }
    Features vectors = x.with(embedding.forward(x.tape(), tokens));
    return maskZero ? Features.sequences(vectors.data(), steps.where(known)) : vectors;
  }

  private int token(float number) {
    int token = (int) number;
    if (token != number) {
      throw new IllegalArgumentException(
          "%s reads numbers of tokens, 0 to %d; got %s"
              .formatted(name(), embedding.size() - 1, number));
    }
    return token;
  }
}
