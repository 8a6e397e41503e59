package dev.sluice.tape;

import dev.sluice.kernel.Kernels;
import dev.sluice.kernel.Workers;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.RandomKey;
import dev.sluice.parameter.Parameters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Records operations while they compute, and walks them backwards to add up gradients.
 *
 * <p>Operations are coarse: a product, or a whole LSTM over a batch of sequences, is one entry, so
 * recording costs nothing measurable. The operations themselves are methods of {@link Var}; whoever
 * needs a new one calls {@link #record}.
 *
 * <pre>
 *   tape.reset(key);
 *   Var loss = ...;
 *   tape.backward(loss);      // adds to the gradients of the parameters
 * </pre>
 *
 * <p>One thread uses a tape, for one step at a time. All values of a step live in the tape's own
 * memory and are void after {@link #reset}: copy what must stay.
 */
public final class Tape {
  private final Backend backend;
  private final Parameters parameters;
  private final boolean training;
  private final Optional<Watcher> watcher;
  private final Workspace workspace = new Workspace();
  private final List<Runnable> backwards = new ArrayList<>();
  private final Map<String, Var> weights = new HashMap<>();
  private RandomKey key = RandomKey.of(0);
  private long keysTaken;
  private boolean walked;

  private Tape(
      Backend backend, Parameters parameters, boolean training, Optional<Watcher> watcher) {
    this.backend = backend;
    this.parameters = parameters;
    this.training = training;
    this.watcher = watcher;
  }

  /** A tape that records, and on which dropout drops. */
  public static Tape training(Backend backend, Parameters parameters) {
    return new Tape(backend, parameters, true, Optional.empty());
  }

  /** A tape that computes values only, without dropout. */
  public static Tape inference(Backend backend, Parameters parameters) {
    return new Tape(backend, parameters, false, Optional.empty());
  }

  /**
   * As {@link #inference}, but all cells run by their formulas, and {@code watcher} sees what these
   * name.
   */
  public static Tape watched(Backend backend, Parameters parameters, Watcher watcher) {
    return new Tape(backend, parameters, false, Optional.of(watcher));
  }

  /** Forgets the last step and takes its memory back; {@code key} seeds the randomness of the next. */
  public void reset(RandomKey key) {
    backwards.clear();
    weights.clear();
    workspace.reset();
    this.key = key;
    keysTaken = 0;
    walked = false;
  }

  /** The weights that operations on this tape use. */
  public Parameters parameters() {
    return parameters;
  }

  /** Whether gradients are recorded and dropout drops. */
  public boolean isTraining() {
    return training;
  }

  /** Who is to see the values inside of formulas. */
  public Optional<Watcher> watcher() {
    return watcher;
  }

  @SuppressWarnings("exports") // kernels are for Sluice's own packages
  public Kernels kernels() {
    return backend.kernels();
  }

  @SuppressWarnings("exports") // kernels are for Sluice's own packages
  public Workers workers() {
    return backend.workers();
  }

  /** A value that needs no gradient. */
  public Var constant(Matrix value) {
    return new Var(this, value, false);
  }

  /** An input whose gradient is wanted: {@link Var#gradient} holds it after {@link #backward}. */
  public Var input(Matrix value) {
    return new Var(this, value, training);
  }

  /** The parameter of that name; gradients are added to those of the tape's {@link Parameters}. */
  public Var weight(String name) {
    return weights.computeIfAbsent(name, n -> new Var(this, parameters.get(n), training));
  }

  /** Memory until the next reset, elements arbitrary. */
  public Matrix allocate(int rows, int cols) {
    return workspace.take(rows, cols);
  }

  /** Memory until the next reset, all zero. */
  public Matrix zeros(int rows, int cols) {
    Matrix m = allocate(rows, cols);
    m.fill(0);
    return m;
  }

  /** A fresh key for an operation that draws random numbers: the same one for the same place in the same step. */
  public RandomKey nextKey() {
    return key.fold(keysTaken++);
  }

  /** The result of an operation: it needs a gradient when one of {@code inputs} does. */
  public Var result(Matrix value, Var... inputs) {
    boolean needsGradient = false;
    for (Var input : inputs) {
      needsGradient |= input.needsGradient();
    }
    return new Var(this, value, needsGradient);
  }

  /**
   * Records how gradients flow back through the operation that made {@code results}. {@code
   * backward} adds to the gradient of each input that {@link Var#needsGradient}; it runs when at
   * least one result has received a gradient.
   */
  public void record(Runnable backward, Var... results) {
    for (Var result : results) {
      if (result.needsGradient()) {
        backwards.add(() -> runIfReached(backward, results));
        return;
      }
    }
  }

  /**
   * Adds the gradient of {@code loss} to every parameter and input it was computed from. Once for
   * each reset, because operations reuse the memory of their values for their gradients.
   *
   * @throws IllegalArgumentException when the loss is not one number
   * @throws IllegalStateException on an inference tape, or the second time
   */
  public void backward(Var loss) {
    if (!training) {
      throw new IllegalStateException("this tape records nothing; make it with Tape.training");
    }
    if (walked) {
      throw new IllegalStateException(
          "backward ran already; add the losses to one, or reset the tape");
    }
    Matrix.requireShape("loss", loss.value(), 1, 1);
    walked = true;
    Matrix gradient = loss.gradient();
    gradient.set(0, 0, gradient.get(0, 0) + 1);
    for (int i = backwards.size() - 1; i >= 0; i--) {
      backwards.get(i).run();
    }
  }

  private static void runIfReached(Runnable backward, Var... results) {
    for (Var result : results) {
      if (result.hasGradient()) {
        backward.run();
        return;
      }
    }
  }
}
