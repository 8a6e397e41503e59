package dev.sluice.tape;

import dev.sluice.kernel.Activations;
import dev.sluice.kernel.Elementwise;
import dev.sluice.kernel.Kernels;
import dev.sluice.matrix.Matrix;

/**
 * An activation function of one number, with its derivative: all those that PyTorch, Keras, TF1 and
 * ONNX know inside recurrent cells. Applied by {@link Var#activate}.
 *
 * <p>With an {@code inputLimit} the function sees its input clipped to ±inputLimit, which is what the
 * attribute {@code clip} of ONNX's recurrent operators means; beyond the limit the derivative is 0.
 *
 * <p>Built of operations that give the same bits on every machine: IEEE arithmetic, the polynomials
 * of tanh, σ and eˣ, and {@link StrictMath}.
 *
 * @param kind the formula
 * @param alpha α of the formula, where it has one
 * @param beta β of the formula, where it has one
 * @param inputLimit above which size an input is clipped; infinite: never
 */
public record Activation(Kind kind, float alpha, float beta, float inputLimit) {
  /** The formulas. */
  public enum Kind {
    /** tanh(x). */
    TANH,
    /** σ(x) = 1 / (1 + e⁻ˣ). */
    SIGMOID,
    /** max(0, x). */
    RELU,
    /** x / (1 + |x|). */
    SOFTSIGN,
    /** α·x + β, but at least 0 and at most 1. */
    HARD_SIGMOID,
    /** α·x + β. */
    AFFINE,
    /** x where x ≥ 0, else α·x. */
    LEAKY_RELU,
    /** x where x ≥ α, else 0. */
    THRESHOLDED_RELU,
    /** α·tanh(β·x). */
    SCALED_TANH,
    /** x where x ≥ 0, else α·(eˣ - 1). */
    ELU,
    /** log(1 + eˣ). */
    SOFTPLUS
  }

  public static final Activation TANH = of(Kind.TANH, 0, 0);
  public static final Activation SIGMOID = of(Kind.SIGMOID, 0, 0);
  public static final Activation RELU = of(Kind.RELU, 0, 0);
  public static final Activation SOFTSIGN = of(Kind.SOFTSIGN, 0, 0);
  public static final Activation SOFTPLUS = of(Kind.SOFTPLUS, 0, 0);

  /** x itself: Keras's {@code linear}. */
  public static final Activation LINEAR = affine(1, 0);

  /** 0.2·x + 0.5 in [0, 1]: {@code hard_sigmoid} of Keras 1 and 2, TF1 and ONNX. */
  public static final Activation HARD_SIGMOID = hardSigmoid(0.2f, 0.5f);

  /** relu6(x + 3) / 6: {@code hard_sigmoid} of Keras 3 and PyTorch's {@code Hardsigmoid}. */
  public static final Activation HARD_SIGMOID_KERAS_3 = hardSigmoid(1 / 6f, 0.5f);

  /** Fails when the limit is below 0. */
  public Activation {
    if (!(inputLimit >= 0)) {
      throw new IllegalArgumentException(
          "an activation clips its input to ±limit, and the limit is at least 0; got "
              + inputLimit);
    }
  }

  /** α·x + β. */
  public static Activation affine(float alpha, float beta) {
    return of(Kind.AFFINE, alpha, beta);
  }

  /** α·x + β, but at least 0 and at most 1. */
  public static Activation hardSigmoid(float alpha, float beta) {
    return of(Kind.HARD_SIGMOID, alpha, beta);
  }

  /** x where x ≥ 0, else α·x. */
  public static Activation leakyRelu(float alpha) {
    return of(Kind.LEAKY_RELU, alpha, 0);
  }

  /** x where x ≥ α, else 0. */
  public static Activation thresholdedRelu(float alpha) {
    return of(Kind.THRESHOLDED_RELU, alpha, 0);
  }

  /** α·tanh(β·x). */
  public static Activation scaledTanh(float alpha, float beta) {
    return of(Kind.SCALED_TANH, alpha, beta);
  }

