package dev.sluice.bench.libtorch;

import dev.sluice.matrix.Matrix;
import dev.sluice.parameter.Parameter;
import dev.sluice.parameter.Parameters;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

/** Sluice's numbers as libtorch's tensors, and back. */
final class Tensors {
  private Tensors() {}

  /** A copy of {@code m} in the given shape. */
  static Tensor of(Matrix m, long... shape) {
    return Tensor.create(m.toArray(), shape);
  }

  /** A copy of a parameter in the shape that it has in PyTorch. */
  static Tensor of(Parameter p) {
    Tensor inMemoryOrder = of(p.value(), p.value().rows, p.value().cols);
    return switch (p.spec().kind()) {
      case WEIGHT -> inMemoryOrder.t().contiguous(); // (in, out) here, [out, in] there
      case BIAS -> inMemoryOrder.view(p.value().cols);
      case TABLE -> inMemoryOrder;
    };
  }

  /** The parameters whose names begin with {@code prefix}, in the order of {@code nn.LSTM}'s flat weights. */
  static TensorVector of(Parameters parameters, String prefix) {
    return new TensorVector(
        parameters.all().stream()
            .filter(p -> p.name().startsWith(prefix))
            .map(Tensors::of)
            .toArray(Tensor[]::new));
  }

  /** The elements of {@code tensor}. */
  static float[] toArray(Tensor tensor) {
    float[] values = new float[(int) tensor.numel()];
    read(tensor, values);
    return values;
  }

  /** The first elements of {@code tensor}. */
  static void read(Tensor tensor, float[] values) {
    try (Tensor dense = tensor.contiguous();
        FloatPointer data = dense.data_ptr_float()) {
      data.get(values);
    }
  }
}
