package dev.sluice.cli;

import dev.sluice.io.ForecastingModel;
import dev.sluice.io.Hyperparameters;
import dev.sluice.io.LabellingModel;
import dev.sluice.io.ModelDirectory;
import dev.sluice.io.Provenance;
import dev.sluice.io.StoredModel;
import dev.sluice.io.StoredNetwork;
import dev.sluice.io.TrainedClassifier;
import dev.sluice.io.TrainedLanguageModel;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice info}: what runs here and why, and what is in a model directory. */
@Command(
    description =
        "Show versions, kernels and threads, what is in a model directory, and the formulas of"
            + " cells.",
    footer = {
      "  sluice info",
      "  sluice info out/",
      "  sluice info out/ --json",
      "  sluice info --cells --input 100 --hidden 200"
    })
final class InfoCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private BackendOptions backend = new BackendOptions();

  @Parameters(paramLabel = "DIR", arity = "0..1", description = "Model directory to look into.")
  private Optional<Path> directory = Optional.empty();

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @ArgGroup(exclusive = false)
  private CellsOptions cells = new CellsOptions();

  /** Which cells to show. */
  private static final class CellsOptions {
    private static final int MAX_SIZE = 1_000_000;

    @Option(
        names = "--cells",
        required = true,
        description = "Show every cell: its formula, state, parameters, and what runs it.")
    private boolean shown;

    @Option(names = "--input", paramLabel = "N", description = "Their inputs; default: 64.")
    private int input = 64;

    @Option(names = "--hidden", paramLabel = "N", description = "Their units; default: 128.")
    private int hidden = 128;

    Optional<List<CellReport>> reports() {
      if (!shown) {
        return Optional.empty();
      }
      requireSize("--input", input);
      requireSize("--hidden", hidden);
      return Optional.of(
          CellCatalogue.of(input, hidden).entrySet().stream()
              .map(e -> CellReport.of(e.getKey(), e.getValue()))
              .toList());
    }

    private static void requireSize(String option, int size) {
      if (size < 1 || size > MAX_SIZE) {
        throw new UserException("%s: expected 1 to %,d, got %d".formatted(option, MAX_SIZE, size));
      }
    }
  }

  /** What runs. */
  private record Machine(
      String sluice, String jdk, String kernels, int threads, long maxMemoryBytes) {}

  private record Report(
      Machine machine,
      Optional<ModelReport> model,
      Optional<NetworkReport> network,
      Optional<List<CellReport>> cells) {}

  @Override
  public Integer call() {
    Report report = report(directory.map(ModelDirectory::open));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      Json.print(out, report);
    } else {
      print(report.machine(), out);
      report.model().ifPresent(model -> print(model, out));
      report.network().ifPresent(network -> print(network, out));
      report.cells().ifPresent(all -> all.forEach(cell -> print(cell, out)));
    }
    return ExitCode.OK;
  }

  private Report report(Optional<StoredModel> stored) {
    Optional<ModelReport> model = Optional.empty();
    Optional<NetworkReport> network = Optional.empty();
    if (stored.isPresent()) {
      switch (stored.get()) {
        case TrainedClassifier trained -> model = Optional.of(ModelReport.of(path(), trained));
        case LabellingModel trained -> model = Optional.of(ModelReport.of(path(), trained));
        case TrainedLanguageModel trained -> model = Optional.of(ModelReport.of(path(), trained));
        case ForecastingModel trained -> model = Optional.of(ModelReport.of(path(), trained));
        case StoredNetwork chain -> network = Optional.of(NetworkReport.of(path(), chain));
      }
    }
    return new Report(machine(), model, network, cells.reports());
  }

  private String path() {
    return directory.map(Path::toString).orElse("");
  }

  private Machine machine() {
    return new Machine(
        Version.sluice(),
        Version.java(),
        BackendOptions.provider().reason(),
        backend.threads(),
        Runtime.getRuntime().maxMemory());
  }

  private static void print(Machine machine, PrintWriter out) {
    out.printf("sluice    %s%n", machine.sluice());
    out.printf("java      %s%n", machine.jdk());
    out.printf("kernels   %s%n", machine.kernels());
    out.printf("threads   %d%n", machine.threads());
    out.printf("memory    at most %,d MiB%n", machine.maxMemoryBytes() >> 20);
  }

  private static void print(CellReport cell, PrintWriter out) {
    out.printf("%n%s%n  %s%n%n", cell.name(), cell.inShort());
    cell.printFormula(out, 4);
  }

  private static void print(ModelReport model, PrintWriter out) {
    out.println();
    out.printf("model     %s%n", model.path());
    String labels = model.labels().isEmpty() ? "" : ", %d labels".formatted(model.labels().size());
    out.printf("task      %s%s%n", model.task(), labels);
    String tokens = model.tokens().map(", %,d tokens"::formatted).orElse("");
    out.printf("network   %s%s%n", model.network(), tokens);
    for (CellReport layer : model.layers()) {
      out.printf("layer     %s: %s %s%n", layer.name(), layer.cell(), layer.inShort());
    }
    printFormulas(model.layers(), out);
    out.println();
    Table table = new Table("parameter", "shape", "count", "bytes");
    for (ModelReport.Weight w : model.parameters()) {
      table.row(
          w.name(), w.shape().toString(), grouped(w.count()), grouped(w.count() * Float.BYTES));
    }
    table.row("total", "", grouped(model.count()), grouped(model.bytes()));
    table.print(out);
    out.println();
    model.training().ifPresent(training -> print(training, out));
    print(model.provenance(), out);
  }

  private static void print(NetworkReport network, PrintWriter out) {
    out.println();
    out.printf("model     %s%n", network.path());
    out.printf("task      network%n");
    for (CellReport cell : network.cells()) {
      out.printf("layer     %s: %s %s%n", cell.name(), cell.cell(), cell.inShort());
    }
    printFormulas(network.cells(), out);
    out.println();
    network.print(out);
    out.println();
    network.printOrigin(out);
  }

  /** Each formula once. */
  private static void printFormulas(List<CellReport> cells, PrintWriter out) {
    Map<String, CellReport> formulas = new LinkedHashMap<>();
    cells.forEach(cell -> formulas.putIfAbsent(cell.formula(), cell));
    for (CellReport cell : formulas.values()) {
      out.printf("%nformula   of %s%n", cell.cell());
      cell.printFormula(out, 10);
    }
  }

  private static void print(Hyperparameters h, PrintWriter out) {
    out.printf(
        "training  %s, learning rate %s (%s), clip %s, batch %d, %d epochs, patience %d%n",
        h.optimizer(),
        h.learningRate(),
        h.schedule(),
        h.clip(),
        h.batch(),
        h.epochs(),
        h.patience());
    out.printf(
        "          min count %d, max vocabulary %d, seed %d%n",
        h.minCount(), h.maxVocabulary(), h.seed());
  }

  private static void print(Provenance p, PrintWriter out) {
    out.printf("result    %s%n", TrainingRun.inWords(p));
    out.printf("made by   sluice %s, Java %s%n", p.sluice(), p.jdk());
    out.printf(
        "data      %,d examples, sha-256 %s%n", p.training().examples(), p.training().sha256());
    out.printf(
        "          %,d for validation, sha-256 %s%n",
        p.validation().examples(), p.validation().sha256());
  }

  private static String grouped(long n) {
    return "%,d".formatted(n);
  }
}
