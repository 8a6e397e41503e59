package dev.sluice.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.train.Metric;
import dev.sluice.train.Objective;
import dev.sluice.train.Trainer;
import dev.sluice.train.TrainingState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** States on disk: the same when read, whole or not there, and the one before when the newest is damaged. */
final class CheckpointDirectoryTest {
  private static final String DATA = "training abc";

  @TempDir Path folder = Path.of("");
  private final List<String> warnings = new ArrayList<>();

  private static TrainingState state(int epoch, int batch) {
    SequencedMap<String, float[]> arrays = new LinkedHashMap<>();
    arrays.put(
        "weights", new float[] {epoch, batch, -0f, Float.MIN_VALUE, Float.MAX_VALUE, 1 / 3f});
    arrays.put("optimizer.m", new float[] {Float.POSITIVE_INFINITY});
    arrays.put("carried.h", new float[0]);
    return new TrainingState(
        new TrainingState.Position(epoch, batch, 1L << 40, 7, 8, 1 / 3.0, 0.25),
        List.of(
            new Trainer.Epoch(
                1,
                Double.POSITIVE_INFINITY,
                new Objective.Score(Double.NaN, Metric.PERPLEXITY, 1e-17),
                true,
                2.5)),
        false,
        arrays);
  }

  private CheckpointDirectory directory(int kept) {
    return new CheckpointDirectory(folder, kept);
  }

  private Optional<TrainingState> newest() {
    return directory(3).newest(DATA, warnings::add);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  private static void assertSame(Optional<TrainingState> actual, TrainingState expected) {
    TrainingState state = actual.orElseThrow();
    assertThat(state.position()).isEqualTo(expected.position());
    assertThat(state.epochs()).isEqualTo(expected.epochs());
    assertThat(state.finished()).isEqualTo(expected.finished());
    assertThat(state.arrays().keySet()).containsExactlyElementsOf(expected.arrays().keySet());
    state.arrays().forEach((name, a) -> assertThat(a).isEqualTo(expected.arrays().get(name)));
  }

  @Test
  void isReadAsItWasWritten() {
    assertThat(directory(3).newest(DATA, warnings::add)).isEmpty();
    directory(3).save(DATA, state(2, 150));
    assertSame(newest(), state(2, 150));
    assertThat(warnings).isEmpty();
  }

  @Test
  void theLastAreKept() throws IOException {
    for (TrainingState s : List.of(state(0, 90), state(0, 100), state(1, 0), state(10, 5))) {
      directory(2).save(DATA, s);
    }
    assertThat(files())
        .extracting(file -> file.getFileName().toString().substring(0, 28))
        .containsExactly("epoch-000001-batch-000000000", "epoch-000010-batch-000000005");
    assertSame(newest(), state(10, 5));
    directory(2).deleteAllBut(1);
    assertThat(files()).hasSize(1);
  }

  /** Every byte counts: whichever is changed, or lost, the state before takes the place. */
  @Test
  void theOneBeforeADamagedOne() throws IOException {
    directory(3).save(DATA, state(0, 1));
    directory(3).save(DATA, state(0, 2));
    Path newest = files().getLast();
    byte[] whole = Files.readAllBytes(newest);
    for (int i = 0; i < whole.length; i++) {
      byte[] damaged = whole.clone();
      damaged[i] ^= (byte) (1 << i % 8);
      Files.write(newest, damaged);
      warnings.clear();
      assertSame(newest(), state(0, 1));
      assertThat(warnings)
          .containsExactly(
              newest
                  + " is damaged (its bytes are not those that were written);"
                  + " going back to the one before");
      assertThat(newest).doesNotExist();
    }
    Files.write(newest, new byte[0]);
    assertSame(newest(), state(0, 1));
  }

  /** A disk that is full after any number of bytes leaves what was there, and nothing else. */
  @Test
  void aFullDisk() throws IOException {
    directory(1).save(DATA, state(0, 1));
    List<Path> before = files();
    long size = Files.size(before.getFirst());
    for (long room = 0; room < size; room += 5) {
      CheckpointDirectory full = new CheckpointDirectory(folder, 1, full(room));
      assertThatThrownBy(() -> full.save(DATA, state(0, 2)))
          .isInstanceOf(ModelFileException.class)
          .hasMessage(folder + ": cannot be written (No space left on device)");
      assertThat(files()).isEqualTo(before);
    }
    assertSame(newest(), state(0, 1));
  }

  private static CheckpointDirectory.Opener full(long room) {
    return file -> {
      WritableByteChannel out =
          Files.newByteChannel(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      return new WritableByteChannel() {
        private long left = room;

        @Override
        public int write(ByteBuffer bytes) throws IOException {
          if (left == 0 && bytes.hasRemaining()) {
            throw new IOException("No space left on device");
          }
          int count = (int) Math.min(left, bytes.remaining());
          ByteBuffer part = bytes.slice().limit(count);
          left -= count;
          bytes.position(bytes.position() + count);
          return out.write(part);
        }

        @Override
        public boolean isOpen() {
          return out.isOpen();
        }

        @Override
        public void close() throws IOException {
          out.close();
        }
      };
    };
  }

  @Test
  void whatAKilledProcessLeftIsNoState() throws IOException {
    directory(3).save(DATA, state(0, 1));
    Files.writeString(folder.resolve(".next.tmp"), "half");
    assertSame(newest(), state(0, 1));
    directory(3).save(DATA, state(0, 2));
    assertThat(files()).hasSize(2);
  }

  @Test
  void otherDataIsRefused() {
    directory(3).save(DATA, state(0, 1));
    assertThatThrownBy(() -> directory(3).newest("training def", warnings::add))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining(
            "the run learned from other data (training abc) than now (training def);"
                + " put the files back, or start anew");
  }

  @Test
  void aRunThatCanBeResumedIsNotOverwritten() {
    Path model = folder.resolve("out");
    RunDirectory run = new RunDirectory(model, 3);
    assertThatThrownBy(run::requireRun)
        .hasMessage(
            folder.resolve("out.run")
                + ": holds no training to resume; check the path, or begin one without --resume");
    run.begin("epochs: 3\n");
    run.begin("epochs: 4\n"); // nothing was learned yet
    run.checkpoints().save(DATA, state(2, 1));
    assertThatThrownBy(() -> run.begin("epochs: 5\n"))
        .isInstanceOf(ModelFileException.class)
        .hasMessage(
            folder.resolve("out.run")
                + ": holds a training that was stopped in epoch 3; go on with --resume "
                + model
                + ", or delete the folder to begin anew");
    assertThat(run.settings()).hasContent("epochs: 4");
    assertThat(RunDirectory.modelOf(folder.resolve("out.run"))).isEqualTo(model);
    assertThat(RunDirectory.modelOf(model)).isEqualTo(model);
  }
}
