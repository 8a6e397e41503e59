package dev.sluice.io.tensorflow;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a variable is to a recurrent cell, by the end of its name. TensorFlow changed these names over time: to
 * 0.11 {@code Linear/Matrix}, to 1.1 {@code weights}, since then {@code kernel}; its block cells and its
 * layers have names of their own.
 */
enum Role {
  KERNEL("kernel weights Linear/Matrix W_0 W"),
  BIAS("bias biases Linear/Bias B b"),
  GATES_KERNEL("gates/kernel gates/weights Gates/Linear/Matrix w_ru"),
  GATES_BIAS("gates/bias gates/biases Gates/Linear/Bias b_ru"),
  CANDIDATE_KERNEL("candidate/kernel candidate/weights Candidate/Linear/Matrix w_c"),
  CANDIDATE_BIAS("candidate/bias candidate/biases Candidate/Linear/Bias b_c"),
  PEEPHOLE_I("w_i_diag W_I_diag wci"),
  PEEPHOLE_F("w_f_diag W_F_diag wcf"),
  PEEPHOLE_O("w_o_diag W_O_diag wco"),
  PROJECTION("projection/kernel projection/weights W_P_0 W_P"),
  /** Of Keras's layers, whose kernel is for the input alone. */
  RECURRENT_KERNEL("recurrent_kernel"),
  /** Of {@code CudnnCompatibleGRUCell}, which multiplies the candidate's input and state apart. */
  INPUT_KERNEL("candidate/input_projection/kernel"),
  INPUT_BIAS("candidate/input_projection/bias"),
  HIDDEN_KERNEL("candidate/hidden_projection/kernel"),
  HIDDEN_BIAS("candidate/hidden_projection/bias"),
  /** Of {@code LayerNormBasicLSTMCell}. */
  INPUT_GAIN("input/gamma"),
  INPUT_SHIFT("input/beta"),
  TRANSFORM_GAIN("transform/gamma"),
  TRANSFORM_SHIFT("transform/beta"),
  FORGET_GAIN("forget/gamma"),
  FORGET_SHIFT("forget/beta"),
  OUTPUT_GAIN("output/gamma"),
  OUTPUT_SHIFT("output/beta"),
  STATE_GAIN("state/gamma"),
  STATE_SHIFT("state/beta");

  /** Of how many parts the longest ending is. */
  private static final int MOST_PARTS = 3;

  private static final Map<String, Role> BY_ENDING =
      Arrays.stream(values())
          .flatMap(role -> Stream.of(role.endings.split(" ")).map(e -> Map.entry(e, role)))
          .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

  private final String endings; // with spaces between them

  Role(String endings) {
    this.endings = endings;
  }

  /** A variable's role, and the name of what it belongs to. */
  record Place(String scope, Role role) {}

  /** The role that the longest ending tells. */
  static Optional<Place> of(String name) {
    Optional<Place> best = Optional.empty();
    int slash = name.lastIndexOf('/');
    for (int parts = 1; parts <= MOST_PARTS && slash > 0; parts++) {
      Role role = BY_ENDING.get(name.substring(slash + 1));
      if (role != null) {
        best = Optional.of(new Place(name.substring(0, slash), role));
      }
      slash = name.lastIndexOf('/', slash - 1);
    }
    return best;
  }
}
