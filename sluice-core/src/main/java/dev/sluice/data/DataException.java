package dev.sluice.data;

/**
 * Bad data from the user: a file that is missing, empty, malformed or wrongly encoded.
 *
 * <p>The message is one line for that user, {@code FILE:LINE: cause; what to do}, whatever a
 * hostile file holds. Mistakes of the programmer are {@link IllegalArgumentException}s instead.
 */
public final class DataException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public DataException(String message) {
    super(Shown.onOneLine(message));
  }

  public DataException(String message, Throwable cause) {
    super(Shown.onOneLine(message), cause);
  }
}
