package dev.sluice.io;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.stream.Collectors;

/**
 * A file or folder of the user that cannot be used: missing, damaged, foreign, or in the way. The
 * message is one line, {@code FILE: cause (place); likely reason or what to do}, fit to be shown
 * without a stack trace. Not for mistakes in calling code, which are {@link
 * IllegalArgumentException} and {@link IllegalStateException} as everywhere.
 */
public final class ModelFileException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private static final int SHOWN_CHARACTERS = 80;
  private static final int SHOWN_NAMES = 20;

  /** What is wrong with {@code file}, as {@code cause (place); likely reason or what to do}. */
  public ModelFileException(Path file, String problem) {
    super(oneLine(file + ": " + problem));
  }

  /** As {@link #ModelFileException(Path, String)}, keeping what was caught. */
  public ModelFileException(Path file, String problem, Throwable caught) {
    super(oneLine(file + ": " + problem), caught);
  }

  /** The operating system refused to let {@code file} be {@code done} ("read", "written"). */
  public static ModelFileException refused(Path file, String done, IOException caught) {
    return new ModelFileException(
        file, "cannot be %s (%s)".formatted(done, reason(caught)), caught);
  }

  /** {@code text} from a hostile file as it may stand in a message: quoted, not endless. */
  public static String shown(String text) {
    return text.length() <= SHOWN_CHARACTERS
        ? "\"" + text + "\""
        : "\"%s...\" (%d characters)".formatted(text.substring(0, SHOWN_CHARACTERS), text.length());
  }

  /** {@code names} from a hostile file as they may stand in a message: the first of them. */
  public static String shown(Collection<String> names) {
    String first =
        names.stream()
            .limit(SHOWN_NAMES)
            .map(ModelFileException::shown)
            .collect(Collectors.joining(", "));
    int more = names.size() - SHOWN_NAMES;
    return first.isEmpty() ? "none" : more > 0 ? first + " and %d more".formatted(more) : first;
  }

  /** The JDK's messages for the common cases are a bare path; say what happened instead. */
  private static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException missing -> "no such file or folder: " + missing.getFile();
      case AccessDeniedException denied -> "permission denied: " + denied.getFile();
      case FileAlreadyExistsException taken -> "a file is in the way: " + taken.getFile();
      case DirectoryNotEmptyException used -> "the folder is not empty: " + used.getFile();
      case FileSystemException other -> String.valueOf(other.getMessage());
      default -> String.valueOf(e.getMessage());
    };
  }

  /** Names in a hostile file may hold line ends or terminal escapes; they are shown as \\uXXXX. */
  public static String oneLine(String message) {
    StringBuilder line = new StringBuilder(message.length());
    for (int i = 0; i < message.length(); i++) {
      char c = message.charAt(i);
      if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
        line.append("\\u%04x".formatted((int) c));
      } else {
        line.append(c);
      }
    }
    return line.toString();
  }
}
