package dev.sluice.cli;

import dev.sluice.io.exchange.Comparison;
import dev.sluice.io.exchange.Verification;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice verify}: whether a model computes what another framework recorded. */
@Command(
    description = "Run a model on recorded inputs and compare with the recorded outputs.",
    footer = {
      "  sluice verify --model out/ recorded.safetensors",
      "",
      "The file holds tensors: input [T, B, features] (tokens: [T, B]), optional lengths [B], h0"
          + " and c0",
      "[cells, B, units]; and what came out: output, h_n, c_n. docs/importing.md shows how to"
          + " record it.",
      "",
      "Exit code 1 when a number differs by more than the tolerance times (1 + |expected|)."
    })
final class VerifyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private BackendOptions backend = new BackendOptions();

  @Option(names = "--model", required = true, paramLabel = "DIR", description = "Model directory.")
  private Path directory = Path.of("");

  @Option(
      names = "--tolerance",
      paramLabel = "E",
      description = "Largest error allowed (${DEFAULT-VALUE}).")
  private double tolerance = 1e-5;

  @Option(
      names = "--batch-first",
      description =
          "Sequences stand as [B, T, ...]; otherwise as [T, B, ...], or as the file's metadata"
              + " say.")
  private boolean batchFirst;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Parameters(paramLabel = "FILE", description = "Safetensors file with inputs and outputs.")
  private Path file = Path.of("");

  /** What {@code --json} prints. */
  private record Report(boolean equal, double tolerance, Verification verification) {}

  @Override
  public Integer call() {
    if (!(tolerance >= 0)) {
      throw new UserException("--tolerance: expected at least 0, got " + tolerance);
    }
    var network = Models.network(directory);
    return backend.run(threads -> report(Verification.run(threads, network, file, batchFirst)));
  }

  private int report(Verification verification) {
    boolean equal = verification.within(tolerance);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      Json.print(out, new Report(equal, tolerance, verification));
    } else {
      print(verification, equal, out);
    }
    return equal ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private void print(Verification verification, boolean equal, PrintWriter out) {
    out.printf("%s%n%n", verification.input());
    Table table = new Table("tensor", "shape", "largest error", "at", "relative", "at", "");
    for (Comparison tensor : verification.tensors()) {
      String verdict = tensor.within(tolerance) ? "" : "differs";
      table.row(
          tensor.sameShape()
              ? List.of(
                  tensor.name(),
                  tensor.expected().toString(),
                  "%.2g".formatted(tensor.absolute()),
                  tensor.absoluteAt().toString(),
                  "%.2g".formatted(tensor.relative()),
                  tensor.relativeAt().toString(),
                  verdict)
              : List.of(
                  tensor.name(),
                  tensor.expected().toString(),
                  "the model gives",
                  tensor.found().toString(),
                  "",
                  "",
                  verdict));
    }
    table.print(out);
    verification.tensors().stream()
        .flatMap(tensor -> tensor.advice().stream())
        .forEach(out::println);
    if (!verification.skipped().isEmpty()) {
      out.printf(
          "not compared, because the model has no such tensor: %s%n",
          verification.skipped().stream().collect(Collectors.joining(", ")));
    }
    out.printf(
        "%n%s (tolerance %s)%n",
        equal ? "the model computes the same" : "the model differs", tolerance);
  }
}
