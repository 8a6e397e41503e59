package dev.sluice.cli;

import dev.sluice.io.ModelDirectory;
import dev.sluice.io.TrainedLanguageModel;
import dev.sluice.matrix.RandomKey;
import dev.sluice.model.LanguageModel;
import dev.sluice.model.Sampling;
import dev.sluice.model.TextGenerator;
import dev.sluice.tape.Backend;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sluice sample}: a language model writes text. */
@Command(
    description =
        "Write text with a language model, each word or character as soon as it is drawn.",
    footer = {
      "  sluice sample --model out/",
      "  sluice sample --model out/ --prompt \"ROMEO:\" --length 1000 --temperature 0.8 --seed 2",
      "",
      "The same seed gives the same text on every machine."
    })
final class SampleCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private BackendOptions backend = new BackendOptions();

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "Model directory that sluice train --task language-model wrote.")
  private Path directory = Path.of("");

  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      description = "What the text begins with; it is written too. Default: nothing, a new line.")
  private String prompt = "";

  @Option(
      names = "--length",
      paramLabel = "N",
      description = "Words or characters to write (${DEFAULT-VALUE}).")
  private int length = 500;

  @Option(
      names = "--temperature",
      paramLabel = "X",
      description =
          "Above 0; less than 1 prefers the probable, more the improbable (${DEFAULT-VALUE}).")
  private double temperature = 1;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      description = "Choose among the K most probable; 0: among all (${DEFAULT-VALUE}).")
  private int topK;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of the choices (${DEFAULT-VALUE}).")
  private long seed = 1;

  @Override
  public Integer call() {
    Require.atLeast(0, "--length", length);
    Require.atLeast(0, "--top-k", topK);
    Require.that(
        temperature > 0 && Double.isFinite(temperature), "--temperature", "above 0", temperature);
    if (!(ModelDirectory.open(directory) instanceof TrainedLanguageModel trained)) {
      throw new UserException(
          directory
              + ": holds no language model; train one with sluice train --task language-model");
    }
    return backend.run(threads -> sample(trained.model(), threads));
  }

  private int sample(LanguageModel model, Backend threads) {
    Sampling sampling = new Sampling(temperature, topK, RandomKey.of(seed).fold("sample"));
    TextGenerator generator = new TextGenerator(threads, model, sampling);
    PrintWriter out = spec.commandLine().getOut();
    out.print(generator.prompt(prompt));
    for (int i = 0; i < length && !out.checkError(); i++) { // nobody reads on, as with | head
      out.print(generator.next());
    }
    out.println();
    return ExitCode.OK;
  }
}
