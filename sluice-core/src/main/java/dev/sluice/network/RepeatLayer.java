package dev.sluice.network;

import dev.sluice.layer.PaddedBatch;
import dev.sluice.parameter.ParameterSpec;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Each vector as a sequence of equal steps: Keras's {@code RepeatVector}.
 *
 * @param steps how many
 */
public record RepeatLayer(String name, int steps) implements NetworkLayer {
  /** Fails when there is no step. */
  public RepeatLayer {
    if (steps < 1) {
      throw new IllegalArgumentException(
          "%s: a sequence has at least 1 step, got %d".formatted(name, steps));
    }
  }

  @Override
  public List<ParameterSpec> parameters() {
    return List.of();
  }

  @Override
  public Shape shape(Shape input) {
    if (input.sequences()) {
      throw new IllegalArgumentException(
          name
              + " repeats one vector for each sequence, but what stands before it gives sequences");
    }
    return Shape.sequences(input.width());
  }

  @Override
  public Features forward(Features x) {
    int batch = x.data().rows();
    int[] rows = IntStream.range(0, batch * steps).map(row -> row / steps).toArray();
    return Features.sequences(x.data().gather(rows), PaddedBatch.full(batch, steps));
  }
}
