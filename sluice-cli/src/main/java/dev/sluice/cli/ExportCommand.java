package dev.sluice.cli;

import dev.sluice.io.exchange.ExportOptions;
import dev.sluice.io.exchange.Exporter;
import dev.sluice.io.exchange.Exporter.Target;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice export}: a model directory becomes a file of another framework. */
@Command(
    description = "Write a model as a file of another framework.",
    footer = {
      "  sluice export --model out/ --to pytorch model.pt",
      "  sluice export --model out/ --to keras model.keras",
      "  sluice export --model out/ --to onnx --batch-first model.onnx",
      "",
      "PyTorch's files load with model.load_state_dict(torch.load(file)), Keras's with load_model,"
          + " or with",
      "load_weights when the file is called .h5; ONNX runs in ONNX Runtime."
    })
final class ExportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--model", required = true, paramLabel = "DIR", description = "Model directory.")
  private Path directory = Path.of("");

  @Option(
      names = "--to",
      required = true,
      paramLabel = "FORMAT",
      description = "What to write: ${COMPLETION-CANDIDATES}.")
  private Target target = Target.SAFETENSORS;

  @Option(
      names = "--batch-first",
      description = "ONNX: the input is [B, T, ...]; otherwise [T, B, ...].")
  private boolean batchFirst;

  @Option(
      names = "--states",
      description = "ONNX: initial states are inputs, and final states outputs.")
  private boolean states;

  @Parameters(paramLabel = "FILE", description = "File to write; what is there is replaced.")
  private Path file = Path.of("");

  @Override
  public Integer call() {
    if (target != Target.ONNX && (batchFirst || states)) {
      throw new UserException("--batch-first and --states are for --to onnx");
    }
    Exporter.write(file, target, Models.network(directory), new ExportOptions(batchFirst, states))
        .forEach(note -> spec.commandLine().getErr().println("note: " + note));
    spec.commandLine().getErr().println("saved " + file);
    return ExitCode.OK;
  }
}
