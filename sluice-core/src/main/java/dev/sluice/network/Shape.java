package dev.sluice.network;

/**
 * What a layer of a {@link Network} reads or gives, whatever the batch.
 *
 * @param sequences whether there is a row for each step; otherwise one for each sequence
 * @param width features of a row
 */
public record Shape(boolean sequences, int width) {
  /** Steps of {@code width} features. */
  public static Shape sequences(int width) {
    return new Shape(true, width);
  }

  /** One vector of {@code width} features for each sequence. */
  public static Shape vectors(int width) {
    return new Shape(false, width);
  }

  /** Of the same kind, with another width. */
  public Shape withWidth(int other) {
    return new Shape(sequences, other);
  }

  /** Fails unless it has the width that a layer reads. */
  Shape requireWidth(NetworkLayer layer, int expected) {
    if (width != expected) {
      throw new IllegalArgumentException(
          "%s reads %d features, but what stands before it gives %d"
              .formatted(layer.name(), expected, width));
    }
    return this;
  }

  /** Fails unless it is of sequences. */
  Shape requireSequences(NetworkLayer layer) {
    if (!sequences) {
      throw new IllegalArgumentException(
          "%s reads sequences, but what stands before it gives one vector for each; does that layer have to return all its outputs (return_sequences)?"
              .formatted(layer.name()));
    }
    return this;
  }

  @Override
  public String toString() {
    return sequences ? "(B, T, %d)".formatted(width) : "(B, %d)".formatted(width);
  }
}
