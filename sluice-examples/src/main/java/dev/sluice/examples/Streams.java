package dev.sluice.examples;

import dev.sluice.cell.LstmCell;
import dev.sluice.layer.Dense;
import dev.sluice.layer.Recurrent;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.RandomKey;
import dev.sluice.model.Precision;
import dev.sluice.model.Session;
import dev.sluice.model.SessionBatch;
import dev.sluice.model.StreamingModel;
import dev.sluice.parameter.Initializer;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Backend;
import java.util.List;
import java.util.stream.Stream;

/**
 * Streams: a session for each, stepped alone, saved and resumed, and stepped together with others.
 *
 * <p>Replaces a loop that calls {@code nn.LSTM} with sequences of one step and carries {@code (h_n, c_n)} from call to
 * call.
 */
public final class Streams {
  private static final int INPUTS = 3;
  private static final int UNITS = 4;
  private static final int STEPS = 6;

  private Streams() {}

  /** Prints what each step gives. */
  public static void main(String... args) {
    Recurrent lstm = Recurrent.of("lstm", INPUTS, 2, false, 0, in -> new LstmCell(in, UNITS));
    Dense dense = new Dense("dense", UNITS, 2);
    Parameters parameters =
        new Parameters(
            Stream.of(lstm, dense).flatMap(layer -> layer.parameters().stream()).toList());
    parameters.initialize(RandomKey.of(1)); // or read from a file

    try (Backend backend = Backend.create(1)) {
      StreamingModel model =
          new StreamingModel(backend, parameters, lstm, List.of(dense), Precision.FLOAT32);
      Matrix a = readings(2);
      Matrix b = readings(3);

      Session session = model.open();
      float[] y = new float[model.outputSize()];
      for (int t = 0; t < 3; t++) {
        session.step(row(a, t), y);
        Show.matrix("stream a, step " + t, Matrix.of(1, y.length, y));
      }

      byte[] kept = session.save(); // to a file, another machine, ...
      Session resumed = model.open();
      resumed.restore(kept);

      SessionBatch batch = model.batch();
      List<Session> together = List.of(resumed, model.open()); // a at step 3, b at its first
      for (int t = 0; t < 3; t++) {
        Matrix x = Matrix.zeros(2, INPUTS);
        x.rowRange(0, 1).copyFrom(a.rowRange(3 + t, 4 + t));
        x.rowRange(1, 2).copyFrom(b.rowRange(t, t + 1));
        Matrix both = Matrix.zeros(2, model.outputSize());
        batch.step(together, x, both);
        Show.matrix("streams a, step %d, and b, step %d".formatted(3 + t, t), both);
      }
    }
  }

  private static Matrix readings(int seed) {
    Matrix x = Matrix.zeros(STEPS, INPUTS);
    Initializer.uniform(1).fill(x, RandomKey.of(seed));
    return x;
  }

  private static float[] row(Matrix m, int t) {
    return m.rowRange(t, t + 1).toArray();
  }
}
