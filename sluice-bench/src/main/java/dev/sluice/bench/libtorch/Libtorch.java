package dev.sluice.bench.libtorch;

import dev.sluice.bench.Engine;
import dev.sluice.cli.bench.InferenceWorkload;
import dev.sluice.cli.bench.StreamingWorkload;
import dev.sluice.cli.bench.Task;
import dev.sluice.cli.bench.TrainingWorkload;
import dev.sluice.cli.bench.Workload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Context;
import org.bytedeco.pytorch.global.torch;

/** PyTorch's C++ library, through the JavaCPP presets. */
public final class Libtorch implements Engine {
  private final boolean cell;

  private Libtorch(boolean cell) {
    this.cell = cell;
    extract();
  }

  /**
   * Lays the library out beside those that need it. JavaCPP extracts each only when it loads it, and libtorch.so, being
   * loaded before what it needs is there, takes the process down.
   */
  private static void extract() {
    try {
      Class<?> presets = org.bytedeco.pytorch.presets.torch.class;
      Loader.cacheResource(
          presets, "/org/bytedeco/pytorch/%s/libtorch_cpu.so".formatted(Loader.getPlatform()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What {@code nn.LSTM} does, also for streams: a sequence of one step. */
  public static Engine layers() {
    return new Libtorch(false);
  }

  /** What {@code nn.LSTMCell} does, for streams. */
  public static Engine cells() {
    return new Libtorch(true);
  }

  @Override
  public String name() {
    return cell ? "libtorch cell" : "libtorch";
  }

  @Override
  public String settings() {
    return "%s; threads by at::set_num_threads; inference mode, but for training; subnormal numbers flushed in training; oneDNN off for streams, where it is slower; tensors freed at once"
        .formatted(version());
  }

  private static String version() {
    try {
      return Loader.getVersion("org.bytedeco", "pytorch")
          + (torch.hasMKLDNN() ? " with oneDNN" : " without oneDNN")
          + (torch.hasMKL() ? ", with MKL" : ", without MKL");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Threads inherit how subnormal numbers are treated from the one that starts them. */
  private static void startThreads() {
    Context.setFlushDenormal(true);
    try (PointerScope _ = new PointerScope()) {
      torch.ones(1 << 20).sigmoid();
    } finally {
      Context.setFlushDenormal(false);
    }
  }

  @Override
  public Optional<Task> prepare(Workload workload, int threads) {
    torch.set_num_threads(threads);
    startThreads();
    // for a sequence of one step oneDNN packs all weights anew: four times slower
    torch.globalContext().setUserEnabledMkldnn(!(workload instanceof StreamingWorkload));
    return switch (workload) {
      case StreamingWorkload streaming ->
          Optional.of(cell ? new CellStreamingTask(streaming) : new LayerStreamingTask(streaming));
      case InferenceWorkload inference when !cell -> Optional.of(new InferenceTask(inference));
      case TrainingWorkload training when !cell -> Optional.of(new TrainingTask(training));
      default -> Optional.empty();
    };
  }
}
