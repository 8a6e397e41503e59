package dev.sluice.cli;

import dev.sluice.io.RunDirectory;
import dev.sluice.io.RunLock;
import dev.sluice.tape.Backend;
import dev.sluice.train.DivergedException;
import dev.sluice.train.Metric;
import dev.sluice.train.Objective;
import dev.sluice.train.Trainer;
import dev.sluice.train.TrainingState;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sluice train}: from the user's files to a model directory, whatever the task. */
@Command(
    preprocessor = TrainPreparation.class,
    description = {
      "Train a model on your files and save the best epoch.",
      "Each task has options of its own: see sluice train --task TASK --help."
    },
    footer = {
      "  sluice train --task classify --train train.tsv --valid dev.tsv --model out/",
      "  sluice train --task classify --train train.tsv.gz --valid dev.tsv \\",
      "      --model out/ --words --hidden 200 --layers 2 --dropout 0.5",
      "  sluice train --task language-model --train train.txt --valid valid.txt --model out/",
      "  sluice train --config run.yaml --model out/ --seed 2",
      "  sluice train --resume out/",
      "",
      "  sluice train --task tag --train train.conllu --valid dev.conllu --column upos --model"
          + " out/",
      "  sluice train --task classify-numbers --train train.ts --valid dev.ts --model out/",
      "",
      "  sluice train --task forecast --train hourly.csv --window 96 --horizon 24 --model out/",
      "  sluice train --task detect --train usual.csv --values cpu --model out/",
      "",
      "Files are UTF-8, plain or gzipped; of texts one example on each line: label<TAB>text.",
      "Ctrl-C stops after the current step and saves the best epoch so far."
    })
