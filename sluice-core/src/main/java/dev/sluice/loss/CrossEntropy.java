package dev.sluice.loss;

import dev.sluice.kernel.Elementwise;
import dev.sluice.kernel.Kernels;
import dev.sluice.matrix.Matrix;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;

/**
 * Softmax and its cross-entropy against class numbers, as PyTorch's {@code cross_entropy} with mean
 * reduction. With label smoothing ε (Szegedy et al. 2016) a target is (1 - ε) of its class and ε
 * spread evenly over all K.
 *
 * <pre>
 *   p[k]  = e^(x[k] - max x) / Σⱼ e^(x[j] - max x)
 *   q[k]  = (1 - ε)·[k = target] + ε / K
 *   loss  = mean over rows of -Σₖ q[k]·log p[k]
 *   dx[k] = (p[k] - q[k]) / rows
 * </pre>
 */
public final class CrossEntropy {
  /** Fewer rows than this for each thread are not worth a thread. */
  private static final int ROWS_PER_PART = 16;

  /** Floats that stay in the cache from pass to pass. */
  private static final int BLOCK = 1 << 14;

  private CrossEntropy() {}

  /**
   * The mean loss over all rows, (1, 1), in nats.
   *
   * @param logits (n, K)
   * @param targets n classes in 0 to K - 1
   */
  public static Var mean(Var logits, int... targets) {
    return smoothed(logits, 0, targets);
  }

  /**
   * As {@link #mean}, in the memory of the logits, which are void afterwards: half the memory, and less time where there are many
   * classes.
   *
   * @throws IllegalArgumentException when the logits are not the result of a product, and their own
   *     gradient may need their values
   */
  public static Var meanInPlace(Var logits, int... targets) {
    check(logits, targets);
    if (!logits.isProduct()) {
      throw new IllegalArgumentException(
          "logits that are no product of a layer cannot be overwritten; use mean");
    }
    return loss(logits, logits.value(), 0, targets);
  }

  /**
   * The mean loss over all rows with label smoothing, (1, 1), in nats.
   *
   * @param logits (n, K)
   * @param smoothing ε, from 0 to 1
   * @param targets n classes in 0 to K - 1
   */
  public static Var smoothed(Var logits, float smoothing, int... targets) {
    check(logits, targets);
    if (!(smoothing >= 0 && smoothing <= 1)) {
      throw new IllegalArgumentException("label smoothing must be from 0 to 1, got " + smoothing);
    }
    Matrix p = logits.tape().allocate(logits.rows(), logits.cols());
    return loss(logits, p, smoothing, targets);
  }

  /** {@code p} takes the probabilities, and may be the memory of the logits. */
  private static Var loss(Var logits, Matrix p, float smoothing, int... targets) {
    Tape tape = logits.tape();
    int rows = logits.rows();
    Matrix scores = tape.allocate(1, rows);
    for (int r = 0; r < rows; r++) {
      scores.set(0, r, score(tape, logits.value(), r, targets[r], smoothing));
    }
    Matrix losses = tape.allocate(1, rows); // holds log Σ eˣ of each row, then the loss
    softmax(tape, logits.value(), p, losses);
    for (int r = 0; r < rows; r++) {
      losses.set(0, r, losses.get(0, r) - scores.get(0, r));
    }
    Matrix mean = tape.allocate(1, 1);
    mean.set(0, 0, tape.kernels().sum(losses.data, losses.offset, rows) / rows);
    Var loss = tape.result(mean, logits);
    tape.record(
        () -> {
          float scale = loss.gradient().get(0, 0) / rows;
          tape.workers()
              .ranges(
                  rows,
                  ROWS_PER_PART,
                  (from, to) -> {
                    for (int r = from; r < to; r++) {
                      subtractTarget(p, r, targets[r], smoothing);
                    }
                    Elementwise.scale(scale, p.rowRange(from, to));
                  });
          logits.receiveOwned(p);
        },
        loss);
    return loss;
  }

