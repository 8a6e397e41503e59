package dev.sluice.data;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The lines of a UTF-8 text, plain or gzipped, one at a time, with errors that name file and line.
 *
 * <p>Line ends are {@code \n} or {@code \r\n}; a byte order mark is skipped; gzip is recognised by
 * its first two bytes, whatever the file is called. What a line means is up to the caller, which
 * uses {@link #error} to complain about it.
 */
public final class TextLines implements AutoCloseable {
  /** The longest line that is read, in bytes: longer ones are no text with one example a line. */
  static final int MAXIMUM_LINE = 1 << 20;

  private static final int GZIP_MAGIC = 0x8B1F;
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private final String name;
  private final InputStream in;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private int number;

  private TextLines(String name, InputStream in) {
    this.name = name;
    this.in = in;
  }

  /**
   * The lines of a file.
   *
   * @throws DataException when it is missing, a folder, not readable or a broken gzip file
   */
  public static TextLines open(Path file) {
    if (!Files.exists(file)) {
      throw new DataException(file + ": no such file; check the path");
    }
    if (Files.isDirectory(file)) {
      throw new DataException(file + ": is a folder; give a file");
    }
    try {
      return of(file.toString(), Files.newInputStream(file));
    } catch (IOException e) {
      throw new DataException(file + ": cannot be opened; may you read it?", e);
    }
  }

  /**
   * The lines of a stream, which {@link #close} closes; {@code name} stands for it in errors.
   *
   * @throws DataException when it cannot be read or is broken gzip
   */
  public static TextLines of(String name, InputStream stream) {
    try {
      InputStream in = new BufferedInputStream(stream);
      in.mark(2);
      int magic = in.read() | in.read() << 8;
      in.reset();
      return new TextLines(
          name, magic == GZIP_MAGIC ? new BufferedInputStream(new GZIPInputStream(in)) : in);
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }

  /**
   * The next line without its end, perhaps empty, or nothing after the last.
   *
   * @throws DataException when it is not UTF-8 or longer than a mebibyte, or reading fails
   */
  public Optional<String> next() {
    line.reset();
    number++;
    try {
      int b = in.read();
      if (b < 0) {
        return Optional.empty();
      }
      for (; b >= 0 && b != '\n'; b = in.read()) {
        if (line.size() == MAXIMUM_LINE) {
          throw error(
              ("longer than %,d bytes; expected an example or a sentence on each line; a text"
                      + " without line ends can be cut: fold -s -w 1000 %s")
                  .formatted(MAXIMUM_LINE, name));
        }
        line.write(b);
      }
    } catch (IOException e) {
      throw unreadable(name + ":" + number, e);
    }
    String text = decode(line.toByteArray());
    if (number == 1 && text.startsWith(BYTE_ORDER_MARK)) {
      text = text.substring(1);
    }
    return Optional.of(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
  }

  /** The number of the line {@link #next} returned last, from 1. */
  public int number() {
    return number;
  }

  /** An error at the line that {@link #next} returned last: {@code cause; what to do}. */
  public DataException error(String causeAndAdvice) {
    return new DataException(name + ":" + number + ": " + causeAndAdvice);
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }

  private String decode(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      String encoding = number == 1 && isUtf16(bytes) ? "UTF-16" : "ISO-8859-1";
      throw error(
          "not UTF-8; is it %s? then convert it: iconv -f %s -t UTF-8 %s"
              .formatted(encoding, encoding, name));
    }
  }

  /** Whether the text starts with the byte order mark of UTF-16, of which UTF-8 has no byte. */
  private static boolean isUtf16(byte[] bytes) {
    if (bytes.length < 2) {
      return false;
    }
    int mark = (bytes[0] & 0xFF) << 8 | (bytes[1] & 0xFF);
    return mark == 0xFEFF || mark == 0xFFFE;
  }

  private static DataException unreadable(String place, IOException e) {
    boolean gzip = e instanceof ZipException || e instanceof EOFException;
    String problem =
        gzip
            ? "broken or incomplete gzip data; fetch or compress the file again"
            : "cannot be read (%s)".formatted(e.getMessage());
    return new DataException(place + ": " + problem, e);
  }
}
