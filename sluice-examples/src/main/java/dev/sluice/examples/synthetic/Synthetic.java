package dev.sluice.examples.synthetic;

import dev.sluice.cell.Cell;
import dev.sluice.cell.GruCell;
import dev.sluice.cell.LstmCell;
import dev.sluice.tape.Backend;
import dev.sluice.tape.Tape;
import dev.sluice.train.Checkpoints;
import dev.sluice.train.Optimizer;
import dev.sluice.train.Schedule;
import dev.sluice.train.Trainer;
import java.util.List;

/** Solves one of the problems and says how: {@code adding}, {@code order}, {@code reber} or {@code counting}. */
public final class Synthetic {
  private static final int BATCH = 16;

  /**
   * How a problem is solved.
   *
   * @param batches of an epoch, after which it is tested
   * @param needed share of the tests that must be right
   */
  record Setting(
      Problem problem, Cell cell, int batches, int epochs, float rate, int tests, double needed) {}

  private Synthetic() {}

  /** Prints how it goes; fails when it is not solved. */
  public static void main(String[] arguments) {
    Setting setting =
        switch (arguments.length == 1 ? arguments[0] : "") {
          case "adding" -> adding(1000);
          case "order" -> order();
          case "reber" -> reber();
          case "counting" -> counting();
          default ->
              throw new IllegalArgumentException("give one of adding, order, reber, counting");
        };
    try (Backend backend = Backend.create(1)) {
      Learner learner = learner(setting, 1);
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
                      epoch.epoch() * setting.batches * BATCH,
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

  /** T = 1,000: right in 99 of 100 new sequences. */
  static Setting adding(int length) {
    return new Setting(new Adding(length), new GruCell(2, 32), 500, 30, 0.002f, 512, 0.99);
  }

  /** Right in all of 512 new sequences; as published, 3 of 2,560 may be wrong. */
  static Setting order() {
    return new Setting(new TemporalOrder(), new GruCell(8, 32), 100, 60, 0.01f, 512, 1);
  }

  /** Right at every step of all new strings. */
  static Setting reber() {
    return new Setting(new EmbeddedReber(), new GruCell(7, 16), 40, 60, 0.01f, 256, 1);
  }

  /** Right at every step of all strings it learned from; how far it counts is told beside. */
  static Setting counting() {
    return new Setting(new Counting(10), new LstmCell(4, 8), 100, 80, 0.01f, 64, 1);
  }

  static Learner learner(Setting setting, long seed) {
    return new Learner(setting.problem, setting.cell, BATCH, setting.batches, setting.tests, seed);
  }

  /** Learns until it is solved, or the epochs are over. */
  static List<Trainer.Epoch> learn(
      Backend backend, Setting setting, Learner learner, Trainer.Listener listener) {
    Trainer.Settings settings =
        new Trainer.Settings(
            setting.epochs,
            0,
            setting.rate,
            Schedule.named("constant"),
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
