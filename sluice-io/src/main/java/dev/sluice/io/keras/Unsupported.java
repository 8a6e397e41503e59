package dev.sluice.io.keras;

/** A model holds what a network of Sluice cannot; the message says what. Never leaves this package. */
final class Unsupported extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Unsupported(String message, Object... arguments) {
    super(message.formatted(arguments));
  }
}
