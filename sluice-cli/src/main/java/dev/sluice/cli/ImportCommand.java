package dev.sluice.cli;

import dev.sluice.io.Imported;
import dev.sluice.io.ModelDirectory;
import dev.sluice.io.Origin;
import dev.sluice.io.StoredNetwork;
import dev.sluice.io.exchange.ImportOptions;
import dev.sluice.io.exchange.Importer;
import dev.sluice.io.pytorch.StateDictOptions;
import dev.sluice.io.pytorch.StateDictOptions.Nonlinearity;
import dev.sluice.io.pytorch.StateDictOptions.Output;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice import}: the file of another framework becomes a model directory. */
@Command(
    description = "Make a model directory of a file of another framework.",
    footer = {
      "  sluice import model.pt --model out/",
      "  sluice import checkpoint.pt --key state_dict --model out/",
      "  sluice import weights.safetensors --model out/ --output last-step",
      "  sluice import model.onnx --model out/ --layer encoder",
      "  sluice import model.keras --model out/",
      "  sluice import model.ckpt --model out/ --forget-bias 0",
      "",
      "PyTorch's .pt and .pth and safetensors hold weights and no architecture: it is inferred from"
          + " names",
      "and shapes, printed, and what remains open is said with the option that changes it."
    })
final class ImportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "FILE", description = "What to import; its kind is told by its content.")
  private Path file = Path.of("");

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "Model directory to write.")
  private Path directory = Path.of("");

  @Option(
      names = "--key",
      paramLabel = "KEY",
      description = "Where the state dict is in a checkpoint that holds several.")
  private Optional<String> key = Optional.empty();

  @Option(
      names = "--layer",
      paramLabel = "NAME",
      description = "Take one recurrent layer out of a model that is no chain of layers.")
  private Optional<String> layer = Optional.empty();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "The architecture, in place of what would be inferred: JSON with input and layers as in"
              + " config.json; for weights of Keras what model.to_json() gives.")
  private Optional<Path> config = Optional.empty();

  @Option(
      names = "--nonlinearity",
      description = "Of nn.RNN, which a state dict does not say: ${COMPLETION-CANDIDATES}.")
  private Optional<Nonlinearity> nonlinearity = Optional.empty();

  @Option(
      names = "--output",
      paramLabel = "WHICH",
      description =
          "What linear layers after the last recurrent one read, which a state dict does not say:"
              + " steps (all of them), last-step, or final-state (of both directions). Of TF1's"
              + " variables the whole model is taken when this is said.")
  private Optional<String> output = Optional.empty();

  @Option(
      names = "--recurrent-activation",
      paramLabel = "NAME",
      description = "Of the gates of Keras's LSTM and GRU, should the file not say it.")
  private Optional<String> recurrentActivation = Optional.empty();

  @Option(
      names = "--forget-bias",
      paramLabel = "B",
      description = "What TF1's LSTM cells add to the forget gate at run time; TF1's default is 1.")
  private Optional<Float> forgetBias = Optional.empty();

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() {
    ModelDirectory target = ModelDirectory.at(directory);
    Imported imported = Importer.read(file, options());
    StoredNetwork stored = choose(imported);
    target.write(stored);
    NetworkReport report = NetworkReport.of(directory.toString(), stored);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      Json.print(out, report);
    } else {
      out.printf("%s: %s%n%n", file, imported.format());
      report.print(out);
    }
    spec.commandLine().getErr().printf("saved %s%n", directory);
    return ExitCode.OK;
  }

  private ImportOptions options() {
    return new ImportOptions(
        key,
        config,
        new StateDictOptions(nonlinearity, output.map(ImportCommand::output)),
        recurrentActivation,
        forgetBias);
  }

  private static Output output(String name) {
    return switch (name) {
      case "steps" -> Output.STEPS;
      case "last-step" -> Output.LAST_STEP;
      case "final-state" -> Output.FINAL_STATE;
      default ->
          throw new UserException(
              "--output: expected steps, last-step or final-state, got " + name);
    };
  }

  /** The network, or the layer that is asked for, or the only one there is. */
  private StoredNetwork choose(Imported imported) {
    if (layer.isEmpty() && imported.network().isPresent()) {
      return new StoredNetwork(imported.network().get(), Origin.of(Version.sluice(), imported));
    }
    List<Imported.Part> parts = imported.parts();
    List<Imported.Part> wanted =
        parts.stream().filter(part -> layer.isEmpty() || part.name().equals(layer.get())).toList();
    if (wanted.size() != 1) {
      throw new UserException(advice(imported));
    }
    List<String> notes = new ArrayList<>(imported.notes());
    notes.add(
        "only the layer %s was taken; no chain of layers: %s"
            .formatted(wanted.getFirst().name(), imported.obstacle()));
    Imported part =
        Imported.whole(
            imported.file(),
            imported.format(),
            wanted.getFirst().network(),
            notes,
            left(imported, wanted));
    return new StoredNetwork(wanted.getFirst().network(), Origin.of(Version.sluice(), part));
  }

  private static List<String> left(Imported imported, List<Imported.Part> wanted) {
    List<String> left = new ArrayList<>();
    imported.parts().stream()
        .filter(part -> !wanted.contains(part))
        .map(Imported.Part::name)
        .forEach(left::add);
    left.addAll(imported.left());
    return left;
  }

  private String advice(Imported imported) {
    if (imported.network().isPresent()) {
      return "%s: the model is a chain of layers and is taken whole; leave out --layer"
          .formatted(file);
    }
    if (imported.parts().isEmpty()) {
      return "%s: %s; it has no recurrent layer that could be taken alone"
          .formatted(file, imported.obstacle());
    }
    String names =
        imported.parts().stream().map(Imported.Part::name).collect(Collectors.joining(", "));
    return layer.isEmpty()
        ? "%s: %s; or take one of its recurrent layers with --layer: %s"
            .formatted(file, imported.obstacle(), names)
        : "%s: has no recurrent layer %s; it has %s".formatted(file, layer.get(), names);
  }
}
