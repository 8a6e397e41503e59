package dev.sluice.io.onnx;

import dev.sluice.io.onnx.Axes.Axis;
import dev.sluice.io.onnx.Meaning.Flow;
import dev.sluice.io.onnx.Meaning.Flow.Part;
import dev.sluice.layer.MergeMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What operators between layers make of a flow: which step, which direction, which of several layers' states
 * is taken, and how directions become one. What cannot be followed gives nothing.
 */
final class FlowOps {
  private final Optional<Axis> time;

  /** For a chain whose steps are along {@code time}. */
  FlowOps(Optional<Axis> time) {
    this.time = time;
  }

  /** One index of a dimension, which goes, or stays as one of size 1. */
  Optional<Flow> pick(Flow flow, int dimension, long index, boolean stays) {
    List<Axis> axes = flow.axes().get(dimension);
    Axes left = stays ? flow.axes().with(dimension, List.of()) : flow.axes().without(dimension);
    if (isStack(flow, axes)) {
      int cell = flow.cells().get(Shapes.index(index, flow.cells().size()));
      return Optional.of(flow.of(List.of(cell), Optional.empty(), left));
    }
    if (isTime(axes)) {
      boolean last = index == -1 || (index >= 0 && index == axes.getFirst().size - 1);
      if (flow.part() == Part.ALL && last) {
        return Optional.of(flow.as(Part.LAST, left));
      }
      return flow.part() == Part.REVERSED && index == 0
          ? Optional.of(flow.as(Part.LAST_REAL, left))
          : Optional.empty();
    }
    return axes.isEmpty() && (index == 0 || index == -1)
        ? Optional.of(flow.with(left))
        : Optional.empty();
  }

  /** A range of a dimension. */
  Optional<Flow> slice(Flow flow, int dimension, long start, long end, long step) {
    List<Axis> axes = flow.axes().get(dimension);
    if (isStack(flow, axes)) {
      Shapes.Range range = Shapes.range(start, end, step, flow.cells().size());
      return range.step() == 1 ? Optional.of(cells(flow, dimension, range)) : Optional.empty();
    }
    boolean toTheEnd = end == Long.MAX_VALUE || end == Integer.MAX_VALUE;
    if (start == 0 && step == 1 && toTheEnd) {
      return Optional.of(flow);
    }
    if (isTime(axes) && flow.part() == Part.ALL && start == -1) {
      boolean toTheStart = end < -Integer.MAX_VALUE;
      if (step == 1 && toTheEnd) {
        return pick(flow, dimension, -1, true);
      }
      return step == -1 && toTheStart
          ? Optional.of(flow.as(Part.FLIPPED, flow.axes()))
          : Optional.empty();
    }
    return Optional.empty();
  }

  /** The parts of equal size of a dimension. */
  Optional<List<Flow>> split(Flow flow, int dimension, int parts) {
    if (!isStack(flow, flow.axes().get(dimension)) || flow.cells().size() % parts != 0) {
      return Optional.empty();
    }
    int each = flow.cells().size() / parts;
    List<Flow> flows = new ArrayList<>();
    for (int i = 0; i < parts; i++) {
      flows.add(cells(flow, dimension, new Shapes.Range(i * each, 1, each)));
    }
    return Optional.of(flows);
  }

  /** Flows of some cells each, joined along a dimension of their own, or along the features. */
  Optional<Flow> concat(List<Flow> flows, long axis) {
    Flow first = flows.getFirst();
    int dimension = Shapes.axis(axis, first.axes().rank());
    List<Integer> cells = new ArrayList<>();
    for (Flow flow : flows) {
      boolean alike =
          flow.part() == first.part()
              && flow.axes().rank() == first.axes().rank()
              && !flow.cells().isEmpty()
              && flow.merge() == MergeMode.CONCAT;
      if (!alike) {
        return Optional.empty();
      }
      cells.addAll(flow.cells());
    }
    Axis stack = new Axis(cells.size());
    boolean features = dimension == first.axes().rank() - 1;
    for (Flow flow : flows) {
      List<Axis> joined = flow.axes().get(dimension);
      boolean fits =
          features
              ? joined.size() == 1 && flow.stack().isEmpty()
              : joined.isEmpty() || isStack(flow, joined);
      if (!fits) {
        return Optional.empty();
      }
    }
    List<Axis> joined =
        features ? List.of(stack, first.axes().get(dimension).getFirst()) : List.of(stack);
    Flow newest = flows.getLast();
    return Optional.of(newest.of(cells, Optional.of(stack), newest.axes().with(dimension, joined)));
  }

  /** All directions made one by {@code merge}. */
  Optional<Flow> merge(Flow flow, int dimension, boolean stays, MergeMode merge) {
    if (!isStack(flow, flow.axes().get(dimension))) {
      return Optional.empty();
    }
    Axes left = stays ? flow.axes().with(dimension, List.of()) : flow.axes().without(dimension);
    return Optional.of(flow.merged(merge, left));
  }

  /** Two flows of one cell each made one. */
  Optional<Flow> merge(Flow left, Flow right, MergeMode merge) {
    if (left.cells().size() != 1 || right.cells().size() != 1 || left.part() != right.part()) {
      return Optional.empty();
    }
    List<Integer> cells = List.of(left.cells().getFirst(), right.cells().getFirst());
    return Optional.of(left.of(cells, Optional.empty(), left.axes()).merged(merge, left.axes()));
  }

  private Flow cells(Flow flow, int dimension, Shapes.Range range) {
    List<Integer> some = flow.cells().subList(range.start(), range.start() + range.count());
    if (some.size() == 1) {
      return flow.of(some, Optional.empty(), flow.axes().with(dimension, List.of()));
    }
    Axis stack = new Axis(some.size());
    return flow.of(some, Optional.of(stack), flow.axes().with(dimension, List.of(stack)));
  }

  private static boolean isStack(Flow flow, List<Axis> axes) {
    return flow.stack().isPresent() && axes.equals(List.of(flow.stack().get()));
  }

  private boolean isTime(List<Axis> axes) {
    return time.isPresent() && axes.equals(List.of(time.get()));
  }
}
