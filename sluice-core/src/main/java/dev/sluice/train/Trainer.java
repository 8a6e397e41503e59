package dev.sluice.train;

import dev.sluice.matrix.RandomKey;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Backend;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * The training loop: for each batch gradients, clipping, one optimizer step; after each epoch a
 * score on held-out data. At the end the parameters are those of the best epoch.
 *
 * <p>With the same objective, settings and seed the result has the same bits, whatever the backend.
 */
public final class Trainer {
  /**
   * How to train.
   *
   * @param epochs passes over the data at the most
   * @param patience stops after that many epochs without a better score; 0: never
   * @param learningRate the base rate, see {@link Schedule}
   * @param schedule how the rate changes over {@code epochs}
   * @param clip limit of the gradients' global norm; infinity for none
   * @param seed of dropout
   */
  public record Settings(
      int epochs, int patience, float learningRate, Schedule schedule, float clip, long seed) {}

  /**
   * How one epoch went.
   *
   * @param epoch counted from 1
   * @param trainingLoss mean over its batches, while they were learned
   * @param score on held-out data, after it
   * @param best whether this is the best score so far
   * @param seconds for the epoch, validation included
   */
  public record Epoch(
      int epoch, double trainingLoss, Objective.Score score, boolean best, double seconds) {}

  /**
   * How far an epoch is.
   *
   * @param epoch counted from 1
   * @param step batches done in this epoch
   * @param steps batches of this epoch
   * @param sequences done in this epoch
   * @param loss mean over the batches of this epoch so far
   * @param seconds since the epoch began
   */
  public record Progress(
      int epoch, int step, int steps, long sequences, double loss, double seconds) {}

  /** Is told how training goes, on the thread that trains. */
  public interface Listener {
    /** After each step. */
    default void onStep(Progress progress) {}

    /** After each epoch. */
    default void onEpoch(Epoch epoch) {}
  }

  /** Loss or gradients are no longer numbers. */
  public static final class DivergedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    DivergedException(int epoch, int step, float loss, float norm) {
      super(
          "training diverged in epoch %d, step %d: loss %s, gradient norm %s; try a smaller learning rate or a smaller clip"
              .formatted(epoch, step, loss, norm));
    }
  }

  private final Backend backend;
  private final Objective objective;
  private final Optimizer optimizer;
  private final Settings settings;
  private final Listener listener;
  private final Tape training;
  private final Tape inference;
  private final List<Epoch> epochs = new ArrayList<>();
  private float[] best = {};
  private int bestEpoch;
  private long steps;

  public Trainer(
      Backend backend,
      Objective objective,
      Optimizer optimizer,
      Settings settings,
      Listener listener) {
    this.backend = backend;
    this.objective = objective;
    this.optimizer = optimizer;
    this.settings = settings;
    this.listener = listener;
    this.training = Tape.training(backend, objective.parameters());
    this.inference = Tape.inference(backend, objective.parameters());
  }

  /**
   * Trains, once, and leaves the parameters of the best epoch, also when it fails; of the last step
   * when no epoch was completed.
   *
   * @param stop asked after every step; true ends training after it
   * @return the completed epochs
   * @throws DivergedException when loss or gradients are no longer numbers
   */
  public List<Epoch> run(BooleanSupplier stop) {
    try {
      trainEpochs(stop);
    } finally {
      restoreBest();
    }
    return epochs();
  }

  /** The completed epochs, in their order. */
  public List<Epoch> epochs() {
    return List.copyOf(epochs);
  }

  private void trainEpochs(BooleanSupplier stop) {
    for (int e = 1; e <= settings.epochs() && !stop.getAsBoolean(); e++) {
      long start = System.nanoTime();
      double loss = trainEpoch(e, start, stop);
      if (stop.getAsBoolean()) {
        break;
      }
      inference.reset(RandomKey.of(0));
      Objective.Score score = objective.validate(inference);
      boolean better =
          epochs.isEmpty() || score.accuracy() > epochs.get(bestEpoch - 1).score().accuracy();
      if (better) {
        best = objective.parameters().values().clone();
        bestEpoch = e;
      }
      epochs.add(new Epoch(e, loss, score, better, seconds(start)));
      listener.onEpoch(epochs.getLast());
      if (settings.patience() > 0 && e - bestEpoch >= settings.patience()) {
        break;
      }
    }
  }

  private void restoreBest() {
    if (bestEpoch > 0) {
      Parameters parameters = objective.parameters();
      System.arraycopy(best, 0, parameters.values(), 0, best.length);
      parameters.changed();
    }
  }

  private double trainEpoch(int epoch, long start, BooleanSupplier stop) {
    int batches = objective.beginEpoch(epoch - 1);
    long sequences = 0;
    double lossSum = 0;
    for (int b = 0; b < batches; b++) {
      double done = (epoch - 1 + b / (double) batches) / settings.epochs();
      float rate = settings.learningRate() * settings.schedule().factor(done);
      lossSum += step(epoch, b, rate);
      sequences += objective.batchSize(b);
      listener.onStep(
          new Progress(epoch, b + 1, batches, sequences, lossSum / (b + 1), seconds(start)));
      if (stop.getAsBoolean()) {
        return lossSum / (b + 1);
      }
    }
    return lossSum / batches;
  }

  private float step(int epoch, int batch, float rate) {
    training.reset(RandomKey.of(settings.seed()).fold("dropout").fold(steps++));
    objective.parameters().zeroGradients();
    Var loss = objective.loss(training, batch);
    training.backward(loss);
    float value = loss.value().get(0, 0);
    float norm = GradientClipping.byNorm(backend, objective.parameters(), settings.clip());
    if (!Float.isFinite(value) || !Float.isFinite(norm)) {
      throw new DivergedException(epoch, batch + 1, value, norm);
    }
    optimizer.step(backend, objective.parameters(), rate);
    return value;
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }
}
