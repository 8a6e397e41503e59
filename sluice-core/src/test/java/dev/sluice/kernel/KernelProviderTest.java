package dev.sluice.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The tests run with the vector module, as the launcher does; a child process runs without. */
class KernelProviderTest {
  private static final String FLAG = "--add-modules jdk.incubator.vector";

  @Test
  void autoTakesTheVectorKernelsWhenTheModuleIsThere() {
    KernelProvider provider = KernelProvider.choose("auto");
    assertThat(provider.kernels()).isInstanceOf(VectorKernels.class);
    assertThat(provider.reason())
        .matches("vector, (128|256|512) bit: jdk.incubator.vector is loaded");
  }

  @Test
  void eitherCanBeForced() {
    assertThat(KernelProvider.choose("scalar").kernels()).isInstanceOf(ScalarKernels.class);
    assertThat(KernelProvider.choose("scalar").reason())
        .isEqualTo("scalar: chosen by -Dsluice.kernels=scalar");
    assertThat(KernelProvider.choose("vector").reason())
        .endsWith(" bit: chosen by -Dsluice.kernels=vector");
  }

  @Test
  void anotherNameIsAnError() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KernelProvider.choose("simd"))
        .withMessage("-Dsluice.kernels=simd: expected auto, scalar or vector");
  }

  @Test
  void withoutTheModuleAutoIsScalarAndSaysWhy() throws Exception {
    String output = runChild("-Xlog:class+load");
    assertThat(output)
        .contains("scalar: jdk.incubator.vector is not loaded; start java with " + FLAG)
        .contains("dev.sluice.kernel.ScalarKernels")
        .doesNotContain("dev.sluice.kernel.Vector");
  }

  @Test
  void withoutTheModuleForcedVectorIsAnErrorThatNamesTheFlag() throws Exception {
    assertThat(runChild("-Dsluice.kernels=vector"))
        .contains(
            "IllegalStateException: -Dsluice.kernels=vector needs the module"
                + " jdk.incubator.vector: start java with "
                + FLAG);
  }

  @Test
  void theSystemPropertyIsRead() throws Exception {
    assertThat(runChild("-Dsluice.kernels=scalar")).contains("chosen by -Dsluice.kernels=scalar");
  }

  /** What {@link Child} prints in a Java process without the vector module. */
  private static String runChild(String option)
      throws IOException, InterruptedException, URISyntaxException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add(option);
    command.add("-cp");
    command.add(location(KernelProvider.class) + File.pathSeparator + location(Child.class));
    command.add(Child.class.getName());
    Process child = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    child.waitFor();
    return output;
  }

  private static Path location(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  /** A program that prints which kernels it would use. */
  static final class Child {
    private Child() {}

    public static void main(String[] args) {
      System.out.println(KernelProvider.choose().reason());
    }
  }
}
