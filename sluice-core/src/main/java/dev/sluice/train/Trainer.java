package dev.sluice.train;

import dev.sluice.matrix.RandomKey;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Backend;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import dev.sluice.train.Checkpoints.Occasion;
import dev.sluice.train.TrainingState.Position;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.BooleanSupplier;

/**
 * The training loop, whatever is learned: for each batch gradients, clipping, one optimizer step;
 * after each epoch a score on held-out data. At the end the parameters are those of the best epoch.
 *
 * <p>With the same objective, settings and seed the result has the same bits, whatever the backend,
 * and however often the run was killed and went on from a checkpoint.
 */
public final class Trainer {
  /**
   * How to train.
   *
   * @param epochs passes over the data at the most
   * @param patience stops after that many epochs without a better score; 0: never
   * @param learningRate the base rate
   * @param schedule how the rate changes
   * @param clipNorm limit of the gradients' global norm; infinity for none
   * @param clipValue limit of each gradient, applied after that of the norm; infinity for none
   * @param accumulate batches whose mean gradient makes one step, where the epoch has as many left
   * @param seed of dropout
   */
  public record Settings(
      int epochs,
      int patience,
      float learningRate,
      Schedule schedule,
      float clipNorm,
      float clipValue,
      int accumulate,
      long seed) {}

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
   * What one optimizer step was like.
   *
   * @param number counted from 1, over all epochs
   * @param loss of its batches
   * @param gradientNorm before clipping
   * @param learningRate of this step
   */
  public record Step(long number, float loss, float gradientNorm, float learningRate) {}

  /**
   * How far an epoch is.
   *
   * @param epoch counted from 1
   * @param batch batches done in this epoch
   * @param batches batches of this epoch
   * @param sequences done in this epoch, or what else the objective counts in
   * @param loss mean over the batches of this epoch so far
   * @param seconds since the epoch began
   * @param last the step that was just taken
   */
  public record Progress(
      int epoch, int batch, int batches, long sequences, double loss, double seconds, Step last) {}

  /** Is told how training goes, on the thread that trains. */
  public interface Listener {
    /** After each step. */
    default void onStep(Progress progress) {}

    /** After each epoch. */
    default void onEpoch(Epoch epoch) {}
  }

  private final Backend backend;
  private final Objective objective;
  private final Parameters parameters;
  private final Optimizer optimizer;
  private final Settings settings;
  private final Listener listener;
  private final Checkpoints checkpoints;
  private final Tape training;
  private final Tape inference;
  private final RandomKey key;

  private final List<Epoch> epochs = new ArrayList<>();
  private Position position = Position.START;
  private float[] best = {};
  private Map<String, float[]> carried = Map.of(); // into the epoch that is gone on with

  public Trainer(
      Backend backend,
      Objective objective,
      Optimizer optimizer,
      Settings settings,
      Listener listener,
      Checkpoints checkpoints) {
    this.backend = backend;
    this.objective = objective;
    this.parameters = objective.parameters();
    this.optimizer = optimizer;
    this.settings = settings;
    this.listener = listener;
    this.checkpoints = checkpoints;
    this.training = Tape.training(backend, parameters);
    this.inference = Tape.inference(backend, parameters);
    this.key = RandomKey.of(settings.seed()).fold("dropout");
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
    parameters.zeroGradients();
    try {
      while (!isFinished() && !stop.getAsBoolean()) {
        trainEpoch(stop);
      }
    } finally {
      restoreBest();
    }
    return epochs();
  }

  /** The completed epochs, in their order. */
  public List<Epoch> epochs() {
    return List.copyOf(epochs);
  }

  /**
   * Goes on where another run with the same objective, settings and kind of optimizer was; before {@link
   * #run}.
   *
   * @throws IllegalArgumentException when the state does not fit
   */
  public void resume(TrainingState state) {
    float[] weights = parameters.values();
    if (state.weights().length != weights.length) {
      throw new IllegalArgumentException(
          "the model has %d weights, but %d were saved; was it another model?"
              .formatted(weights.length, state.weights().length));
    }
    optimizer.restore(state.position().steps(), state.arrays(TrainingState.OPTIMIZER));
    System.arraycopy(state.weights(), 0, weights, 0, weights.length);
    parameters.changed();
    best = state.arrays().getOrDefault(TrainingState.BEST, best).clone();
    carried = state.arrays(TrainingState.CARRIED);
    epochs.clear();
    epochs.addAll(state.epochs());
    position = state.position();
  }

