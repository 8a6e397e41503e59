package dev.sluice.bench;

import dev.sluice.bench.Contender.Role;
import dev.sluice.cli.bench.Task;
import dev.sluice.cli.bench.TrainingWorkload;
import dev.sluice.cli.bench.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One workload and all engines that can do it: checks that they compute the same, then lets them run in turns, so that
 * whatever else happens on the machine meets all of them.
 */
final class Contest {
  private final Workload workload;
  private final int threads;
  private final List<Contender> contenders = new ArrayList<>();

  private Contest(Workload workload, int threads) {
    this.workload = workload;
    this.threads = threads;
  }

  /**
   * How Sluice, then the peers, then the {@link Limit} did; without those that cannot do the workload.
   *
   * @param own Sluice's engines; the first is the measure for all others' numbers
   */
  static List<Contender> hold(
      Workload workload, int threads, List<Engine> own, List<Engine> peers, Pace pace) {
    Contest contest = new Contest(workload, threads);
    try {
      contest.enter(own, peers);
      contest.run(pace);
    } finally {
      contest.contenders.reversed().forEach(Contender::close);
    }
    return contest.contenders;
  }

  private void enter(List<Engine> own, List<Engine> peers) {
    List<float[]> expected = firstResults(own.getFirst());
    own.forEach(engine -> enter(engine, Role.OWN, expected));
    peers.forEach(engine -> enter(engine, Role.PEER, expected));
    Agreement none = new Agreement(0, true);
    contenders.add(new Contender(Contender.LIMIT, Role.LIMIT, none, new Limit(workload, threads)));
  }

  private void enter(Engine engine, Role role, List<float[]> expected) {
    Optional<Task> task = engine.prepare(workload, threads);
    if (task.isPresent()) {
      Agreement agreement = Agreement.between(expected, firstResults(engine), engine.tolerance());
      contenders.add(new Contender(engine.name(), role, agreement, task.get()));
    }
  }

  /** In a task of its own, which leaves that of the contest as it is, and can be compared. */
  private List<float[]> firstResults(Engine engine) {
    Workload checked =
        workload instanceof TrainingWorkload training ? training.reproducible() : workload;
    try (Task task = engine.prepare(checked, threads).orElseThrow()) {
      return Agreement.firstResults(task);
    }
  }

  private void run(Pace pace) {
    contenders.forEach(contender -> contender.warmUp(pace));
    for (int round = 0; round < pace.rounds(); round++) {
      for (int i = 0; i < contenders.size(); i++) {
        contenders.get((round + i) % contenders.size()).takeTurn(pace);
      }
    }
  }
}
