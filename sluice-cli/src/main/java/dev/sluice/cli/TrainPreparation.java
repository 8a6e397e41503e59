package dev.sluice.cli;

import dev.sluice.io.RunDirectory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Stack;
import java.util.stream.Collectors;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * What {@code train} looks at before its arguments are parsed: the task, whose options the command
 * then has, and the file whose values take the place of defaults.
 */
final class TrainPreparation implements IParameterPreprocessor {
  private static final String TASK = "task";

  @Override
  public boolean preprocess(
      Stack<String> arguments, CommandSpec command, ArgSpec option, Map<String, Object> info) {
    Optional<Path> resumed = value(arguments, "--resume").map(Path::of).map(RunDirectory::modelOf);
    RunYaml yaml = yaml(arguments, resumed);
    value(arguments, "--task")
        .or(() -> yaml.text(TASK))
        .ifPresent(
            name -> command.addMixin(TASK, CommandSpec.forAnnotatedObject(task(command, name))));
    if (command.mixins().containsKey(TASK)) {
      yaml.requireOptions(command);
    }
    command.defaultValueProvider(new Defaults(yaml, resumed));
    return false;
  }

  /** The task that the arguments asked for. */
  static TrainingTask task(CommandSpec command) {
    return (TrainingTask) mixin(command).userObject();
  }

  private static CommandSpec mixin(CommandSpec command) {
    return Optional.ofNullable(command.mixins().get(TASK)).orElseThrow();
  }

  /**
   * Requires the options that the task cannot do without, which come too late for picocli to miss one.
   *
   * @throws ParameterException when one is given neither on the command line nor in a file
   */
  static void requireGiven(CommandSpec command) {
    Defaults defaults = (Defaults) command.defaultValueProvider();
    List<ArgSpec> missing = new ArrayList<>();
    for (OptionSpec option : mixin(command).options()) {
      boolean given =
          command.commandLine().getParseResult().hasMatchedOption(option)
              || defaults.text(option).isPresent();
      if (option.required() && !given) {
        missing.add(option);
      }
    }
    if (!missing.isEmpty()) {
      String names =
          missing.stream()
              .map(o -> "'%s=%s'".formatted(((OptionSpec) o).longestName(), o.paramLabel()))
              .collect(Collectors.joining(", "));
      throw new MissingParameterException(
          command.commandLine(), missing, "Missing required options: " + names);
    }
  }

  private static RunYaml yaml(Stack<String> arguments, Optional<Path> resumed) {
    Optional<Path> config = value(arguments, "--config").map(Path::of);
    if (config.isPresent() && resumed.isPresent()) {
      throw new UserException("--resume goes on as the run began; leave out --config");
    }
    if (resumed.isPresent()) {
      RunDirectory run = new RunDirectory(resumed.get(), 1);
      run.requireRun();
      return RunYaml.read(run.settings());
    }
    return config.map(RunYaml::read).orElseGet(RunYaml::none);
  }

  private static TrainingTask task(CommandSpec command, String name) {
    return TrainingTask.Name.create(name)
        .orElseThrow(
            () ->
                new ParameterException(
                    command.commandLine(),
                    "Invalid value for option '--task': expected one of [%s] but was '%s'"
                        .formatted(
                            Arrays.stream(TrainingTask.Name.values())
                                .map(TrainingTask.Name::toString)
                                .collect(Collectors.joining(", ")),
                            name)));
  }

  /** The value of an option among arguments that are not parsed yet, the first of them on top. */
  private static Optional<String> value(Stack<String> arguments, String option) {
    for (int i = arguments.size() - 1; i >= 0; i--) {
      String argument = arguments.get(i);
      if (argument.startsWith(option + "=")) {
        return Optional.of(argument.substring(option.length() + 1));
      }
      if (argument.equals(option) && i > 0) {
        return Optional.of(arguments.get(i - 1));
      }
    }
    return Optional.empty();
  }

  /** Values from the file; a resumed run writes the model that it began for. */
  private record Defaults(RunYaml yaml, Optional<Path> resumed) implements IDefaultValueProvider {
    @Override
    @SuppressWarnings("NullAway") // null is how picocli wants to be told that there is none
    public String defaultValue(ArgSpec argument) {
      return argument instanceof OptionSpec option ? text(option).orElse(null) : null;
    }

    Optional<String> text(OptionSpec option) {
      return option.longestName().equals("--model")
          ? resumed.map(Path::toString)
          : yaml.text(option);
    }
  }
}
