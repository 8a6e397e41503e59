package dev.sluice.cli;

import dev.sluice.cli.demo.CldrNames;
import dev.sluice.cli.demo.NaiveBayes;
import dev.sluice.data.LabelledText;
import dev.sluice.data.Labels;
import dev.sluice.data.Split;
import dev.sluice.data.Tokenizer;
import dev.sluice.io.Hyperparameters;
import dev.sluice.io.ModelDirectory;
import dev.sluice.matrix.RandomKey;
import dev.sluice.model.TextClassifier;
import dev.sluice.tape.Backend;
import dev.sluice.tape.Tape;
import dev.sluice.train.Adam;
import dev.sluice.train.ConfusionMatrix;
import dev.sluice.train.Schedule;
import dev.sluice.train.TextClassification;
import dev.sluice.train.Trainer;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sluice demo}: the whole story, on data that every JDK carries. */
@Command(
    description = {
      "Train a language identifier from scratch, judge it, save it and use it.",
      "The data are the names of countries, languages and currencies that this Java knows in more"
          + " than a hundred languages."
    },
    footer = {
      "  sluice demo",
      "  sluice demo --quick --json",
      "",
      "Exit code 1 when the network does not beat the naive-Bayes baseline."
    })
final class DemoCommand implements Callable<Integer> {
  /** Slavic and Turkic languages: few, but close kin, so that the short version is no child's play. */
  private static final Set<String> QUICK_LANGUAGES =
      Set.of(
          "az", "be", "bg", "cs", "hr", "kk", "ky", "mk", "mn", "ru", "sk", "sl", "sr", "tg", "tk",
          "tr", "tt", "uk", "uz");

  /** What some countries call themselves in full: the data has the short names only. */
  static final List<LabelledText> PHRASES =
      List.of(
          new LabelledText("fr", "République française"),
          new LabelledText("pl", "Rzeczpospolita Polska"),
          new LabelledText("cs", "Česká republika"),
          new LabelledText("fi", "Suomen tasavalta"),
          new LabelledText("is", "Lýðveldið Ísland"),
          new LabelledText("pt", "República Federativa do Brasil"),
          new LabelledText("vi", "Cộng hòa xã hội chủ nghĩa Việt Nam"),
          new LabelledText("tr", "Türkiye Cumhuriyeti"),
          new LabelledText("el", "Ελληνική Δημοκρατία"),
          new LabelledText("bg", "Република България"),
          new LabelledText("uk", "Князівство Ліхтенштейн"),
          new LabelledText("kk", "Қазақстан Республикасы"));

  private static final int TOP = 3;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private BackendOptions backend = new BackendOptions();

