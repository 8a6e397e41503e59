package dev.sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.bench.Contender.Role;
import dev.sluice.cli.bench.Task;
import dev.sluice.cli.bench.Times;
import dev.sluice.cli.bench.Workload;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ReportTest {
  private record NamedEngine(String name) implements Engine {
    @Override
    public String settings() {
      return "";
    }

    @Override
    public Optional<Task> prepare(Workload workload, int threads) {
      return Optional.empty();
    }
  }

  @Test
  void aRowForEachMetricAndAColumnForEachContender() {
    Agreement same = new Agreement(2e-7, true);
    Report report =
        new Report(
            List.of(new NamedEngine("ours"), new NamedEngine("ours, small")),
            List.of(new NamedEngine("slow"), new NamedEngine("fast"), new NamedEngine("wrong")));
    report.add(
        Workload.of("I4"),
        List.of(
            contender("ours", Role.OWN, new Agreement(0, true), 3),
            contender("slow", Role.PEER, same, 6),
            contender("fast", Role.PEER, same, 4),
            contender("wrong", Role.PEER, new Agreement(0.5, false), 1),
            contender("limit", Role.LIMIT, same, 2)));
    report.add(
        Workload.of("T3"),
        List.of(
            contender("ours", Role.OWN, new Agreement(0, true), 2),
            contender("slow", Role.PEER, same, 1)));

    assertThat(text(report).lines())
        .containsExactly(
            "|  | metric | ours | ours, small | slow | fast | wrong | limit | ours / best peer"
                + " | ours, small / best peer | ours / limit |",
            "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
            "| I4 | ms/batch | 3.00 |  | 6.00 | **4.00** | differs (1.00) | 2.00 | 0.75 |  | 1.50"
                + " |",
            "| T3 | steps/s | 500 |  | **1,000** |  |  |  | 2.00 |  |  |",
            "",
            "Largest difference from Sluice's numbers, relative to the largest number: "
                + "I4 slow 2e-07, I4 fast 2e-07, I4 wrong 5e-01, T3 slow 2e-07");
  }

  /** Takes so many milliseconds in the median of its rounds. */
  private static Contender contender(String name, Role role, Agreement agreement, long millis) {
    Task idle =
        new Task() {
          @Override
          public void run() {}

          @Override
          public float[] result() {
            return new float[0];
          }

          @Override
          public void close() {}
        };
    Contender contender = new Contender(name, role, agreement, idle);
    for (long factor : new long[] {9, 1, 1}) {
      contender.add(Times.of(factor * millis * 1_000_000));
    }
    return contender;
  }

  private static String text(Report report) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    report.print(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
