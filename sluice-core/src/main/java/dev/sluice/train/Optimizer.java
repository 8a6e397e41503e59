package dev.sluice.train;

import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Backend;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Changes parameters by their gradients, element by element. Each belongs to one training run: it
 * counts its steps and may keep moments, arrays laid out like the parameters.
 *
 * <p>A rule says which moments it keeps and how a block of elements is updated; what it counts and
 * keeps is all there is to save for a run that is to go on later.
 */
public abstract class Optimizer {
  /** What one step does to the elements {@code from} to {@code to - 1}. */
  @FunctionalInterface
  protected interface Update {
    void apply(float[] w, float[] g, int from, int to);
  }

  private final SequencedMap<String, float[]> moments = new LinkedHashMap<>();
  private long steps;

  /** A rule that keeps one array for each name, zero at first. */
  protected Optimizer(List<String> moments) {
    moments.forEach(name -> this.moments.put(name, new float[0]));
  }

  /**
   * The optimizer that {@code text} describes: {@code sgd}, {@code sgd(momentum=0.9)}, {@code
   * adamw(weight_decay=0.1)}.
   *
   * @throws IllegalArgumentException when there is none; the message lists what there is
   */
  public static Optimizer named(String text) {
    return OptimizerNames.parse(text);
  }

  /**
   * One step with the gradients that {@code parameters} hold, which are zero afterwards, ready for the next batch: nearly for
   * nothing here, where they are in the cache. {@code learningRate} is this step's.
   */
  public final void step(Backend backend, Parameters parameters, float learningRate) {
    float[] w = parameters.values();
    float[] g = parameters.gradients();
    moments.replaceAll((name, moment) -> moment.length == w.length ? moment : first(w.length));
    steps++;
    Update update = update(learningRate, steps);
    Blocks.run(
        backend.workers(),
        w.length,
        (from, to) -> {
          update.apply(w, g, from, to);
          Arrays.fill(g, from, to, 0);
        });
    parameters.changed();
  }

  /** The update of step {@code step}, counted from 1. */
  protected abstract Update update(float learningRate, long step);

  /** The moments before the first step. */
  protected float[] first(int length) {
    return new float[length];
  }

  /** The array that this rule keeps under {@code name}. */
  protected final float[] moment(String name) {
    return moments.getOrDefault(name, new float[0]);
  }

  /** How many steps were taken. */
  public final long steps() {
    return steps;
  }

  /** The moments by name, as they are now: the arrays themselves, empty before the first step. */
  public final SequencedMap<String, float[]> moments() {
    return Collections.unmodifiableSequencedMap(moments);
  }

  /**
   * Goes on where another optimizer of the same rule was.
   *
   * @param saved what {@link #moments} held; copied
   * @throws IllegalArgumentException when they are another rule's
   */
  public final void restore(long steps, Map<String, float[]> saved) {
    if (!saved.keySet().equals(moments.keySet())) {
      throw new IllegalArgumentException(
          "the optimizer keeps %s, but %s were saved; was it another optimizer?"
              .formatted(moments.keySet(), saved.keySet()));
    }
    this.steps = steps;
    moments.replaceAll((name, moment) -> saved.getOrDefault(name, moment).clone());
  }
}
