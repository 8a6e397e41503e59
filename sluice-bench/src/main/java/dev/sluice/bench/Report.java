package dev.sluice.bench;

import dev.sluice.bench.Contender.Role;
import dev.sluice.cli.bench.Metric;
import dev.sluice.cli.bench.Workload;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The table of a comparison, in Markdown: a row for each metric of each workload, a column for each contender, the best
 * peer's number in bold; then times of Sluice as multiples of the best peer's and of the limit, the lower the better.
 */
final class Report {
  private final List<String> contenders;
  private final List<String> own;
  private final PrintStream out;
  private final List<String> agreements = new ArrayList<>();

  /** Begins a table of these, Sluice's own engines being the first. */
  Report(PrintStream out, List<Engine> own, List<Engine> peers) {
    this.out = out;
    this.own = own.stream().map(Engine::name).toList();
    contenders =
        Stream.of(this.own.stream(), peers.stream().map(Engine::name), Stream.of(Contender.LIMIT))
            .flatMap(names -> names)
            .toList();
    List<String> head = new ArrayList<>(List.of("", "metric"));
    head.addAll(contenders);
    this.own.forEach(name -> head.add(name + " / best peer"));
    head.add(this.own.getFirst() + " / " + Contender.LIMIT);
    out.println(line(head));
    out.println(line(head.stream().map(h -> "---").toList()));
  }

  /** Prints the rows of a workload, without those that could not do it. */
  void add(Workload workload, List<Contender> results) {
    for (Metric metric : workload.metrics()) {
      Optional<Contender> best =
          results.stream()
              .filter(c -> c.role() == Role.PEER && c.agreement().holds())
              .min(Comparator.comparingDouble(c -> c.nanos(metric)));
      Optional<Contender> limit = find(results, Contender.LIMIT);
      List<String> row = new ArrayList<>(List.of(workload.id(), metric.name()));
      for (String name : contenders) {
        row.add(
            find(results, name).map(c -> cell(c, metric, best.equals(Optional.of(c)))).orElse(""));
      }
      own.forEach(name -> row.add(ratio(find(results, name), best, metric)));
      row.add(ratio(find(results, own.getFirst()), limit, metric));
      out.println(line(row));
    }
    results.stream()
        .filter(c -> c.role() != Role.LIMIT && !c.name().equals(own.getFirst()))
        .map(c -> "%s %s %.0e".formatted(workload.id(), c.name(), c.agreement().error()))
        .forEach(agreements::add);
  }

  private static Optional<Contender> find(List<Contender> results, String name) {
    return results.stream().filter(c -> c.name().equals(name)).findFirst();
  }

  private static String cell(Contender contender, Metric metric, boolean best) {
    String number = number(metric.of(contender.nanos(metric)));
    if (!contender.agreement().holds()) {
      return "differs (%s)".formatted(number);
    }
    return best ? "**%s**".formatted(number) : number;
  }

  private static String ratio(Optional<Contender> of, Optional<Contender> to, Metric metric) {
    return of.flatMap(a -> to.map(b -> "%.2f".formatted(a.nanos(metric) / b.nanos(metric))))
        .orElse("");
  }

  /** Three digits at least. */
  private static String number(double value) {
    return value < 100 ? "%.3g".formatted(value) : "%,.0f".formatted(value);
  }

  /** Ends the table with how far the contenders' numbers are from Sluice's. */
  void end() {
    out.println();
    out.println(
        "Largest difference from Sluice's numbers, relative to the largest number: "
            + String.join(", ", agreements));
  }

  private static String line(List<String> cells) {
    return cells.stream().collect(Collectors.joining(" | ", "| ", " |"));
  }
}