  /** Σₖ q[k]·x[k] of a row; log Σ eˣ minus this is its loss. */
  private static float score(Tape tape, Matrix x, int row, int target, float smoothing) {
    float own = x.get(row, target);
    if (smoothing == 0) {
      return own;
    }
    float mean = tape.kernels().sum(x.data, x.at(row), x.cols) / x.cols;
    return (1 - smoothing) * own + smoothing * mean;
  }

  /** p = p - q, of a row. */
  private static void subtractTarget(Matrix p, int row, int target, float smoothing) {
    p.set(row, target, p.get(row, target) - (1 - smoothing));
    if (smoothing > 0) {
      for (int k = 0; k < p.cols; k++) {
        p.set(row, k, p.get(row, k) - smoothing / p.cols);
      }
    }
  }

  /**
   * Softmax of each row of {@code logits}, as an operation: dx = p ⊙ (dp - Σⱼ dp[j]·p[j]).
   *
   * @param logits (n, K)
   */
  public static Var softmax(Var logits) {
    Tape tape = logits.tape();
    Matrix p = softmax(tape, logits.value());
    Var result = tape.result(p, logits);
    tape.record(
        () -> {
          Matrix weighted = tape.zeros(p.rows, p.cols); // dp ⊙ p
          Elementwise.addMul(result.gradient(), p, weighted);
          Matrix dx = tape.allocate(p.rows, p.cols);
          for (int r = 0; r < p.rows; r++) {
            float sum = tape.kernels().sum(weighted.data, weighted.at(r), p.cols);
            for (int c = 0; c < p.cols; c++) {
              dx.set(r, c, weighted.get(r, c) - sum * p.get(r, c));
            }
          }
          logits.receive(dx);
        },
        result);
    return result;
  }

  /** Softmax of each row of {@code logits}, in memory of the tape. */
  public static Matrix softmax(Tape tape, Matrix logits) {
    Matrix p = tape.allocate(logits.rows, logits.cols);
    softmax(tape, logits, p, tape.allocate(1, logits.rows));
    return p;
  }

  /** Also writes log Σ eˣ of each row of x to {@code logSums}, (1, rows). */
  private static void softmax(Tape tape, Matrix x, Matrix p, Matrix logSums) {
    int block = Math.max(1, BLOCK / x.cols);
    tape.workers()
        .ranges(
            x.rows,
            ROWS_PER_PART,
            (first, end) -> {
              for (int from = first; from < end; from += block) {
                softmax(tape.kernels(), x, p, logSums, from, Math.min(end, from + block));
              }
            });
  }

  /** Of the rows {@code from} to {@code to}. */
  private static void softmax(
      Kernels kernels, Matrix x, Matrix p, Matrix logSums, int from, int to) {
    for (int r = from; r < to; r++) {
      float max = kernels.max(x.data, x.at(r), x.cols);
      Matrix row = p.rowRange(r, r + 1);
      if (p != x) {
        row.copyFrom(x.rowRange(r, r + 1));
      }
      Elementwise.shift(-max, row);
      logSums.set(0, r, max);
    }
    Matrix rows = p.rowRange(from, to);
    kernels.exp(rows, rows);
    for (int r = from; r < to; r++) {
      float sum = kernels.sum(p.data, p.at(r), p.cols);
      for (int c = 0; c < p.cols; c++) {
        p.data[p.at(r) + c] /= sum;
      }
      logSums.set(0, r, logSums.get(0, r) + (float) StrictMath.log(sum));
    }
  }

  private static void check(Var logits, int[] targets) {
    if (targets.length != logits.rows()) {
      throw new IllegalArgumentException(
          "cross-entropy of %d rows needs as many targets, got %d"
              .formatted(logits.rows(), targets.length));
    }
    for (int r = 0; r < targets.length; r++) {
      if (targets[r] < 0 || targets[r] >= logits.cols()) {
        throw new IllegalArgumentException(
            "target %d of row %d is not one of the %d classes 0 to %d"
                .formatted(targets[r], r, logits.cols(), logits.cols() - 1));
      }
    }
  }
}
