package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.Cli.Result;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * What a run writes for TensorBoard, read by a parser made from the definitions of the formats
 * alone: TFRecord (tensorflow/core/lib/io/record_writer.h), event.proto and summary.proto.
 */
final class TensorBoardTest {
  @TempDir Path folder = Path.of("");
  private Path examples = Path.of("");
  private Path model = Path.of("");

  /** An event with scalars, or a version, or the start of a session. */
  private record Event(
      double wallTime, long step, String version, boolean start, Map<String, Float> scalars) {}

  @BeforeEach
  void writeExamples() throws IOException {
    examples = Cli.examples(folder.resolve("examples.tsv"), 160, 1);
    model = folder.resolve("model");
  }

  private Path run() {
    return folder.resolve("model.run");
  }

  private Path eventFile() throws IOException {
    try (Stream<Path> files = Files.list(run())) {
      List<Path> found =
          files
              .filter(file -> file.getFileName().toString().startsWith("events.out.tfevents."))
              .toList();
      assertThat(found).hasSize(1);
      return found.getFirst();
    }
  }

  @Test
  void holdsWhatMetricsHold() throws IOException {
    double before = System.currentTimeMillis() / 1e3;
    train();
    double after = System.currentTimeMillis() / 1e3;
    List<Event> events = read(eventFile());
    assertThat(events.getFirst().version()).isEqualTo("brain.Event:2");
    assertThat(events.get(1).start()).isTrue();
    assertThat(events.get(1).step()).isZero();
    assertThat(events).extracting(Event::wallTime).isSorted();
    assertThat(events).allSatisfy(e -> assertThat(e.wallTime()).isBetween(before, after));
    assertSameAsMetrics(events);
    assertThat(tags(events))
        .containsExactlyInAnyOrder(
            "loss/train",
            "gradient_norm",
            "learning_rate",
            "speed",
            "loss/train_epoch",
            "loss/validation",
            "accuracy/validation",
            "seconds/epoch");
  }

  @Test
  void aRunThatGoesOnShowsNoStepTwice() throws IOException {
    train();
    Path file = eventFile();
    Files.write(file, new byte[] {1, 2, 3}); // as if killed in the middle of writing
    Files.move(file, run().resolve("events.out.tfevents.0000000001.sluice"));
    Files.writeString(run().resolve("events.of.mine"), "");
    Result result = Cli.run("train", "--resume", model, "--epochs=3");
    assertThat(result.exitCode()).as(result.err()).isZero();
    List<Event> events = read(eventFile());
    assertSameAsMetrics(events);
    assertThat(events.stream().filter(e -> e.scalars().containsKey("loss/train")))
        .extracting(Event::step)
        .containsExactly(20L, 40L, 60L);
    assertThat(run().resolve("events.of.mine")).exists();
  }

  @Test
  void whatCannotBeWrittenStopsNothing() throws IOException {
    train();
    Files.delete(eventFile());
    Files.delete(run().resolve("metrics.jsonl"));
    Files.createDirectory(run().resolve("metrics.jsonl"));
    Files.createDirectories(run().resolve("events.out.tfevents.0000000001.sluice").resolve("x"));
    Result result = Cli.run("train", "--resume", model, "--epochs=3");
    assertThat(result.exitCode()).as(result.err()).isZero();
  }

  private void train() {
    Result result = Cli.train(examples, examples, model, "--schedule=constant");
    assertThat(result.exitCode()).as(result.err()).isZero();
  }

  private static List<String> tags(List<Event> events) {
    return events.stream().flatMap(e -> e.scalars().keySet().stream()).distinct().toList();
  }

