package dev.sluice.io.pytorch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.io.StoredTensor;
import dev.sluice.io.fuzz.Fuzz;
import dev.sluice.io.fuzz.Mutator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Damaged copies of files of every kind that PyTorch writes: read, or refused in one line. */
@Execution(ExecutionMode.CONCURRENT)
class PyTorchFuzzTest {
  private static final List<String> ZIP_FILES =
      List.of(
          "state_dict.pt",
          "types_and_views.pt",
          "checkpoint.pt",
          "checkpoint_protocol5.pt",
          "two_models.pt",
          "torchscript.pt");

  private static final List<String> LEGACY_FILES =
      List.of("types_and_views_legacy.pt", "checkpoint_protocol5_legacy.pt");

  @TempDir private Path folder;

  @Test
  void everyDamagedZipFileIsReadOrRefused() {
    assertReadOrRefused("pytorch zip", ZIP_FILES);
  }

  @Test
  void everyDamagedLegacyFileIsReadOrRefused() {
    assertReadOrRefused("pytorch legacy", LEGACY_FILES);
  }

  private void assertReadOrRefused(String name, List<String> good) {
    Mutator mutator = new Mutator(good.stream().map(PyTorchFuzzTest::bytes).toList(), fragments());
    Fuzz.Outcome outcome =
        Fuzz.run(name, folder.resolve("damaged"), mutator, PyTorchFuzzTest::readAll);
    assertThat(outcome.refused()).isBetween(outcome.files() / 4, outcome.files() * 19 / 20);
  }

  /** Opcodes and a few things more, so that the damage is often a pickle still. */
  private static List<byte[]> fragments() {
    Stream<byte[]> opcodes =
        "(.01NKMJXhqjrb})]ld|atRQesu\u0085\u0086\u0087\u0088\u008a\u008c\u0081\u0093\u0094\u0095"
            .chars()
            .mapToObj(opcode -> new byte[] {(byte) opcode});
    Stream<byte[]> more =
        Stream.of(
            new PickleBytes().tensor(6).done(),
            new PickleBytes().storage("LongStorage", 0, 1L << 60).done(),
            new PickleBytes().global("collections", "OrderedDict").op(')', 'R').done(),
            new PickleBytes().global("__torch__", "N").op(')', 'R', '}', 'b').done(),
            new PickleBytes().global("os", "system").done(),
            new PickleBytes().tuple(-1, 1L << 62).done(),
            new ZipBytes().add("model/data.pkl", new byte[0]).done());
    return Stream.concat(opcodes, more).toList();
  }

  private static byte[] bytes(String name) {
    try {
      return Files.readAllBytes(PyTorchFixtures.path(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void readAll(Path path) {
    try (PyTorchFile file = PyTorchFile.open(path)) {
      for (StoredTensor tensor : file.tensors().values()) {
        if (tensor.type().isReal()) {
          assertThat(tensor.floats()).hasSameSizeAs(tensor.doubles());
        } else {
          tensor.longs();
        }
      }
    }
  }
}
