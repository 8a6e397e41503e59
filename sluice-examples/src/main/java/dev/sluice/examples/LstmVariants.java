package dev.sluice.examples;

import dev.sluice.cell.LstmVariant;
import dev.sluice.cell.LstmVariant.Coupling;
import dev.sluice.cell.LstmVariantCell;
import dev.sluice.layer.Recurrent;
import dev.sluice.matrix.Matrix;
import dev.sluice.matrix.Packing;
import dev.sluice.matrix.RandomKey;
import dev.sluice.parameter.Initializer;
import dev.sluice.parameter.Parameter;
import dev.sluice.parameter.Parameters;
import dev.sluice.tape.Backend;
import dev.sluice.tape.PackedSequence;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.util.Arrays;

/**
 * Variants of the LSTM, alone and together, each over two sequences of three steps.
 *
 * <p>Replaces TF1's {@code LSTMCell(use_peepholes, num_proj, cell_clip, proj_clip)} and {@code
 * CoupledInputForgetGateLSTMCell}.
 */
public final class LstmVariants {
  private static final int STEPS = 3;
  private static final int BATCH = 2;
  private static final int INPUTS = 2;
  private static final int UNITS = 4;

  private LstmVariants() {}

  /** Prints variables, outputs and the final c of each variant. */
  public static void main(String... args) {
    LstmVariant tf1 = LstmVariant.TF1; // forget_bias=1, added when the cell runs
    try (Backend backend = Backend.create(1)) {
      run(backend, "plain", tf1);
      run(backend, "peepholes", tf1.withPeepholes());
      run(backend, "coupled gates", tf1.withCoupling(Coupling.INPUT_FROM_FORGET));
      run(backend, "projection", tf1.withProjection(3));
      run(backend, "clips", tf1.withCellClip(0.4f).withProjection(3).withProjectionClip(0.1f));
      run(
          backend,
          "all together",
          tf1.withPeepholes()
              .withCoupling(Coupling.INPUT_FROM_FORGET)
              .withProjection(3)
              .withCellClip(0.3f)
              .withProjectionClip(0.1f));
    }
  }

  private static void run(Backend backend, String name, LstmVariant variant) {
    Recurrent lstm = new Recurrent("lstm", new LstmVariantCell(INPUTS, UNITS, variant));
    Parameters parameters = new Parameters(lstm.parameters());
    parameters.initialize(RandomKey.of(1));
    System.out.println(name);
    for (Parameter p : parameters.all()) {
      System.out.println("  " + p.name() + " " + Arrays.toString(p.spec().fileShape()));
    }

    Matrix x = Matrix.zeros(STEPS * BATCH, INPUTS); // time-major
    Initializer.uniform(1).fill(x, RandomKey.of(2));
    Var input = Tape.inference(backend, parameters).constant(x);
    Recurrent.Result result =
        lstm.forward(new PackedSequence(Packing.uniform(BATCH, STEPS), input));
    Show.sequences("outputs", STEPS, BATCH, result.output().data().value());
    Show.matrix("c", result.state().cells().getFirst().get(1).value());
  }
}
