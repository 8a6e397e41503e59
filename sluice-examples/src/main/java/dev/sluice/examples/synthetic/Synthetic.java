package dev.sluice.examples.synthetic;

import dev.sluice.cell.Cell;
import dev.sluice.cell.GruCell;
import dev.sluice.cell.LstmCell;
import dev.sluice.cell.LstmVariant;
import dev.sluice.cell.LstmVariantCell;
import dev.sluice.parameter.Initializer;
import dev.sluice.tape.Backend;
import dev.sluice.tape.Tape;
import dev.sluice.train.Checkpoints;
import dev.sluice.train.Optimizer;
import dev.sluice.train.Schedule;
import dev.sluice.train.Trainer;
import java.util.List;
import java.util.Optional;

/** Solves one of the problems and says how: {@code adding}, {@code order}, {@code reber} or {@code counting}. */
public final class Synthetic {
  /**
   * How a problem is solved.
   *
   * @param biases how those of the cell start, if not as it has it
   * @param batch examples in a batch
   * @param batches of an epoch, after which it is tested
   * @param epochs at the most
   * @param needed share of the tests that must be right
   */
  record Setting(
      Problem problem,
      Cell cell,
      Optional<Initializer> biases,
      int batch,
      int batches,
      int epochs,
      float rate,
      String schedule,
      int tests,
      double needed) {}

  private Synthetic() {}

  /**
   * Prints how it goes; fails when it is not solved.
   *
   * @param arguments the problem, and a seed if it is to be another than 1
   */
  public static void main(String[] arguments) {
    Setting setting =
        switch (arguments.length > 0 ? arguments[0] : "") {
          case "adding" -> adding(1000);
          case "order" -> order();
          case "reber" -> reber();
          case "counting" -> counting();
          default ->
              throw new IllegalArgumentException("give one of adding, order, reber, counting");
        };
    try (Backend backend = Backend.create(1)) {
      Learner learner = learner(setting, arguments.length > 1 ? Long.parseLong(arguments[1]) : 1);
      List<Trainer.Epoch> epochs =
          learn(
              backend,
              setting,
              learner,
              new Trainer.Listener() {
                @Override
                public void onEpoch(Trainer.Epoch epoch) {
                  System.out.printf(
                      "%7d sequences: loss %.5f, right %.4f%n",
                      epoch.epoch() * setting.batches * setting.batch,
                      epoch.score().loss(),
                      epoch.score().value());
                }
              });
      if (setting.problem instanceof Counting) {
        System.out.printf("counts to %d%n", countsTo(backend, learner));
      }
      if (!isSolved(setting, epochs)) {
        throw new IllegalStateException("not solved");
      }
      System.out.println("solved");
    }
  }

  /** Right in 99 of 100 new sequences. */
  static Setting adding(int length) {
    return new Setting(
        new Adding(length),
        new LstmCell(2, 32),
        Optional.of(GateBiases.chrono(length)),
        32,
        100,
        60,
        0.005f,
        "cosine",
        512,
        0.99);
  }

  /** As published: no more than 3 of 2,560 new sequences wrong. */
  static Setting order() {
    return new Setting(
        new TemporalOrder(),
        new GruCell(8, 32),
        Optional.empty(),
        16,
        400,
        15,
        0.01f,
        "constant",
        2560,
        2557.0 / 2560);
  }

  /** Right at every step of 256 new strings, which have 15 symbols on average and 40 at times. */
  static Setting reber() {
    return new Setting(
        new EmbeddedReber(),
        new LstmCell(7, 16),
        Optional.of(GateBiases.chrono(20)),
        8,
        80,
        60,
        0.01f,
        "constant",
        256,
        1);
  }

  /** Right at every step of strings three times as long as those it learns from; how far it counts is told beside. */
  static Setting counting() {
    return new Setting(
        new Counting(10, 30),
        new LstmVariantCell(4, 3, LstmVariant.PLAIN.withPeepholes()),
        Optional.of(GateBiases.of(-1, 1)),
        16,
        100,
        80,
        0.02f,
        "cosine",
        64,
        1);
  }

  static Learner learner(Setting setting, long seed) {
    return new Learner(
        setting.problem,
        setting.cell,
        setting.biases,
        setting.batch,
        setting.batches,
        setting.tests,
        seed);
  }

  /** Learns until it is solved, or the epochs are over. */
  static List<Trainer.Epoch> learn(
      Backend backend, Setting setting, Learner learner, Trainer.Listener listener) {
    Trainer.Settings settings =
        new Trainer.Settings(
            setting.epochs,
            0,
            setting.rate,
            Schedule.named(setting.schedule),
            1,
            Float.POSITIVE_INFINITY,
            1,
            1);
    boolean[] solved = {false};
    Trainer.Listener watching =
        new Trainer.Listener() {
          @Override
          public void onEpoch(Trainer.Epoch epoch) {
            listener.onEpoch(epoch);
            solved[0] = epoch.score().value() >= setting.needed;
          }
        };
    return new Trainer(
            backend, learner, Optimizer.named("adam"), settings, watching, Checkpoints.NONE)
        .run(() -> solved[0]);
  }

  static boolean isSolved(Setting setting, List<Trainer.Epoch> epochs) {
    return epochs.stream().anyMatch(epoch -> epoch.score().value() >= setting.needed);
  }

  /** The largest N such that all strings with n from 1 to N are right at every step. */
  static int countsTo(Backend backend, Learner learner) {
    Tape tape = Tape.inference(backend, learner.parameters());
    int n = 0;
    while (n < 1000 && learner.isRight(tape, Counting.string(n + 1))) {
      n++;
    }
    return n;
  }
}
