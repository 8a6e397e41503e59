package dev.sluice.cli;

import dev.sluice.data.LabelledText;
import dev.sluice.data.LabelledTexts;
import dev.sluice.io.ModelDirectory;
import dev.sluice.model.TextClassifier;
import dev.sluice.tape.Backend;
import dev.sluice.tape.Tape;
import dev.sluice.train.ConfusionMatrix;
import dev.sluice.train.TextClassification;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice evaluate}: how good a model is on a file of examples. */
@Command(
    name = "evaluate",
    description = "Compare a model's answers with the labels of a file.",
    footer = {
      "  sluice evaluate --model out/ test.tsv",
      "  sluice evaluate --model out/ test.tsv.gz --json"
    })
final class EvaluateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private BackendOptions backend = new BackendOptions();

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "Model directory that sluice train wrote.")
  private Path directory = Path.of("");

  @Parameters(paramLabel = "FILE", description = "Examples, label<TAB>text on each line.")
  private Path file = Path.of("");

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() {
    TextClassifier model = ModelDirectory.read(directory).model();
    List<LabelledText> examples = LabelledTexts.read(file, model.labels());
    return backend.run(threads -> evaluate(model, examples, threads));
  }

  private int evaluate(TextClassifier model, List<LabelledText> examples, Backend threads) {
    ConfusionMatrix confusion =
        TextClassification.evaluate(Tape.inference(threads, model.parameters()), model, examples);
    EvaluationReport report = EvaluationReport.of(model.labels(), confusion);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      Json.print(out, report);
    } else {
      report.print(out);
    }
    return ExitCode.OK;
  }
}
