package dev.sluice.io.exchange;

import dev.sluice.io.ModelFileException;
import dev.sluice.io.SafetensorsFile;
import dev.sluice.network.Network;
import dev.sluice.tape.Backend;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A network run over the recorded inputs of another framework, and what it gives beside what was
 * recorded: {@code output}, and the final states {@code h_n} and {@code c_n}.
 *
 * @param input how the input was read, in words
 * @param tensors each that was compared
 * @param skipped results in the file that the network does not have
 */
public record Verification(String input, List<Comparison> tensors, List<String> skipped) {
  private static final List<String> RESULTS = List.of(FileRun.OUTPUT, "h_n", "c_n");

  /** Copies the lists. */
  public Verification {
    tensors = List.copyOf(tensors);
    skipped = List.copyOf(skipped);
  }

  /** Whether every tensor is within {@code tolerance}, as {@link Comparison#within} has it. */
  public boolean within(double tolerance) {
    return tensors.stream().allMatch(tensor -> tensor.within(tolerance));
  }

  /**
   * Runs {@code network} over the inputs in {@code file} and compares.
   *
   * @param batchFirst whether sequences stand as [B, T, ...]; else the file's metadata say so, or they
   *     stand as [T, B, ...]
   * @throws ModelFileException when the file holds no recording, or one that does not fit the network
   */
  public static Verification run(Backend backend, Network network, Path file, boolean batchFirst) {
    try (SafetensorsFile stored = SafetensorsFile.open(file)) {
      FileRun run = FileRun.of(backend, network, stored, batchFirst);
      List<Comparison> tensors = new ArrayList<>();
      for (FileRun.Result result : run.results(recordedSteps(stored, run))) {
        Recording.find(stored, result.names())
            .ifPresent(expected -> tensors.add(Comparison.of(expected, result.tensor())));
      }
      if (tensors.isEmpty()) {
        throw new ModelFileException(
            file,
            "holds nothing to compare with: none of output, h_n, c_n; it holds %s"
                .formatted(ModelFileException.shown(stored.tensors().keySet())));
      }
      List<String> compared = tensors.stream().map(Comparison::name).toList();
      return new Verification(
          inWords(run.recording()),
          tensors,
          RESULTS.stream()
              .filter(name -> stored.tensors().containsKey(name) && !compared.contains(name))
              .toList());
    }
  }

  /** {@code pad_packed_sequence} gives no more steps than the longest sequence has. */
  private static int recordedSteps(SafetensorsFile stored, FileRun run) {
    int longest = Arrays.stream(run.recording().lengths()).max().orElse(0);
    boolean cut =
        stored.tensors().containsKey(FileRun.OUTPUT)
            && stored.tensor(FileRun.OUTPUT).shape().equals(run.outputShape(longest));
    return cut ? longest : run.recording().steps();
  }

  private static String inWords(Recording recording) {
    String size =
        "%d sequence%s of %d step%s"
            .formatted(
                recording.batch(),
                recording.batch() == 1 ? "" : "s",
                recording.steps(),
                recording.steps() == 1 ? "" : "s");
    return switch (recording.layout()) {
      case TIME_MAJOR -> size + ", read as [T, B, ...]; if it is [B, T, ...], say --batch-first";
      case BATCH_MAJOR -> size + ", read as [B, T, ...]";
      case ONE_SEQUENCE -> size + ", read as [T, ...]";
      case ONE_STEP -> size + ", read as [B, ...], the run of a cell";
    };
  }
}
