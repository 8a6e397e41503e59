package dev.sluice.cell;

/** The cells that a task lets its user choose from, each as PyTorch has it. */
public enum CellKind {
  LSTM {
    @Override
    public Cell of(int inputs, int units) {
      return new LstmCell(inputs, units);
    }
  },
  GRU {
    @Override
    public Cell of(int inputs, int units) {
      return new GruCell(inputs, units);
    }
  },
  RNN {
    @Override
    public Cell of(int inputs, int units) {
      return new RnnCell(inputs, units);
    }
  };

  /** A cell of this kind. */
  public abstract Cell of(int inputs, int units);
}
