package dev.sluice.network;

import dev.sluice.layer.PaddedBatch;
import dev.sluice.parameter.ParameterSpec;
import dev.sluice.tape.Var;
import java.util.List;
import java.util.stream.IntStream;

/**
 * All steps of a sequence side by side in one vector: Keras's {@code Flatten}. A vector stays what it
 * is.
 *
 * @param steps how many steps a sequence has, padding included
 */
public record FlattenLayer(String name, int steps) implements NetworkLayer {
  @Override
  public List<ParameterSpec> parameters() {
    return List.of();
  }

  @Override
  public Shape shape(Shape input) {
    return input.sequences() ? Shape.vectors(Math.multiplyExact(input.width(), steps)) : input;
  }

  @Override
  public Features forward(Features x) {
    if (x.steps().isEmpty()) {
      return x;
    }
    PaddedBatch batch = x.requireSteps(this);
    if (batch.steps() != steps) {
      throw new IllegalArgumentException(
          "%s flattens sequences of %d steps, got %d; pad them to that length"
              .formatted(name, steps, batch.steps()));
    }
    Var[] parts =
        IntStream.range(0, steps)
            .mapToObj(t -> x.data().gather(step(t, batch.batch())))
            .toArray(Var[]::new);
    return Features.vectors(Var.concat(parts));
  }

  private int[] step(int t, int batch) {
    return IntStream.range(0, batch).map(b -> b * steps + t).toArray();
  }
}
