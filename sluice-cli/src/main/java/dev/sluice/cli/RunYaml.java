package dev.sluice.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The options of a command as a YAML file, so that {@code learning_rate: 0.5} stands for {@code
 * --learning-rate=0.5}. It knows no option by name: what a command has, its file has too.
 */
final class RunYaml {
  /** Options of the command line alone: where a run happens, and what it prints. */
  private static final Set<String> NOT_SETTINGS =
      Set.of("help", "version", "debug", "config", "resume", "model", "threads", "json");

  private static final int MAX_BYTES = 1 << 20;

  private final Path file;
  private final Map<String, Node> values = new LinkedHashMap<>();

  private RunYaml(Path file) {
    this.file = file;
  }

  /** No file, and so no value. */
  static RunYaml none() {
    return new RunYaml(Path.of(""));
  }

  /**
   * Reads {@code file}.
   *
   * @throws UserException when it cannot be read, or is not a list of {@code key: value}
   */
  static RunYaml read(Path file) {
    RunYaml yaml = new RunYaml(file);
    try {
      LoadSettings settings = LoadSettings.builder().setCodePointLimit(MAX_BYTES).build();
      Optional<Node> root = new Compose(settings).composeString(Files.readString(file));
      root.ifPresent(yaml::add);
      return yaml;
    } catch (NoSuchFileException e) {
      throw new UserException(file + ": no such file; check the path", e);
    } catch (CharacterCodingException e) {
      throw new UserException(file + ": not UTF-8; is it a YAML file?", e);
    } catch (IOException e) {
      throw new UserException("%s: cannot be read (%s)".formatted(file, e.getMessage()), e);
    } catch (MarkedYamlEngineException e) {
      String line = e.getProblemMark().map(mark -> ":" + (mark.getLine() + 1)).orElse("");
      throw new UserException("%s%s: no YAML: %s".formatted(file, line, e.getProblem()), e);
    } catch (YamlEngineException e) {
      throw new UserException("%s: no YAML: %s".formatted(file, e.getMessage()), e);
    }
  }

  private void add(Node root) {
    if (!(root instanceof MappingNode mapping)) {
      throw wrong(root, "expected lines such as \"learning_rate: 0.5\"");
    }
    for (NodeTuple entry : mapping.getValue()) {
      if (!(entry.getKeyNode() instanceof ScalarNode key)) {
        throw wrong(entry.getKeyNode(), "a key must be one word");
      }
      if (values.put(key.getValue(), entry.getValueNode()) != null) {
        throw wrong(key, key.getValue() + " is there twice");
      }
    }
  }

  /** The text of a key, if it is there; a list without elements is as good as none. */
  Optional<String> text(String key) {
    return Optional.ofNullable(values.get(key))
        .filter(node -> !(node instanceof SequenceNode list && list.getValue().isEmpty()))
        .map(RunYaml::text);
  }

  /** The text that {@code option} has in this file, if it is there. */
  Optional<String> text(OptionSpec option) {
    return text(key(option));
  }

  /**
   * Checks that each key is an option of {@code command}, and each value of its type.
   *
   * @throws UserException when one is not; it names the nearest that is
   */
  void requireOptions(CommandSpec command) {
    Map<String, OptionSpec> options =
        settings(command).stream().collect(Collectors.toMap(RunYaml::key, option -> option));
    values.forEach(
        (key, node) -> {
          OptionSpec option = options.get(key);
          if (option == null) {
            throw unknown(key, node, options.keySet());
          }
          requireType(key, node, option);
        });
  }

  private UserException unknown(String key, Node node, Set<String> known) {
    String nearest =
        known.stream()
            .min(
                Comparator.<String>comparingInt(name -> distance(key, name))
                    .thenComparing(Comparator.naturalOrder()))
            .filter(name -> distance(key, name) <= Math.max(2, key.length() / 2))
            .map(name -> "; did you mean %s?".formatted(name))
            .orElse("; see --help for what there is");
    return wrong(node, "unknown key %s%s".formatted(key, nearest));
  }

  private void requireType(String key, Node node, OptionSpec option) {
    Class<?> type = option.isMultiValue() ? List.class : option.type();
    List<Tag> tags =
        switch (type.getSimpleName()) {
          case "int", "long" -> List.of(Tag.INT);
          case "float", "double" -> List.of(Tag.INT, Tag.FLOAT);
          case "boolean" -> List.of(Tag.BOOL);
          case "List" -> List.of(Tag.SEQ, Tag.STR, Tag.INT, Tag.FLOAT);
          default -> List.of(Tag.STR, Tag.INT, Tag.FLOAT);
        };
    if (!tags.contains(node.getTag())) {
      String expected =
          switch (type.getSimpleName()) {
            case "int", "long" -> "a whole number";
            case "float", "double" -> "a number";
            case "boolean" -> "true or false";
            case "List" -> "a list";
            default -> "text";
          };
      throw wrong(node, "%s: expected %s, got %s".formatted(key, expected, shown(node)));
    }
  }

  private UserException wrong(Node node, String problem) {
    String line = node.getStartMark().map(mark -> ":" + (mark.getLine() + 1)).orElse("");
    return new UserException("%s%s: %s".formatted(file, line, problem));
  }

  private static String shown(Node node) {
    return switch (node) {
      case ScalarNode scalar when scalar.getTag().equals(Tag.NULL) -> "nothing";
      case ScalarNode scalar -> "\"" + scalar.getValue() + "\"";
      case SequenceNode list -> "a list";
      default -> "a block";
    };
  }

  /** As the command line has it: elements of a list between commas. */
  private static String text(Node node) {
    return switch (node) {
      case ScalarNode scalar -> scalar.getValue();
      case SequenceNode list ->
          list.getValue().stream().map(RunYaml::text).collect(Collectors.joining(","));
      default -> "";
    };
  }

  /** What {@code command} was given, all of it, as the content of a file that says the same. */
  static String write(CommandSpec command) {
    Map<String, Object> resolved = new LinkedHashMap<>();
    for (OptionSpec option : settings(command)) {
      value(option).ifPresent(value -> resolved.put(key(option), plain(value)));
    }
    DumpSettings block =
        DumpSettings.builder()
            .setDefaultFlowStyle(FlowStyle.BLOCK)
            .setWidth(Integer.MAX_VALUE)
            .build();
    return new Dump(block).dumpToString(resolved);
  }

  private static Optional<Object> value(OptionSpec option) {
    Object value = option.getValue();
    return value instanceof Optional<?> optional
        ? optional.<Object>map(inside -> inside)
        : Optional.ofNullable(value);
  }

  private static Object plain(Object value) {
    return switch (value) {
      case Number number -> number;
      case Boolean flag -> flag;
      case Collection<?> list -> // of its own: of two that are one, the second is written as *id001
          new ArrayList<>(list.stream().map(RunYaml::plain).toList());
      default -> value.toString();
    };
  }

  private static List<OptionSpec> settings(CommandSpec command) {
    List<OptionSpec> settings = new ArrayList<>(command.options());
    settings.removeIf(option -> NOT_SETTINGS.contains(key(option)));
    return settings;
  }

  private static String key(OptionSpec option) {
    return option.longestName().replaceFirst("^-+", "").replace('-', '_').toLowerCase(Locale.ROOT);
  }

  /** How many letters to add, leave out or change (Levenshtein 1966). */
  private static int distance(String a, String b) {
    int[] above = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(change, 1 + Math.min(above[j], row[j - 1]));
      }
      above = row;
    }
    return above[b.length()];
  }
}