  private void assertSameAsMetrics(List<Event> events) throws IOException {
    List<String> lines = Files.readAllLines(run().resolve("metrics.jsonl"));
    assertThat(events).hasSize(lines.size() + 2);
    for (int i = 0; i < lines.size(); i++) {
      JsonNode line = Json.parse(lines.get(i));
      Event event = events.get(i + 2);
      assertThat(event.step()).isEqualTo(line.path("step").asLong());
      assertThat(event.wallTime()).isEqualTo(line.path("wall_time").asDouble());
      Map<String, String> keys =
          line.has("valid_loss")
              ? Map.of(
                  "loss/train_epoch", "train_loss",
                  "loss/validation", "valid_loss",
                  "accuracy/validation", "value",
                  "seconds/epoch", "seconds")
              : Map.of(
                  "loss/train", "loss",
                  "gradient_norm", "gradient_norm",
                  "learning_rate", "learning_rate",
                  "speed", "speed");
      assertThat(event.scalars().keySet()).isEqualTo(keys.keySet());
      keys.forEach(
          (tag, key) ->
              assertThat(event.scalars())
                  .containsEntry(tag, (float) line.path(key).asDouble(Double.NaN)));
    }
  }

  private static List<Event> read(Path file) throws IOException {
    ByteBuffer records = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    List<Event> events = new ArrayList<>();
    while (records.hasRemaining()) {
      ByteBuffer length = slice(records, 8);
      assertThat(records.getInt()).isEqualTo(masked(length));
      ByteBuffer data = slice(records, Math.toIntExact(length.getLong(0)));
      assertThat(records.getInt()).isEqualTo(masked(data));
      events.add(event(data));
    }
    return events;
  }

  private static Event event(ByteBuffer message) {
    double wallTime = Double.NaN;
    long step = 0;
    String version = "";
    boolean start = false;
    Map<String, Float> scalars = new LinkedHashMap<>();
    while (message.hasRemaining()) {
      long tag = varint(message);
      switch ((int) tag) {
        case 1 << 3 | 1 -> wallTime = message.getDouble();
        case 2 << 3 -> step = varint(message);
        case 3 << 3 | 2 -> version = text(message);
        case 5 << 3 | 2 -> summary(inside(message), scalars);
        case 7 << 3 | 2 -> {
          ByteBuffer session = inside(message);
          start = varint(session) == 1 << 3 && varint(session) == 1 && !session.hasRemaining();
        }
        default -> throw new AssertionError("field " + tag);
      }
    }
    return new Event(wallTime, step, version, start, scalars);
  }

  private static void summary(ByteBuffer summary, Map<String, Float> scalars) {
    while (summary.hasRemaining()) {
      assertThat(varint(summary)).isEqualTo(1 << 3 | 2);
      ByteBuffer value = inside(summary);
      assertThat(varint(value)).isEqualTo(1 << 3 | 2);
      String name = text(value);
      assertThat(varint(value)).isEqualTo(2 << 3 | 5);
      scalars.put(name, value.getFloat());
      assertThat(value.hasRemaining()).isFalse();
    }
  }

  private static String text(ByteBuffer message) {
    return StandardCharsets.UTF_8.decode(inside(message)).toString();
  }

  private static ByteBuffer inside(ByteBuffer message) {
    return slice(message, Math.toIntExact(varint(message)));
  }

  private static ByteBuffer slice(ByteBuffer from, int length) {
    ByteBuffer slice = from.slice(from.position(), length).order(ByteOrder.LITTLE_ENDIAN);
    from.position(from.position() + length);
    return slice;
  }

  private static long varint(ByteBuffer message) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = message.get();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }

  /** CRC-32C bit by bit, reflected polynomial 0x82f63b78, then masked. */
  private static int masked(ByteBuffer bytes) {
    int crc = ~0;
    for (int i = 0; i < bytes.capacity(); i++) {
      crc ^= bytes.get(i) & 0xff;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc >>> 1) ^ ((crc & 1) == 0 ? 0 : 0x82f63b78);
      }
    }
    crc = ~crc;
    return ((crc >>> 15) | (crc << 17)) + 0xa282ead8;
  }
}
