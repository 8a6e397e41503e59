package dev.sluice.cli.report;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Writes a page, element by element. Whatever it is given, such as a label that reads {@code
 * <script>}, becomes text or the value of an attribute, never markup.
 */
final class Html {
  private final StringBuilder markup = new StringBuilder("<!DOCTYPE html>\n");
  private final Deque<String> open = new ArrayDeque<>();

  /**
   * Begins an element.
   *
   * @param attributes names and their values by turns
   */
  Html open(String element, Object... attributes) {
    start(element, attributes).append('>');
    open.push(element);
    return this;
  }

  /** Ends the element that was begun last. */
  Html close() {
    markup.append("</").append(open.pop()).append('>');
    return this;
  }

  /** An element that never holds anything, of SVG or such as {@code meta}. */
  Html empty(String element, Object... attributes) {
    start(element, attributes).append("/>");
    return this;
  }

  /** An element that holds text. */
  Html element(String element, Object text, Object... attributes) {
    return open(element, attributes).text(text).close();
  }

  /** Text. */
  Html text(Object text) {
    escape(text.toString());
    return this;
  }

  /** The page so far. */
  String markup() {
    return markup.toString();
  }

  private StringBuilder start(String element, Object... attributes) {
    markup.append('<').append(element);
    for (int i = 0; i < attributes.length; i += 2) {
      markup.append(' ').append(attributes[i]).append("=\"");
      escape(attributes[i + 1].toString());
      markup.append('"');
    }
    return markup;
  }

  private void escape(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '<' -> markup.append("&lt;");
        case '>' -> markup.append("&gt;");
        case '&' -> markup.append("&amp;");
        case '"' -> markup.append("&quot;");
        case '\'' -> markup.append("&#39;");
        default -> markup.append(c < ' ' && c != '\n' && c != '\t' ? '\ufffd' : c);
      }
    }
  }
}
