package dev.sluice.bench;

import dev.sluice.bench.libtorch.Libtorch;
import dev.sluice.bench.onednn.OneDnn;
import dev.sluice.bench.onnxruntime.OnnxRuntime;
import dev.sluice.cli.bench.Workload;
import dev.sluice.model.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** Runs Sluice and its peers on the same workloads, and prints a table: see {@code docs/performance.md}. */
@Command(
    name = "sluice-bench/run",
    description = "Compare the speed of Sluice with its peers on this machine.",
    mixinStandardHelpOptions = true)
public final class Compare implements Callable<Integer> {
  @Option(
      names = "--workloads",
      split = ",",
      paramLabel = "ID",
      description = "Workloads, for example I1,T1; default: all.")
  private List<String> workloads = Workload.all().stream().map(Workload::id).toList();

  @Option(names = "--threads", paramLabel = "N", description = "Threads that compute; default: 1.")
  private int threads = 1;

  @Option(names = "--quick", description = "Too short to trust the numbers; shows that all works.")
  private boolean quick;

  private Compare() {}

  /** Compares, and ends the process with an exit code. */
  public static void main(String... arguments) {
    Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
    System.exit(new CommandLine(new Compare()).execute(arguments));
  }

  @Override
  public Integer call() {
    List<Engine> own =
        List.of(new SluiceEngine(Precision.FLOAT32), new SluiceEngine(Precision.BFLOAT16));
    List<Engine> peers =
        List.of(Libtorch.layers(), Libtorch.cells(), new OnnxRuntime(), new OneDnn());
    System.out.printf("%s; threads: %d%n%n", Machine.describe(), threads);
    Stream.concat(own.stream(), peers.stream())
        .forEach(engine -> System.out.printf("- %s: %s%n", engine.name(), engine.settings()));
    System.out.println();
    Report report = new Report(System.out, own, peers);
    for (Workload workload : chosen()) {
      System.err.printf("%s: %s%n", workload.id(), workload.description());
      report.add(
          workload, Contest.hold(workload, threads, own, peers, quick ? Pace.QUICK : Pace.FULL));
    }
    report.end();
    return ExitCode.OK;
  }

  private List<Workload> chosen() {
    List<Workload> chosen = new ArrayList<>();
    for (String id : workloads) {
      chosen.add(Workload.of(id));
    }
    return chosen;
  }
}
