package dev.sluice.cli.bench;

import dev.sluice.layer.Dense;
import dev.sluice.layer.Embedding;
import dev.sluice.layer.Layer;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.RandomKey;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Training of LSTM layers with a dense layer behind them, on random sequences of one length; a run is one step of the
 * optimizer, from zero states.
 *
 * @param vocabulary words that an embedding turns into the input; 0: the input is given as numbers
 * @param goal what is learned
 * @param outputs of the dense layer
 * @param dropout on the embedding, between layers and before the dense layer
 * @param clip limit of the gradients' global norm; infinity for none
 * @param batches after so many they repeat
 */
public record TrainingWorkload(
    String id,
    int batch,
    int steps,
    int vocabulary,
    LstmShape lstm,
    Goal goal,
    int outputs,
    float dropout,
    Rule rule,
    float learningRate,
    float clip,
    int batches)
    implements Workload {
  /** Enough that none is learned by heart while it is timed. */
  private static final int BATCHES = 64;

  private static final float NO_CLIP = Float.POSITIVE_INFINITY;

  /** What is learned, and the loss. */
  public enum Goal {
    /** A word after each step; cross-entropy, the mean over all steps. */
    WORDS,
    /** A class for each sequence, from its last output; cross-entropy. */
    CLASS,
    /** A number for each sequence, from its last output; squared error. */
    NUMBER
  }

  /** The optimizer. */
  public enum Rule {
    SGD,
    ADAM
  }

  /**
   * What is learned from in one step; without rows where the workload has no use for it.
   *
   * @param words the input, time-major: T·B numbers below the vocabulary's size
   * @param numbers the input, time-major: (T·B, inputs)
   * @param classes what to answer: for each step, time-major, or for each sequence
   * @param targets what to answer: (B, outputs)
   */
  public record Batch(int[] words, Matrix numbers, int[] classes, Matrix targets) {}

  /** Predicts each next word; sizes and learning rate after Zaremba et al. (2014). */
  public static TrainingWorkload languageModel(
      String id, int batch, int steps, int hidden, float dropout) {
    int vocabulary = 10_000;
    LstmShape lstm = new LstmShape(hidden, hidden, 2, false);
    return new TrainingWorkload(
        id,
        batch,
        steps,
        vocabulary,
        lstm,
        Goal.WORDS,
        vocabulary,
        dropout,
        Rule.SGD,
        1,
        5,
        BATCHES);
  }

  /** Tells which of ten classes a text is of. */
  public static TrainingWorkload classifier(
      String id, int batch, int steps, int vocabulary, LstmShape lstm) {
    return new TrainingWorkload(
        id, batch, steps, vocabulary, lstm, Goal.CLASS, 10, 0, Rule.ADAM, 0.001f, NO_CLIP, BATCHES);
  }

  /** Foretells a number. */
  public static TrainingWorkload forecaster(String id, int batch, int steps, LstmShape lstm) {
    return new TrainingWorkload(
        id, batch, steps, 0, lstm, Goal.NUMBER, 1, 0, Rule.ADAM, 0.001f, NO_CLIP, BATCHES);
  }

  @Override
  public String description() {
    return "train, batch %d, T %d, %sLSTM %s, dense %d%s, %s"
        .formatted(
            batch,
            steps,
            vocabulary == 0 ? "" : "embedding %d x %d, ".formatted(vocabulary, lstm.inputs()),
            lstm,
            outputs,
            dropout == 0 ? "" : ", dropout " + dropout,
            rule);
  }

  /**
   * The same as two engines can be compared by: without dropout, whose random numbers they do not share, and with one batch
   * again and again, whose loss falls as the optimizer does its work.
   */
  public TrainingWorkload reproducible() {
    return new TrainingWorkload(
        id, batch, steps, vocabulary, lstm, goal, outputs, 0, rule, learningRate, clip, 1);
  }

  /** What turns words into input. */
  public Optional<Embedding> embedding() {
    return vocabulary == 0
        ? Optional.empty()
        : Optional.of(new Embedding("embedding", vocabulary, lstm.inputs()));
  }

  /** The last layer. */
  public Dense dense() {
    return new Dense("dense", lstm.outputs(), outputs);
  }

  @Override
  public List<Layer> layers() {
    return Stream.<Layer>concat(embedding().stream(), Stream.of(lstm.recurrent(dropout), dense()))
        .toList();
  }

  @Override
  public List<Metric> metrics() {
    return List.of(
        switch (goal) {
          case WORDS -> Metric.rate("words/s", batch * steps);
          case CLASS -> Metric.rate("sequences/s", batch);
          case NUMBER -> Metric.rate("steps/s", 1);
        });
  }

  /** The batch of that number, from 0. */
  public Batch batch(int number) {
    RandomKey key = key("batch").fold(number);
    boolean embedded = vocabulary > 0;
    int goals = goal == Goal.WORDS ? steps * batch : batch;
    return new Batch(
        below(vocabulary, embedded ? steps * batch : 0, key.fold("words")),
        Workload.uniform(key.fold("numbers"), embedded ? 0 : steps * batch, lstm.inputs()),
        below(outputs, goal == Goal.NUMBER ? 0 : goals, key.fold("classes")),
        Workload.uniform(key.fold("targets"), goal == Goal.NUMBER ? goals : 0, outputs));
  }

  private static int[] below(int bound, int count, RandomKey key) {
    return IntStream.range(0, count).map(i -> key.below(bound, i)).toArray();
  }
}
