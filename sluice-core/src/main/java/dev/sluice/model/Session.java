package dev.sluice.model;

import dev.sluice.kernel.Workers;
import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * One stream: its state, and the memory to step it.
 *
 * <p>A step allocates nothing and makes no system call (but by its formula a cell allocates, see
 * {@link StreamingModel#layers}). A session of 128 LSTM units takes less than 2 KB. One thread at a
 * time may use it; any number of sessions share a model.
 */
public final class Session {
  private final StreamingModel model;
  private final float[] memory;
  private final IntConsumer[] parts; // of each layer
  private int row; // in the batch being stepped

  Session(StreamingModel model) {
    this.model = model;
    this.memory = new float[model.memorySize()];
    this.parts = new IntConsumer[model.layerCount()];
    for (int i = 0; i < parts.length; i++) {
      int layer = i;
      parts[i] = part -> computePart(layer, part);
    }
  }

  /** Takes one step: reads {@link StreamingModel#inputSize} floats of x, writes {@link StreamingModel#outputSize} of y. */
  public void step(float[] x, float[] y) {
    step(x, 0, y, 0);
  }

  /**
   * {@link #step(float[], float[])} with x and y somewhere in larger arrays, which may be one array.
   *
   * @throws IllegalArgumentException when x or y is not all inside its array
   */
  public void step(float[] x, int xAt, float[] y, int yAt) {
    requireRoom("x", x, xAt, model.inputSize(), "inputs");
    requireRoom("y", y, yAt, model.outputSize(), "outputs");
    System.arraycopy(x, xAt, memory, 0, model.inputSize());
    Workers workers = model.backend().workers();
    boolean together = workers.areInDemand();
    for (int layer = 0; layer < model.layerCount(); layer++) {
      StreamLayer current = model.layer(layer);
      current.begin(memory);
      if (together && model.parts(layer) > 1) {
        workers.run(model.parts(layer), parts[layer]);
      } else {
        current.compute(memory, model.scratch(), 0, current.panels());
      }
      current.finish(memory, model.scratch());
    }
    workers.rest();
    System.arraycopy(memory, model.output(), y, yAt, model.outputSize());
  }

  private void computePart(int layer, int p) {
    StreamLayer current = model.layer(layer);
    int parts = model.parts(layer);
    int panels = current.panels();
    current.compute(memory, model.scratch(), panels * p / parts, panels * (p + 1) / parts);
  }

  /** Back to a state of zeros. */
  public void reset() {
    Arrays.fill(memory, 0);
  }

  /**
   * The state as it is now, to be kept or sent somewhere: {@link #restore} of any session of a model
   * with layers of the same kinds and sizes takes it.
   */
  public byte[] save() {
    return SessionState.write(model, memory);
  }

  /**
   * Goes on from a saved state.
   *
   * @throws IllegalArgumentException when it is not what {@link #save} gives, or comes from a
   *     model with other layers; the session is then as it was
   */
  public void restore(byte[] state) {
    SessionState.read(state, model, memory);
  }

  StreamingModel model() {
    return model;
  }

  float[] memory() {
    return memory;
  }

  int row() {
    return row;
  }

  void setRow(int row) {
    this.row = row;
  }

  private static void requireRoom(String name, float[] array, int at, int size, String what) {
    if (at < 0 || at > array.length - size) {
      throw new IllegalArgumentException(
          at == 0
              ? "%s: expected %d floats (the model's %s), got %d"
                  .formatted(name, size, what, array.length)
              : "%s: %d floats (the model's %s) from index %d do not fit in an array of %d"
                  .formatted(name, size, what, at, array.length));
    }
  }
}
