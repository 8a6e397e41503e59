package dev.sluice.io.onnx;

import dev.sluice.io.onnx.Axes.Axis;
import dev.sluice.io.onnx.Axes.Size;
import dev.sluice.io.onnx.Meaning.Sizes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Lists of sizes that a run computes, such as the shape for a Reshape put together of another's. */
final class SizeOps {
  /** Far more than a shape has. */
  private static final int MAX_SIZES = 256;

  private SizeOps() {}

  /** The shape of a value. */
  static Sizes shape(OnnxNode node, Axes axes) {
    Shapes.Range part =
        Shapes.range(node.integer("start", 0), node.integer("end", axes.rank()), 1, axes.rank());
    return new Sizes(
        axes.dimensions().subList(part.start(), part.start() + part.count()).stream()
            .map(dimension -> new Size(dimension, 1))
            .toList());
  }

  /** Constant whole numbers, when they are few. */
  static Optional<Sizes> of(Constant numbers) {
    return numbers.isReal() || numbers.count() > MAX_SIZES
        ? Optional.empty()
        : Optional.of(new Sizes(numbers.list().stream().map(Size::of).toList()));
  }

  static Sizes gather(Sizes sizes, Constant indices) {
    List<Size> picked = new ArrayList<>();
    for (long index : indices.list()) {
      picked.add(sizes.sizes().get(Shapes.index(index, sizes.sizes().size())));
    }
    return new Sizes(picked);
  }

  static Sizes slice(Sizes sizes, long start, long end) {
    Shapes.Range range = Shapes.range(start, end, 1, sizes.sizes().size());
    return new Sizes(sizes.sizes().subList(range.start(), range.start() + range.count()));
  }

  static Optional<Sizes> concat(List<Sizes> parts) {
    List<Size> all = new ArrayList<>();
    for (Sizes part : parts) {
      all.addAll(part.sizes());
      if (all.size() > MAX_SIZES) {
        return Optional.empty();
      }
    }
    return Optional.of(new Sizes(all));
  }

  /** Element by element, or one with all. */
  static Optional<Sizes> multiply(Sizes left, Sizes right) {
    if (left.sizes().size() != 1 || right.sizes().size() != 1) {
      return Optional.empty();
    }
    Size l = left.sizes().getFirst();
    Size r = right.sizes().getFirst();
    List<Axis> axes = new ArrayList<>(l.axes());
    axes.addAll(r.axes());
    return axes.size() > Shapes.MAX_RANK
        ? Optional.empty()
        : Optional.of(
            new Sizes(List.of(new Size(axes, Math.multiplyExact(l.factor(), r.factor())))));
  }
}
