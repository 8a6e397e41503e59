package dev.sluice.train;

import dev.sluice.data.TokenStreams;
import dev.sluice.layer.DetachedState;
import dev.sluice.loss.CrossEntropy;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.RandomKey;
import dev.sluice.model.LanguageModel;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.List;
import java.util.Map;

/**
 * Teaches a {@link LanguageModel} by truncated backpropagation through time, and judges it. Parallel
 * streams are read window by window; the state at the end of a window is where the next one begins, and
 * no gradient flows back through it. Every epoch begins with a state of zeros.
 */
public final class LanguageModeling implements Objective {
  /** Rows of scores that are judged at a time; it changes memory and no figure. */
  private static final int EVALUATION_ROWS = 512;

  private static final String STATE = "state";

  /** What the losses of a window's steps, B · T of them, become one by. */
  public enum Reduction {
    /** Their mean. */
    MEAN,
    /** The mean over the streams of the sum over the steps, as in TensorFlow's PTB tutorial. */
    SUM_OVER_STEPS
  }

  private final LanguageModel model;
  private final TokenStreams training;
  private final TokenStreams validation;
  private final int steps;
  private final Reduction reduction;
  private DetachedState carried;

  /**
   * Training of {@code model} on {@code training}, judged by {@code validation}.
   *
   * @param steps of a window, T
   * @param reduction what gradients are of; the loss that is told is the mean in any case
   */
  public LanguageModeling(
      LanguageModel model,
      TokenStreams training,
      TokenStreams validation,
      int steps,
      Reduction reduction) {
    this.model = model;
    this.training = training;
    this.validation = validation;
    this.steps = steps;
    this.reduction = reduction;
    this.carried = zeros(model, training.streams());
  }

  @Override
  public Parameters parameters() {
    return model.parameters();
  }

  @Override
  public int beginEpoch(int epoch) {
    carried = zeros(model, training.streams());
    return training.windows(steps);
  }

  @Override
  public int batchSize(int batch) {
    return training.streams() * training.steps(batch, steps);
  }

  @Override
  public String unit() {
    return switch (model.config().tokenizer()) {
      case WORDS -> "words";
      case CHARACTERS -> "characters";
    };
  }

  @Override
  public Var loss(Tape tape, int batch) {
    TokenStreams.Window window = training.window(batch, steps);
    LanguageModel.Result result = model.forward(tape, window, carried);
    carried = result.state().detach();
    return CrossEntropy.meanInPlace(result.logits(), window.targets());
  }

  @Override
  public float gradientScale(int batch) {
    return switch (reduction) {
      case MEAN -> 1;
      case SUM_OVER_STEPS -> training.steps(batch, steps);
    };
  }

  @Override
  public Score validate(Tape tape) {
    return score(tape, model, validation);
  }

  @Override
  public void glance(Tape tape) {
    TokenStreams.Window window = validation.window(0, evaluationSteps(validation));
    model.forward(tape, window, zeros(model, validation.streams()));
  }

  /** The mean loss of a token of {@code text}, in nats, and its perplexity, read from a state of zeros. */
  public static Score score(Tape tape, LanguageModel model, TokenStreams text) {
    double loss = loss(tape, model, text);
    return new Score(loss, Metric.PERPLEXITY, StrictMath.exp(loss));
  }

  private static double loss(Tape tape, LanguageModel model, TokenStreams text) {
    DetachedState state = zeros(model, text.streams());
    int length = evaluationSteps(text);
    double sum = 0;
    for (int w = 0; w < text.windows(length); w++) {
      tape.reset(RandomKey.of(0));
      TokenStreams.Window window = text.window(w, length);
      LanguageModel.Result result = model.forward(tape, window, state);
      state = result.state().detach();
      Var mean = CrossEntropy.meanInPlace(result.logits(), window.targets());
      sum += (double) mean.value().get(0, 0) * window.targets().length;
    }
    return sum / text.targets();
  }

  private static int evaluationSteps(TokenStreams text) {
    return Math.max(1, EVALUATION_ROWS / text.streams());
  }

  @Override
  public Map<String, float[]> carried() {
    List<Matrix> parts = carried.cells().stream().flatMap(List::stream).toList();
    float[] all = new float[parts.stream().mapToInt(p -> p.data.length).sum()];
    int at = 0;
    for (Matrix part : parts) {
      System.arraycopy(part.data, 0, all, at, part.data.length);
      at += part.data.length;
    }
    return Map.of(STATE, all);
  }

  @Override
  public void carry(Map<String, float[]> saved) {
    float[] all = saved.getOrDefault(STATE, new float[0]);
    carried = zeros(model, training.streams());
    int at = 0;
    for (List<Matrix> parts : carried.cells()) {
      for (Matrix part : parts) {
        part.copyFrom(Matrix.window(all, at, part.rows, part.cols));
        at += part.data.length;
      }
    }
  }

  private static DetachedState zeros(LanguageModel model, int streams) {
    return new DetachedState(
        model.recurrent().cells().stream()
            .map(cell -> cell.stateSizes().stream().map(n -> Matrix.zeros(streams, n)).toList())
            .toList());
  }
}
