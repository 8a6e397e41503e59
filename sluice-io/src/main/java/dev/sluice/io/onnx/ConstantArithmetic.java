package dev.sluice.io.onnx;

import dev.sluice.io.TensorType;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/**
 * The arithmetic of {@link ConstantOps}, element by element, on one constant or on two stretched to one
 * shape. It gives nothing where an operator is unknown, or the memory for its result is spent.
 */
final class ConstantArithmetic {
  private ConstantArithmetic() {}

  static Optional<Constant> apply(
      String operator, Constant x, List<Optional<Constant>> inputs, Budget budget) {
    return switch (operator) {
      case "Neg", "Not" -> budget.take(x) ? Optional.of(unary(operator, x)) : Optional.empty();
      case "Add", "Sub", "Mul", "Div", "Equal" -> {
        Optional<Constant> y = inputs.size() > 1 ? inputs.get(1) : Optional.empty();
        yield y.flatMap(right -> binary(operator, x, right, budget));
      }
      default -> Optional.empty();
    };
  }

  /** The values as another type, by its number in TensorProto.DataType. */
  static Optional<Constant> cast(Constant x, long number, Budget budget) {
    Optional<TensorType> type = TensorParser.tensorType(number);
    if (type.isEmpty() || !budget.take(x.shape(), type.get().isReal())) {
      return Optional.empty();
    }
    int n = x.count();
    if (type.get().isReal()) {
      float[] values = new float[n];
      for (int i = 0; i < n; i++) {
        float value = x.isReal() ? x.floats()[i] : x.longs()[i];
        values[i] =
            type.get() == TensorType.F16
                ? Float.float16ToFloat(Float.floatToFloat16(value))
                : value;
      }
      return Optional.of(Constant.of(x.shape(), values));
    }
    long[] values = new long[n];
    for (int i = 0; i < n; i++) {
      boolean zero = x.isReal() ? x.floats()[i] == 0 : x.longs()[i] == 0;
      long value = x.isReal() ? (long) x.floats()[i] : x.longs()[i];
      values[i] = type.get() == TensorType.BOOL ? (zero ? 0 : 1) : value;
    }
    return Optional.of(Constant.of(x.shape(), values));
  }

  private static Constant unary(String operator, Constant x) {
    if (x.isReal()) {
      float[] values = x.floats().clone();
      for (int i = 0; i < values.length; i++) {
        values[i] = -values[i];
      }
      return Constant.of(x.shape(), values);
    }
    long[] values = x.longs().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] = operator.equals("Not") ? 1 - values[i] : -values[i];
    }
    return Constant.of(x.shape(), values);
  }

  private static Optional<Constant> binary(String operator, Constant x, Constant y, Budget budget) {
    if (x.isReal() != y.isReal()) {
      throw new IllegalArgumentException("%s and %s are of two types".formatted(x, y));
    }
    List<Integer> shape = Shapes.broadcast(x.shape(), y.shape());
    if (!budget.take(shape, false)) {
      return Optional.empty();
    }
    Constant left = x.pick(shape, stretched(x.shape(), shape));
    Constant right = y.pick(shape, stretched(y.shape(), shape));
    return Optional.of(
        operator.equals("Equal")
            ? equal(left, right)
            : x.isReal() ? reals(operator, left, right) : wholes(operator, left, right));
  }

  private static Constant equal(Constant left, Constant right) {
    long[] values = new long[left.count()];
    for (int i = 0; i < values.length; i++) {
      boolean same =
          left.isReal()
              ? left.floats()[i] == right.floats()[i]
              : left.longs()[i] == right.longs()[i];
      values[i] = same ? 1 : 0;
    }
    return Constant.of(left.shape(), values);
  }

  private static Constant reals(String operator, Constant left, Constant right) {
    float[] values = new float[left.count()];
    for (int i = 0; i < values.length; i++) {
      float l = left.floats()[i];
      float r = right.floats()[i];
      values[i] =
          switch (operator) {
            case "Add" -> l + r;
            case "Sub" -> l - r;
            case "Mul" -> l * r;
            default -> l / r;
          };
    }
    return Constant.of(left.shape(), values);
  }

  private static Constant wholes(String operator, Constant left, Constant right) {
    long[] values = new long[left.count()];
    for (int i = 0; i < values.length; i++) {
      long l = left.longs()[i];
      long r = right.longs()[i];
      values[i] =
          switch (operator) {
            case "Add" -> l + r;
            case "Sub" -> l - r;
            case "Mul" -> l * r;
            default -> l / r;
          };
    }
    return Constant.of(left.shape(), values);
  }

  /** Where in {@code from} the elements of {@code to} are. */
  private static IntUnaryOperator stretched(List<Integer> from, List<Integer> to) {
    return Shapes.places(to, 0, Shapes.stretched(from, to.size()));
  }
}
