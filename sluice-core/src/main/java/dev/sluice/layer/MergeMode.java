package dev.sluice.layer;

import dev.sluice.tape.Var;

/** How the outputs of the two directions of a layer become one; Keras's {@code merge_mode}. */
public enum MergeMode {
  /** Side by side, forward first. */
  CONCAT {
    @Override
    public Var merge(Var forward, Var backward) {
      return Var.concat(forward, backward);
    }
  },
  /** forward + backward. */
  SUM {
    @Override
    public Var merge(Var forward, Var backward) {
      return forward.add(backward);
    }
  },
  /** forward ⊙ backward. */
  MULTIPLY {
    @Override
    public Var merge(Var forward, Var backward) {
      return forward.mul(backward);
    }
  },
  /** (forward + backward) / 2; Keras's {@code ave}. */
  AVERAGE {
    @Override
    public Var merge(Var forward, Var backward) {
      return forward.add(backward).affine(0.5f, 0);
    }
  };

  /** Both (n, features), of one shape unless they are put side by side. */
  public abstract Var merge(Var forward, Var backward);
}
