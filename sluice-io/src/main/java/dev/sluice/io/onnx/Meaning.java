package dev.sluice.io.onnx;

import dev.sluice.io.onnx.Axes.Axis;
import dev.sluice.io.onnx.Axes.Size;
import dev.sluice.layer.MergeMode;
import java.util.List;
import java.util.Optional;

/** What a value that each run computes means to {@link ChainReader}. */
sealed interface Meaning {
  /**
   * Rows of an input of the graph, all of them or those of some cells of an initial state.
   *
   * @param from the first row
   * @param to the end of the rows; {@link OnnxGraph#ANY}: that of the input
   */
  record Given(OnnxGraph.Input input, Axes axes, int from, int to) implements Meaning {}

  /** Sizes of other values, and what is computed of them. */
  record Sizes(List<Size> sizes) implements Meaning {
    public Sizes {
      sizes = List.copyOf(sizes);
    }
  }

  /**
   * What the layers so far give, or a part of it.
   *
   * @param version of the chain it belongs to: when a layer has read another, it is out of date
   * @param part what of it
   * @param cells whose output it is, by their numbers in the chain, when it is that of a recurrent layer
   * @param stack the axis along which these cells are; empty when there is one, or they are merged
   * @param merge how they are merged
   */
  record Flow(
      int version, Part part, List<Integer> cells, Optional<Axis> stack, MergeMode merge, Axes axes)
      implements Meaning {
    /** What of the output of a layer. */
    enum Part {
      /** Every step, or a vector for each sequence. */
      ALL,
      /** Every step, in the opposite order. */
      FLIPPED,
      /** Every step, the real ones of each sequence in the opposite order. */
      REVERSED,
      /** The last step. */
      LAST,
      /** The last real step of each sequence. */
      LAST_REAL,
      /** The final h of the cells. */
      H,
      /** Their final c. */
      C
    }

    Flow with(Axes other) {
      return new Flow(version, part, cells, stack, merge, other);
    }

    Flow as(Part other, Axes changed) {
      return new Flow(version, other, cells, stack, merge, changed);
    }

    /** Of some cells, which are along {@code axis} when there are several. */
    Flow of(List<Integer> some, Optional<Axis> axis, Axes changed) {
      return new Flow(version, part, List.copyOf(some), axis, merge, changed);
    }

    Flow merged(MergeMode mode, Axes changed) {
      return new Flow(version, part, cells, Optional.empty(), mode, changed);
    }
  }
}
