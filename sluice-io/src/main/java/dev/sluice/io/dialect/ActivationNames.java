package dev.sluice.io.dialect;

import dev.sluice.tape.Activation;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Activation functions by the names that files of other frameworks give them. */
public final class ActivationNames {
  private static final List<String> KERAS_3 =
      List.of("tanh", "sigmoid", "hard_sigmoid", "relu", "softsign", "softplus", "elu", "linear");

  private ActivationNames() {}

  /**
   * By Keras's or TF1's name, such as {@code hard_sigmoid}.
   *
   * @param keras3 whether {@code hard_sigmoid} is Keras 3's, relu6(x + 3) / 6, or 0.2·x + 0.5 of all
   *     before
   * @throws IllegalArgumentException when the name is none that a recurrent cell can have
   */
  public static Activation keras(String name, boolean keras3) {
    return switch (name) {
      case "tanh" -> Activation.TANH;
      case "sigmoid" -> Activation.SIGMOID;
      case "hard_sigmoid" -> keras3 ? Activation.HARD_SIGMOID_KERAS_3 : Activation.HARD_SIGMOID;
      case "relu" -> Activation.RELU;
      case "softsign" -> Activation.SOFTSIGN;
      case "softplus" -> Activation.SOFTPLUS;
      case "elu" -> Activation.elu(1);
      case "linear" -> Activation.LINEAR;
      default ->
          throw new IllegalArgumentException(
              ("unknown activation \"%s\"; known are tanh, sigmoid, hard_sigmoid, relu, softsign,"
                      + " softplus, elu, linear")
                  .formatted(name));
    };
  }

  /**
   * By ONNX's name, in any case, with the parameters it takes from the attributes {@code
   * activation_alpha} and {@code activation_beta}, or ONNX's defaults where those have run out.
   *
   * @param alphas what is left of {@code activation_alpha}
   * @param betas what is left of {@code activation_beta}
   * @throws IllegalArgumentException when ONNX has no such activation
   */
  public static Activation onnx(String name, Iterator<Float> alphas, Iterator<Float> betas) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "relu" -> Activation.RELU;
      case "tanh" -> Activation.TANH;
      case "sigmoid" -> Activation.SIGMOID;
      case "softsign" -> Activation.SOFTSIGN;
      case "softplus" -> Activation.SOFTPLUS;
      case "affine" -> Activation.affine(next(alphas, 1), next(betas, 0));
      case "leakyrelu" -> Activation.leakyRelu(next(alphas, 0.01f));
      case "thresholdedrelu" -> Activation.thresholdedRelu(next(alphas, 1));
      case "scaledtanh" -> Activation.scaledTanh(next(alphas, 1), next(betas, 1));
      case "hardsigmoid" -> Activation.hardSigmoid(next(alphas, 0.2f), next(betas, 0.5f));
      case "elu" -> Activation.elu(next(alphas, 1));
      default -> throw new IllegalArgumentException("ONNX has no activation \"" + name + "\"");
    };
  }

  /**
   * The opposite of {@link #onnx}, whatever the input limit: ONNX's name; parameters are appended to the
   * lists.
   *
   * @param alphas what is to be {@code activation_alpha}
   * @param betas what is to be {@code activation_beta}
   */
  public static String toOnnx(Activation activation, List<Float> alphas, List<Float> betas) {
    String name =
        switch (activation.kind()) {
          case RELU -> "Relu";
          case TANH -> "Tanh";
          case SIGMOID -> "Sigmoid";
          case SOFTSIGN -> "Softsign";
          case SOFTPLUS -> "Softplus";
          case AFFINE -> "Affine";
          case LEAKY_RELU -> "LeakyRelu";
          case THRESHOLDED_RELU -> "ThresholdedRelu";
          case SCALED_TANH -> "ScaledTanh";
          case HARD_SIGMOID -> "HardSigmoid";
          case ELU -> "Elu";
        };
    switch (activation.kind()) {
      case AFFINE, SCALED_TANH, HARD_SIGMOID -> {
        alphas.add(activation.alpha());
        betas.add(activation.beta());
      }
      case LEAKY_RELU, THRESHOLDED_RELU, ELU -> alphas.add(activation.alpha());
      case RELU, TANH, SIGMOID, SOFTSIGN, SOFTPLUS -> {}
    }
    return name;
  }

  /** The opposite of {@link #keras} for Keras 3; empty when that has no name for it. */
  public static Optional<String> toKeras(Activation activation) {
    return KERAS_3.stream().filter(name -> keras(name, true).equals(activation)).findFirst();
  }

  private static float next(Iterator<Float> values, float otherwise) {
    return values.hasNext() ? values.next() : otherwise;
  }
}
