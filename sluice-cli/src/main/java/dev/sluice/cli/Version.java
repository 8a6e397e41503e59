package dev.sluice.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** Which Sluice and which Java this is. */
final class Version implements IVersionProvider {
  /** What Maven writes into the jar, so that the version is in one place, the build. */
  private static final String PROPERTIES = "/META-INF/maven/dev.sluice/sluice-cli/pom.properties";

  @Override
  public String[] getVersion() {
    return new String[] {"sluice " + sluice(), "Java " + java()};
  }

  /** The version of Sluice; {@code "development"} when it does not run from its jar. */
  static String sluice() {
    try (InputStream in = Version.class.getResourceAsStream(PROPERTIES)) {
      Properties properties = new Properties();
      if (in != null) {
        properties.load(in);
      }
      return properties.getProperty("version", "development");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Version and vendor of the Java that runs. */
  static String java() {
    return Runtime.version() + ", " + System.getProperty("java.vendor");
  }
}
