package dev.sluice.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Where an imported network comes from. Nothing in it depends on when or where it was imported, so
 * importing again gives the same bytes.
 *
 * @param sluice version of the library
 * @param file name of the file, without its folder
 * @param sha256 of the file
 * @param format what the file is, in words
 * @param notes what the file does not say and was decided, each with the option that changes it
 * @param left what is in the file and not in the network
 */
public record Origin(
    String sluice,
    String file,
    String sha256,
    String format,
    List<String> notes,
    List<String> left) {
  private static final int BUFFER_BYTES = 1 << 16;

  /** Copies the lists. */
  public Origin {
    notes = List.copyOf(notes);
    left = List.copyOf(left);
  }

  /**
   * The origin of what was {@code imported}.
   *
   * @throws ModelFileException when the file cannot be read
   */
  public static Origin of(String sluice, Imported imported) {
    return new Origin(
        sluice,
        String.valueOf(imported.file().getFileName()),
        sha256(imported.file()),
        imported.format(),
        imported.notes(),
        imported.left());
  }

  private static String sha256(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw ModelFileException.refused(file, "read", e);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