final class TrainCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--task",
      required = true,
      paramLabel = "TASK",
      description =
          "What to learn: classify, labels of texts; classify-numbers, a label for each sequence of"
              + " numbers; tag, a tag for each word; next-set, the labels of the next step;"
              + " language-model, which word or character comes next; forecast, the next rows of a"
              + " time series; detect, how unusual the rows of a stream are.")
  @SuppressWarnings("UnusedVariable") // TrainPreparation looks at it before
  private String task = "";

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "Model directory to write; a model that is there is replaced.")
  private Path model = Path.of("");

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "YAML file with the values of any options, such as \"learning_rate: 0.5\"; options on"
              + " the command line go before it.")
  @SuppressWarnings("UnusedVariable") // likewise
  private Optional<Path> config = Optional.empty();

  @Option(
      names = "--resume",
      paramLabel = "DIR",
      description = "Go on with the training of this model, which was stopped, as it began.")
  private Optional<Path> resume = Optional.empty();

  @Mixin private TrainingOptions training = new TrainingOptions();

  @Option(
      names = "--checkpoint-steps",
      paramLabel = "N",
      description = "Keep what is needed to resume after every N steps; 0: not (${DEFAULT-VALUE}).")
  private int checkpointSteps;

  @Option(
      names = "--checkpoint-minutes",
      paramLabel = "N",
      description =
          "Keep what is needed to resume every N minutes; 0: not (${DEFAULT-VALUE}). In any case"
              + " at the end of an epoch.")
  private double checkpointMinutes = 10;

  @Option(
      names = "--keep-checkpoints",
      paramLabel = "N",
      description = "How many of the last of these stay in DIR.run (${DEFAULT-VALUE}).")
  private int keepCheckpoints = 3;

  @Option(names = "--json", description = "Print the result as a JSON object.")
  private boolean json;

  @Mixin private BackendOptions backend = new BackendOptions();

  /** What {@code --json} prints. */
  private record Report(
      String model,
      int epochs,
      int bestEpoch,
      Optional<Double> validationLoss,
      Optional<Double> validationAccuracy,
      Optional<Double> validationPerplexity,
      Optional<Double> testLoss,
      double seconds) {}

  @Override
  public Integer call() {
    TrainPreparation.requireGiven(spec);
    requireValid();
    TrainingTask chosen = TrainPreparation.task(spec);
    return backend.run(threads -> train(chosen, threads));
  }

  private int train(TrainingTask chosen, Backend threads) {
    long start = System.nanoTime();
    String settings = RunYaml.write(spec);
    TrainingJob job = chosen.prepare(model, training, settings);
    RunDirectory directory = new RunDirectory(model, keepCheckpoints);
    try (RunLock _ = directory.lock()) {
      return train(job, recorder(job, directory, settings), threads, start);
    }
  }

  private int train(TrainingJob job, RunRecorder recorder, Backend threads, long start) {
    PrintWriter err = spec.commandLine().getErr();
    TrainingRun run = new TrainingRun(job, training.settings(), training.optimizer());
    TrainingRun.Result result;
    try {
      result = run.run(threads, err, Optional.of(recorder));
    } catch (DivergedException e) {
      if (recorder.keptSome()) {
        err.printf(
            "the last good state is kept; go on with sluice train --resume %s --learning-rate %s%n",
            model, training.learningRate() / 2);
      }
      throw e;
    }
    if (result.interrupted()) {
      return TrainingRun.INTERRUPTED;
    }
    err.printf("saved %s: %s%n", model, TrainingRun.inWords(result.epochs()));
    Optional<Objective.Score> test = job.test(threads);
    test.ifPresent(recorder::tested);
    test.ifPresent(
        score ->
            err.printf(
                "test loss %.4f, %s %s%n",
                score.loss(), score.metric().words(), score.metric().format(score.value())));
    if (json) {
      double seconds = (System.nanoTime() - start) / 1e9;
      Json.print(spec.commandLine().getOut(), report(result.epochs(), test, seconds));
    }
    return ExitCode.OK;
  }

  private RunRecorder recorder(TrainingJob job, RunDirectory directory, String settings) {
    PrintWriter err = spec.commandLine().getErr();
    Optional<TrainingState> state = Optional.empty();
    if (resume.isPresent()) {
      state = directory.resume(job.data(), warning -> err.println("warning: " + warning));
      if (state.isPresent()) {
        warnOfOtherEpochs(directory, err);
      }
      directory.change(settings);
      err.println(
          state
              .map(
                  s ->
                      "resuming in epoch %d after %,d of its batches"
                          .formatted(s.position().epoch() + 1, s.position().batch()))
              .orElse("resuming from the start: it was stopped before anything was kept"));
    } else {
      directory.begin(settings);
    }
    RunRecorder.Interval interval = new RunRecorder.Interval(checkpointSteps, checkpointMinutes);
    return new RunRecorder(model, directory, job.data(), state, interval, err);
  }

  /** A schedule that spans all epochs has taught those that are done with the rates of another run. */
  private void warnOfOtherEpochs(RunDirectory directory, PrintWriter err) {
    int epochs = training.settings().epochs();
    String before = RunYaml.read(directory.settings()).text("epochs").orElse("");
    if (training.settings().schedule().spansEpochs() && !before.equals(String.valueOf(epochs))) {
      err.printf(
          "warning: schedule %1$s spans all epochs; with %2$d in place of %3$s the rate goes on"
              + " from another value, and the model is not that of %2$d at once%n",
          training.scheduleText(), epochs, before);
    }
  }

  private Report report(
      List<Trainer.Epoch> epochs, Optional<Objective.Score> test, double seconds) {
    Optional<Trainer.Epoch> best = TrainingRun.best(epochs);
    Optional<Objective.Score> score = best.map(Trainer.Epoch::score);
    return new Report(
        model.toString(),
        epochs.size(),
        best.map(Trainer.Epoch::epoch).orElse(0),
        score.map(Objective.Score::loss),
        score.filter(s -> s.metric() == Metric.ACCURACY).map(Objective.Score::value),
        score.filter(s -> s.metric() == Metric.PERPLEXITY).map(Objective.Score::value),
        test.map(Objective.Score::loss),
        seconds);
  }

  private void requireValid() {
    training.requireValid();
    Require.atLeast(0, "--checkpoint-steps", checkpointSteps);
    Require.atLeast(1, "--keep-checkpoints", keepCheckpoints);
    Require.that(checkpointMinutes >= 0, "--checkpoint-minutes", "0 or more", checkpointMinutes);
  }
}
