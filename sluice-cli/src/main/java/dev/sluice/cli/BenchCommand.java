package dev.sluice.cli;

import dev.sluice.cli.bench.Metric;
import dev.sluice.cli.bench.SluiceTasks;
import dev.sluice.cli.bench.Task;
import dev.sluice.cli.bench.Times;
import dev.sluice.cli.bench.Workload;
import dev.sluice.model.Precision;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sluice bench}: the speed of Sluice on this machine. Beside its peers: {@code sluice-bench/run}. */
@Command(
    description = {
      "Measure the speed of Sluice on this machine.",
      "Each line of the output is workload<TAB>engine<TAB>threads<TAB>metric<TAB>value."
    },
    footer = {
      "  sluice bench --workload I1 --threads 1",
      "  sluice bench --workload S1,S2 --precision bf16",
      "  sluice bench --workload all"
    })
final class BenchCommand implements Callable<Integer> {
  private static final String ALL = "all";
  private static final String FLOAT32 = "float32";
  private static final String BF16 = "bf16";

  /** Every shape of work is compiled and settled after so many seconds. */
  private static final double WARM_UP = 3;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private BackendOptions backend = new BackendOptions();

  @Option(
      names = "--workload",
      required = true,
      split = ",",
      paramLabel = "ID",
      description =
          "What to measure: I1 to I5, S1, S2, T1 to T4, as docs/performance.md lists; or all.")
  private List<String> ids = List.of();

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "How long to measure each, after warming up; default: 5.")
  private double seconds = 5;

  @Option(
      names = "--precision",
      paramLabel = "P",
      description = "Weights of streams (I1, I2, S1, S2): float32 or bf16; default: float32.")
  private String precision = FLOAT32;

  @Override
  public Integer call() {
    if (!(seconds > 0)) {
      throw new UserException("--seconds: expected more than 0, got " + seconds);
    }
    Precision weights = precision();
    BackendOptions.provider(); // fails when the choice of kernels cannot be followed
    if (ids.equals(List.of(ALL))) {
      Workload.all().forEach(workload -> measure(workload, weights));
      return ExitCode.OK;
    }
    for (Workload workload : ids.stream().map(BenchCommand::workload).toList()) {
      if (!measure(workload, weights)) {
        throw new UserException(
            "--precision %s is for streams, and %s is none: %s"
                .formatted(precision, workload.id(), workload.description()));
      }
    }
    return ExitCode.OK;
  }

  private Precision precision() {
    return switch (precision) {
      case FLOAT32 -> Precision.FLOAT32;
      case BF16 -> Precision.BFLOAT16;
      default ->
          throw new UserException(
              "--precision: expected %s or %s, got %s".formatted(FLOAT32, BF16, precision));
    };
  }

  private static Workload workload(String id) {
    try {
      return Workload.of(id);
    } catch (IllegalArgumentException e) {
      throw new UserException("--workload: " + e.getMessage() + ", and " + ALL, e);
    }
  }

  /** Measures a workload and prints its lines; returns false when there is no way to do it. */
  private boolean measure(Workload workload, Precision weights) {
    Optional<Task> prepared = SluiceTasks.prepare(workload, backend.threads(), weights);
    prepared.ifPresent(
        task -> {
          try (task) {
            measure(workload, task);
          }
        });
    return prepared.isPresent();
  }

  private void measure(Workload workload, Task task) {
    spec.commandLine().getErr().printf("%s: %s%n", workload.id(), workload.description());
    task.measure(Math.min(WARM_UP, seconds));
    Times times = task.measure(seconds);
    PrintWriter out = spec.commandLine().getOut();
    for (Metric metric : workload.metrics()) {
      out.printf(
          "%s\t%s\t%d\t%s\t%.2f%n",
          workload.id(),
          precision.equals(FLOAT32) ? "sluice" : "sluice-" + precision,
          backend.threads(),
          metric.name(),
          metric.of(times));
    }
    out.flush();
  }
}