  private TrainingState state() {
    SequencedMap<String, float[]> arrays = new LinkedHashMap<>();
    arrays.put(TrainingState.WEIGHTS, parameters.values());
    if (best.length > 0) {
      arrays.put(TrainingState.BEST, best);
    }
    optimizer.moments().forEach((name, a) -> arrays.put(TrainingState.OPTIMIZER + name, a));
    if (position.batch() > 0) {
      objective.carried().forEach((name, a) -> arrays.put(TrainingState.CARRIED + name, a));
    }
    return new TrainingState(position, epochs(), isFinished(), arrays);
  }

  private boolean isFinished() {
    int done = epochs.size();
    boolean patienceEnded = settings.patience() > 0 && done - bestEpoch() >= settings.patience();
    return done >= settings.epochs() || patienceEnded;
  }

  /** The number of the best epoch, 0 when none was completed. */
  private int bestEpoch() {
    return epochs.reversed().stream().filter(Epoch::best).findFirst().map(Epoch::epoch).orElse(0);
  }

  private void trainEpoch(BooleanSupplier stop) {
    long start = System.nanoTime() - (long) (position.seconds() * 1e9);
    int batches = objective.beginEpoch(position.epoch());
    if (!carried.isEmpty()) {
      objective.carry(carried);
      carried = Map.of();
    }
    while (position.batch() < batches) {
      Step step = step(batches, start);
      listener.onStep(progress(batches, step));
      if (stop.getAsBoolean()) {
        checkpoints.offer(Occasion.STOP, this::state);
        return;
      }
      checkpoints.offer(Occasion.STEP, this::state);
    }
    judge(position.lossSum() / batches, start);
    checkpoints.offer(Occasion.EPOCH, this::state);
  }

  /** Validation, and with it the end of the epoch. */
  private void judge(double trainingLoss, long start) {
    inference.reset(RandomKey.of(0));
    Objective.Score score = objective.validate(inference);
    int bestEpoch = bestEpoch();
    boolean better = bestEpoch == 0 || score.isBetterThan(epochs.get(bestEpoch - 1).score());
    if (better) {
      best = parameters.values().clone();
    }
    epochs.add(new Epoch(position.epoch() + 1, trainingLoss, score, better, seconds(start)));
    position = position.nextEpoch();
    listener.onEpoch(epochs.getLast());
  }

  private void restoreBest() {
    if (best.length > 0) {
      System.arraycopy(best, 0, parameters.values(), 0, best.length);
      parameters.changed();
    }
  }

  /** One optimizer step, of one batch or of several. */
  private Step step(int batches, long start) {
    int count = Math.min(settings.accumulate(), batches - position.batch());
    float rate = settings.learningRate() * settings.schedule().factor(moment(batches));
    double lossSum = 0;
    long sequences = 0;
    for (int i = 0; i < count; i++) {
      lossSum += addGradients(i, count);
      sequences += objective.batchSize(position.batch() + i);
    }
    float loss = (float) (lossSum / count);
    float norm = GradientClipping.byNorm(backend, parameters, settings.clipNorm());
    if (!Float.isFinite(loss) || !Float.isFinite(norm)) {
      throw new DivergedException(
          position.epoch() + 1, position.batch() + count, loss, norm, parameters);
    }
    GradientClipping.byValue(backend, parameters, settings.clipValue());
    optimizer.step(backend, parameters, rate);
    position =
        new Position(
            position.epoch(),
            position.batch() + count,
            position.batches() + count,
            optimizer.steps(),
            position.sequences() + sequences,
            position.lossSum() + lossSum,
            seconds(start));
    return new Step(optimizer.steps(), loss, norm, rate);
  }

  /** Adds the gradient of the {@code i}-th of {@code count} batches, and returns its loss. */
  private float addGradients(int i, int count) {
    training.reset(key.fold(position.batches() + i));
    Var loss = objective.loss(training, position.batch() + i);
    float value = loss.value().get(0, 0);
    float scale = objective.gradientScale(position.batch() + i) / count;
    training.backward(scale == 1 ? loss : loss.affine(scale, 0));
    return value;
  }

  private Schedule.Moment moment(int batches) {
    double done = (position.epoch() + position.batch() / (double) batches) / settings.epochs();
    List<Double> losses = epochs.stream().map(epoch -> epoch.score().loss()).toList();
    return new Schedule.Moment(optimizer.steps(), position.epoch(), done, losses);
  }

  private Progress progress(int batches, Step last) {
    return new Progress(
        position.epoch() + 1,
        position.batch(),
        batches,
        position.sequences(),
        position.lossSum() / position.batch(),
        position.seconds(),
        last);
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }
}
