package dev.sluice.cli;

import dev.sluice.cli.Classifier.Prediction;
import dev.sluice.data.TextLines;
import dev.sluice.io.ModelDirectory;
import dev.sluice.model.TextClassifier;
import dev.sluice.tape.Backend;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
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

/** {@code sluice predict}: the labels of texts, from the command line or from standard input. */
@Command(
    name = "predict",
    description = "Label texts: those given, or else each line of standard input.",
    footer = {
      "  sluice predict --model out/ \"some text\"",
      "  sluice predict --model out/ --top 3 < lines.txt",
      "  tail -f log | sluice predict --model out/ --json",
      "",
      "A line of output for each text, in order: label<TAB>probability, for each of the top labels."
    })
final class PredictCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private BackendOptions backend = new BackendOptions();

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "Model directory that sluice train wrote.")
  private Path directory = Path.of("");

  @Option(
      names = "--top",
      paramLabel = "K",
      description = "How many labels to give, the most probable first (${DEFAULT-VALUE}).")
  private int top = 1;

  @Option(names = "--json", description = "Print a JSON object for each text.")
  private boolean json;

  @Parameters(paramLabel = "TEXT", arity = "0..*", description = "Texts to label.")
  private List<String> texts = new ArrayList<>();

  /** What {@code --json} prints for a text. */
  private record Answer(String text, List<Prediction> predictions) {}

  @Override
  public Integer call() {
    if (top < 1) {
      throw new UserException("--top: expected at least 1, got " + top);
    }
    TextClassifier model = ModelDirectory.read(directory).model();
    return backend.run(threads -> predict(model, threads));
  }

  private int predict(TextClassifier model, Backend threads) {
    Classifier classifier = new Classifier(model, threads, top);
    if (!texts.isEmpty()) {
      answer(classifier, texts);
      return ExitCode.OK;
    }
    LineBatches lines = new LineBatches(TextLines.of("standard input", System.in));
    for (List<String> batch = lines.next(); !batch.isEmpty(); batch = lines.next()) {
      answer(classifier, batch);
      if (spec.commandLine().getOut().checkError()) {
        return ExitCode.OK; // Nobody reads on, as in `sluice predict ... | head`.
      }
    }
    return ExitCode.OK;
  }

  private void answer(Classifier classifier, List<String> batch) {
    PrintWriter out = spec.commandLine().getOut();
    List<List<Prediction>> answers = classifier.classify(batch);
    for (int i = 0; i < batch.size(); i++) {
      if (json) {
        Json.print(out, new Answer(batch.get(i), answers.get(i)));
      } else {
        out.println(
            answers.get(i).stream()
                .map(p -> "%s\t%.4f".formatted(p.label(), p.probability()))
                .collect(Collectors.joining("\t")));
      }
    }
    out.flush();
  }
}
