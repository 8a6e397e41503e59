package dev.sluice.network;

import dev.sluice.layer.Layer;

/**
 * A layer that can stand in the chain of a {@link Network}. The set is closed: what can be saved and
 * exported is exactly this.
 */
public sealed interface NetworkLayer extends Layer
    permits ActivationLayer,
        DenseLayer,
        DropoutLayer,
        EmbeddingLayer,
        FlattenLayer,
        LastStepLayer,
        MaskingLayer,
        RecurrentLayer,
        RepeatLayer,
        SoftmaxLayer {
  /** Its name, unique in the network; names of parameters begin with it. */
  String name();

  /**
   * What it gives when it reads {@code input}.
   *
   * @throws IllegalArgumentException when it cannot read that
   */
  Shape shape(Shape input);

  /** What it makes of {@code x}, which has a shape that it can read. */
  Features forward(Features x);
}