  /** x where x ≥ 0, else α·(eˣ - 1). */
  public static Activation elu(float alpha) {
    return of(Kind.ELU, alpha, 0);
  }

  /** x clipped to ±limit. */
  public static Activation clip(float limit) {
    return LINEAR.withInputLimit(limit);
  }

  /** The same function of an input clipped to ±limit. */
  public Activation withInputLimit(float limit) {
    return new Activation(kind, alpha, beta, limit);
  }

  private static Activation of(Kind kind, float alpha, float beta) {
    return new Activation(kind, alpha, beta, Float.POSITIVE_INFINITY);
  }

  /** y = f(x), element by element; y may be x. */
  @SuppressWarnings("exports") // kernels are for Sluice's own packages
  public void apply(Kernels kernels, Matrix x, Matrix y) {
    if (equals(TANH)) {
      kernels.tanh(x, y);
    } else if (equals(SIGMOID)) {
      kernels.sigmoid(x, y);
    } else if (equals(RELU)) {
      Elementwise.relu(x, y);
    } else {
      for (int r = 0; r < y.rows; r++) {
        for (int c = 0; c < y.cols; c++) {
          y.data[y.at(r) + c] = value(x.data[x.at(r) + c]);
        }
      }
    }
  }

  /** dx += dy ⊙ f′(x), with y = f(x). */
  public void addGradient(Matrix dy, Matrix x, Matrix y, Matrix dx) {
    if (equals(TANH)) {
      Elementwise.addTanhGradient(dy, y, dx);
    } else if (equals(SIGMOID)) {
      Elementwise.addSigmoidGradient(dy, y, dx);
    } else if (equals(RELU)) {
      Elementwise.addReluGradient(dy, x, dx);
    } else {
      for (int r = 0; r < y.rows; r++) {
        for (int c = 0; c < y.cols; c++) {
          dx.data[dx.at(r) + c] += dy.data[dy.at(r) + c] * derivative(x.data[x.at(r) + c]);
        }
      }
    }
  }

  private float value(float input) {
    float x = Math.clamp(input, -inputLimit, inputLimit);
    return switch (kind) {
      case TANH -> Activations.tanh(x);
      case SIGMOID -> Activations.sigmoid(x);
      case RELU -> Math.max(0, x);
      case SOFTSIGN -> x / (1 + Math.abs(x));
      case HARD_SIGMOID -> Math.clamp(alpha * x + beta, 0, 1);
      case AFFINE -> alpha * x + beta;
      case LEAKY_RELU -> x >= 0 ? x : alpha * x;
      case THRESHOLDED_RELU -> x >= alpha ? x : 0;
      case SCALED_TANH -> alpha * Activations.tanh(beta * x);
      case ELU -> x >= 0 ? x : (float) (alpha * StrictMath.expm1(x));
      case SOFTPLUS -> Math.max(0, x) + (float) StrictMath.log1p(Activations.exp(-Math.abs(x)));
    };
  }

  /** Where f has a kink, the derivative from one side. */
  private float derivative(float x) {
    if (Math.abs(x) > inputLimit) {
      return 0;
    }
    return switch (kind) {
      case TANH -> 1 - square(Activations.tanh(x));
      case SIGMOID -> Activations.sigmoid(x) * (1 - Activations.sigmoid(x));
      case RELU -> x > 0 ? 1 : 0;
      case SOFTSIGN -> 1 / square(1 + Math.abs(x));
      case HARD_SIGMOID -> value(x) > 0 && value(x) < 1 ? alpha : 0;
      case AFFINE -> alpha;
      case LEAKY_RELU -> x >= 0 ? 1 : alpha;
      case THRESHOLDED_RELU -> x >= alpha ? 1 : 0;
      case SCALED_TANH -> alpha * beta * (1 - square(Activations.tanh(beta * x)));
      case ELU -> x >= 0 ? 1 : alpha * Activations.exp(x);
      case SOFTPLUS -> Activations.sigmoid(x);
    };
  }

  private static float square(float x) {
    return x * x;
  }
}