  @Option(
      names = "--quick",
      description = "Only Slavic and Turkic languages, and a smaller network: a few seconds.")
  private boolean quick;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "Model directory to write (${DEFAULT-VALUE}).")
  private Path directory = Path.of("sluice-demo");

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of the split and of training (${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(names = "--json", description = "Print one JSON object at the end, and no text.")
  private boolean json;

  /** What {@code --json} prints. */
  record Report(
      double testAccuracy,
      double baselineAccuracy,
      int languages,
      int examples,
      double seconds,
      String model) {}

  @Override
  public Integer call() {
    return backend.run(threads -> demonstrate(ModelDirectory.at(directory), threads));
  }

  private int demonstrate(ModelDirectory target, Backend threads) {
    long start = System.nanoTime();
    PrintWriter err = spec.commandLine().getErr();
    List<LabelledText> examples = examples();
    List<List<LabelledText>> parts =
        Split.of(examples, RandomKey.of(seed).fold("split"), 80, 10, 10);
    ClassifierJob.Data data = new ClassifierJob.Data(parts.get(0), parts.get(1));
    List<LabelledText> test = parts.get(2);
    ClassifierJob.Config config = config();
    TextClassifier model = config.newModel(data);
    model.parameters().initialize(RandomKey.of(seed).fold("parameters"));
    TrainingJob job = new ClassifierJob(config, data, model, target, Optional.empty());
    if (new TrainingRun(job, settings(config), new Adam()).run(threads, err).interrupted()) {
      return TrainingRun.INTERRUPTED;
    }
    ConfusionMatrix confusion =
        TextClassification.evaluate(Tape.inference(threads, model.parameters()), model, test);
    Report report =
        new Report(
            confusion.accuracy(),
            NaiveBayes.train(data.training()).accuracy(test),
            Labels.in(examples).size(),
            examples.size(),
            (System.nanoTime() - start) / 1e9,
            directory.toString());
    if (json) {
      Json.print(spec.commandLine().getOut(), report);
    } else {
      print(report, EvaluationReport.of(model.labels(), confusion));
      classifyPhrases(Classifier.of(model, threads, Optional.of(TOP)));
    }
    return verdict(report, err);
  }

  private List<LabelledText> examples() {
    List<LabelledText> all = CldrNames.examples();
    return quick
        ? all.stream().filter(example -> QUICK_LANGUAGES.contains(example.label())).toList()
        : all;
  }

  private ClassifierJob.Config config() {
    return quick ? config(64, 0.3f, 0.006f, 32) : config(96, 0.2f, 0.005f, 64);
  }

  private ClassifierJob.Config config(int hidden, float dropout, float learningRate, int batch) {
    return new ClassifierJob.Config(
        new TextClassifier.Config(Tokenizer.CHARACTERS, 1, 64, hidden, 1, true, dropout),
        new Hyperparameters("adam", learningRate, "cosine", 5, batch, 8, 0, 1, 10_000, seed),
        0);
  }

  private static Trainer.Settings settings(ClassifierJob.Config config) {
    Hyperparameters h = config.hyperparameters();
    return new Trainer.Settings(
        h.epochs(),
        h.patience(),
        h.learningRate(),
        new Schedule.Cosine(),
        h.clip(),
        Float.POSITIVE_INFINITY,
        1,
        h.seed());
  }

  private void print(Report report, EvaluationReport evaluation) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%,d names in %d languages, a tenth of them kept for this test:%n%n",
        report.examples(), report.languages());
    Table table = new Table("", "accuracy");
    table.row("LSTM", "%.2f %%".formatted(100 * report.testAccuracy()));
    table.row(
        "naive Bayes, character 1-3-grams", "%.2f %%".formatted(100 * report.baselineAccuracy()));
    table.print(out);
    out.println();
    evaluation.printConfusions(out);
    out.println();
    out.printf("model saved in %s; try it:%n%n", directory);
    out.printf("  sluice predict --model %s --top 3 \"some words\"%n", directory);
    out.printf("  sluice info %s%n%n", directory);
  }

  private void classifyPhrases(Classifier classifier) {
    PrintWriter out = spec.commandLine().getOut();
    List<String> texts =
        PHRASES.stream()
            .filter(phrase -> !quick || QUICK_LANGUAGES.contains(phrase.label()))
            .map(LabelledText::text)
            .toList();
    List<List<Classifier.Prediction>> answers = classifier.classify(texts);
    for (int i = 0; i < texts.size(); i++) {
      String languages =
          answers.get(i).stream()
              .map(
                  p ->
                      "%s %.1f %%"
                          .formatted(CldrNames.languageName(p.label()), 100 * p.probability()))
              .collect(Collectors.joining(", "));
      out.printf("%s: %s%n", texts.get(i), languages);
    }
  }

  static int verdict(Report report, PrintWriter err) {
    if (report.testAccuracy() > report.baselineAccuracy()) {
      return ExitCode.OK;
    }
    err.printf(
        "sluice: the network (%.2f %%) does not beat the baseline (%.2f %%)%n",
        100 * report.testAccuracy(), 100 * report.baselineAccuracy());
    return ExitCode.SOFTWARE;
  }
}
