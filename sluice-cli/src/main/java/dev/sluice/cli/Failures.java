package dev.sluice.cli;

import dev.sluice.data.DataException;
import dev.sluice.io.ModelFileException;
import dev.sluice.train.DivergedException;
import java.util.List;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns whatever goes wrong into one line on standard error and exit code 2. */
final class Failures
    implements IExecutionStrategy, IExecutionExceptionHandler, IParameterExceptionHandler {
  private final BooleanSupplier debug;

  /** Shows stack traces when {@code debug} says so, which is known once arguments are parsed. */
  Failures(BooleanSupplier debug) {
    this.debug = debug;
  }

  /** As picocli does, which leaves out one thing that can happen to users. */
  @Override
  public int execute(ParseResult arguments) {
    try {
      return new RunLast().execute(arguments);
    } catch (OutOfMemoryError e) {
      CommandLine command = arguments.commandSpec().commandLine();
      long mebibytes = Runtime.getRuntime().maxMemory() >> 20;
      String advice = "try a smaller --batch or shorter texts, or give Java more with -Xmx";
      return report(
          command, "not enough memory (Java may use %d MiB); %s".formatted(mebibytes, advice), e);
    }
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult arguments) {
    return report(command, message(e), e);
  }

  @Override
  public int handleParseException(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    if (e.getCause() instanceof Exception cause && isExpected(cause)) {
      return report(command, oneLine(cause), e); // from what is looked at before parsing
    }
    String name = command.getCommandSpec().qualifiedName();
    return report(command, "%s; see %s --help".formatted(misuse(e, command), name), e);
  }

  /** What is unknown before what is missing: a misspelt option is both. */
  private static String misuse(ParameterException e, CommandLine command) {
    List<String> unknown = command.getUnmatchedArguments();
    if (unknown.isEmpty()) {
      return oneLine(e).replaceFirst("^Error: ", "");
    }
    UnmatchedArgumentException problem = new UnmatchedArgumentException(command, unknown);
    List<String> like = problem.getSuggestions();
    return oneLine(problem)
        + (like.isEmpty() ? "" : "; did you mean %s?".formatted(like.getFirst()));
  }

  private String message(Exception e) {
    if (isExpected(e)) {
      return oneLine(e);
    }
    String advice = debug.getAsBoolean() ? "" : "; run with --debug to see where";
    return "unexpected %s: %s%s".formatted(e.getClass().getSimpleName(), oneLine(e), advice);
  }

  private static boolean isExpected(Exception e) {
    return e instanceof UserException
        || e instanceof DataException
        || e instanceof ModelFileException
        || e instanceof DivergedException;
  }

  private int report(CommandLine command, String message, Throwable e) {
    command.getErr().println("sluice: " + message);
    if (debug.getAsBoolean()) {
      e.printStackTrace(command.getErr());
    }
    command.getErr().flush();
    return ExitCode.USAGE;
  }

  private static String oneLine(Exception e) {
    return String.valueOf(e.getMessage()).replaceAll("\\R\\s*", " ").strip();
  }
}
