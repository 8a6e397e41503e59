package dev.sluice.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * The entry: which commands there are. Each is one class, and does no more than translate between
 * the user and the library.
 *
 * <p>Data goes to standard output, everything else to standard error. Exit code 0 is success, 1 a
 * finding (a check that failed), 2 wrong use or failure, with one line that says what is wrong.
 */
@Command(
    name = "sluice",
    description = "Recurrent networks for the JVM: train, evaluate and use them.",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    usageHelpAutoWidth = true,
    synopsisSubcommandLabel = "COMMAND",
    footerHeading = "%nExamples:%n",
    footer = {
      "  sluice demo",
      "  sluice train --task classify --train train.tsv --valid dev.tsv --model out/",
      "  sluice COMMAND --help"
    })
public final class Main implements Runnable {
  /** The commands in the order of the help. */
  private static final Map<String, Supplier<Callable<Integer>>> COMMANDS = new LinkedHashMap<>();

  static {
    COMMANDS.put("demo", DemoCommand::new);
    COMMANDS.put("train", TrainCommand::new);
    COMMANDS.put("evaluate", EvaluateCommand::new);
    COMMANDS.put("predict", PredictCommand::new);
    COMMANDS.put("sample", SampleCommand::new);
    COMMANDS.put("detect", DetectCommand::new);
    COMMANDS.put("info", InfoCommand::new);
    COMMANDS.put("import", ImportCommand::new);
    COMMANDS.put("export", ExportCommand::new);
    COMMANDS.put("verify", VerifyCommand::new);
    COMMANDS.put("bench", BenchCommand::new);
  }

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show the stack trace of an error.")
  private boolean debug;

  private Main() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    // Numbers look the same everywhere: 48,700 and 79.1, for people and for the programs that read
    // them.
    Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
    PrintWriter out = new PrintWriter(System.out, false, System.out.charset());
    PrintWriter err = new PrintWriter(System.err, true, System.err.charset());
    int exitCode = commandLine(out, err, arguments).execute(arguments);
    out.flush();
    System.exit(exitCode);
  }

  /**
   * The command with its output going to {@code out} and {@code err}, ready for {@code arguments}:
   * of its subcommands only the one that they name, because reading the annotations of all takes
   * longer than a small model takes to answer. Where they name none, as for help, it has all.
   */
  static CommandLine commandLine(PrintWriter out, PrintWriter err, String... arguments) {
    Main main = new Main();
    Failures failures = new Failures(() -> main.debug);
    CommandLine sluice = new CommandLine(main);
    String first = Stream.of(arguments).filter(a -> !a.startsWith("-")).findFirst().orElse("");
    COMMANDS.forEach(
        (name, command) -> {
          if (name.equals(first) || !COMMANDS.containsKey(first)) {
            sluice.addSubcommand(name, command.get());
          }
        });
    return sluice
        .setOut(out)
        .setErr(err)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionStrategy(failures)
        .setExecutionExceptionHandler(failures)
        .setParameterExceptionHandler(failures);
  }

  /** Without a command there is nothing to do: that is wrong use. */
  @Override
  public void run() {
    throw new UserException("which command? see sluice --help");
  }
}
