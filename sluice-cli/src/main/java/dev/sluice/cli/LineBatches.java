package dev.sluice.cli;

import dev.sluice.data.DataException;
import dev.sluice.data.TextLines;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * The lines of a stream in batches of those that are there: one by one while somebody types, many at
 * once from a file or a fast pipe. A thread of its own reads ahead.
 */
final class LineBatches {
  /** Bounds the memory of a batch, of which each character is a step of a sequence. */
  private static final int MAX_CHARACTERS = 1 << 14;

  private static final int MAX_LINES = 256;

  /** What the reading thread hands over. */
  private sealed interface Item {
    record Line(String text) implements Item {}

    record End() implements Item {}

    record Failure(Throwable cause) implements Item {}
  }

  private final BlockingQueue<Item> read = new ArrayBlockingQueue<>(2 * MAX_LINES);
  private Optional<Item> last = Optional.empty();

  /** Batches of {@code lines}, which are closed after the last. */
  LineBatches(TextLines lines) {
    Thread.ofPlatform().daemon().name("sluice-lines").start(() -> readAll(lines));
  }

  /**
   * The next lines in their order; none after the last.
   *
   * @throws DataException when they cannot be read, after all lines before that
   */
  List<String> next() {
    List<String> batch = new ArrayList<>();
    int characters = 0;
    try {
      while (last.isEmpty() && batch.size() < MAX_LINES && characters < MAX_CHARACTERS) {
        Optional<Item> item =
            batch.isEmpty() ? Optional.of(read.take()) : Optional.ofNullable(read.poll());
        if (item.isEmpty()) {
          break;
        }
        if (item.get() instanceof Item.Line(String text)) {
          batch.add(text);
          characters += text.length();
        } else {
          last = item;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (batch.isEmpty() && last.isPresent() && last.get() instanceof Item.Failure(var cause)) {
      switch (cause) {
        case Error e -> throw e;
        case RuntimeException e -> throw e;
        default -> throw new IllegalStateException(cause);
      }
    }
    return batch;
  }

  private void readAll(TextLines lines) {
    try {
      Item end = new Item.End();
      try (lines) {
        for (Optional<String> line = lines.next(); line.isPresent(); line = lines.next()) {
          read.put(new Item.Line(line.get()));
        }
      } catch (RuntimeException | Error e) {
        end =
            new Item.Failure(e); // thrown where the lines are asked for, or that would wait forever
      }
      read.put(end);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
