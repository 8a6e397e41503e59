package dev.sluice.network;

import dev.sluice.matrix.Matrix;
import dev.sluice.parameter.ParameterSpec;
import java.util.List;

/**
 * Steps all of whose features are {@code value} are not real: recurrent layers skip them. Keras's
 * {@code Masking}.
 *
 * @param value of every feature of a step that is to be skipped
 */
public record MaskingLayer(String name, float value) implements NetworkLayer {
  @Override
  public List<ParameterSpec> parameters() {
    return List.of();
  }

  @Override
  public Shape shape(Shape input) {
    return input.requireSequences(this);
  }

  @Override
  public Features forward(Features x) {
    Matrix data = x.data().value();
    boolean[] differs = new boolean[data.rows];
    for (int r = 0; r < data.rows; r++) {
      for (int c = 0; c < data.cols && !differs[r]; c++) {
        differs[r] = data.get(r, c) != value;
      }
    }
    return Features.sequences(x.data(), x.requireSteps(this).where(differs));
  }
}
