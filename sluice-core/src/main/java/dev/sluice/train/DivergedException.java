package dev.sluice.train;

import dev.sluice.matrix.Matrix;
import dev.sluice.parameter.Parameter;
import dev.sluice.parameter.Parameters;
import java.util.List;
import java.util.Optional;

/** Loss or gradients are no longer numbers; says in which step, where, and what may help. */
public final class DivergedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  DivergedException(int epoch, int step, float loss, float norm, Parameters parameters) {
    super(
        "training diverged in epoch %d, step %d: loss %s, gradient norm %s%s; try a smaller learning rate or a smaller clip"
            .formatted(epoch, step, loss, norm, where(List.copyOf(parameters.all()))));
  }

  /**
   * A weight that is not finite spoils all that comes after it, so the first such is where it began;
   * a gradient all that comes before it, so the last.
   */
  private static String where(List<Parameter> parameters) {
    Optional<String> weight =
        parameters.stream()
            .filter(p -> !isFinite(p.value()))
            .findFirst()
            .map(p -> ", first in the weights of " + p.name());
    return weight
        .or(
            () ->
                parameters.reversed().stream()
                    .filter(p -> !isFinite(p.gradient()))
                    .findFirst()
                    .map(p -> ", first in the gradient of " + p.name()))
        .orElse("");
  }

  private static boolean isFinite(Matrix m) {
    for (int r = 0; r < m.rows; r++) {
      for (int c = 0; c < m.cols; c++) {
        if (!Float.isFinite(m.get(r, c))) {
          return false;
        }
      }
    }
    return true;
  }
}
