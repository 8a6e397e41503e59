package dev.sluice.cli.report;

import dev.sluice.cli.report.Measurement.OfEpoch;
import dev.sluice.cli.report.Measurement.OfStep;
import dev.sluice.train.GateSaturation.Gate;
import dev.sluice.train.Metric;
import dev.sluice.train.Objective;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * One page about a {@link Run}, for people: a file that needs no other, no network and no script.
 * While the run goes on the page loads itself anew every minute.
 */
public final class RunPage {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

  private final Run run;
  private final Html out = new Html();

  private RunPage(Run run) {
    this.run = run;
  }

  /** The page as HTML, which is XML as well. */
  public static String of(Run run) {
    RunPage page = new RunPage(run);
    page.write();
    return page.out.markup();
  }

  private void write() {
    out.open("html", "lang", "en").open("head").empty("meta", "charset", "utf-8");
    out.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    if (run.state() == Run.State.RUNNING) {
      out.empty("meta", "http-equiv", "refresh", "content", 60);
    }
    out.element("title", run.name() + ", " + words(run.state()));
    out.element("style", style()).close().open("body");
    header();
    tiles();
    new Curves(run).writeTo(out);
    run.inside().ifPresent(this::inside);
    epochs();
    out.element("h2", "Settings").element("pre", run.settings());
    out.element("footer", "sluice " + run.version()).close().close();
  }

  private void header() {
    out.open("header").open("h1").text(run.name() + " ");
    out.element("span", words(run.state()), "class", "state " + words(run.state())).close();
    out.element("p", run.summary());
    if (!run.measurements().isEmpty()) {
      double first = run.measurements().getFirst().wallTime();
      double last = run.measurements().getLast().wallTime();
      out.element(
          "p",
          "first measured %s, last %s; %s of training"
              .formatted(time(first), time(last), duration(seconds())),
          "class",
          "quiet");
    }
    out.close();
  }

  private static String words(Run.State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  private static String time(double wallTime) {
    return TIME.format(Instant.ofEpochSecond((long) wallTime).atZone(ZoneId.systemDefault()));
  }

  /** That were spent in epochs, and in that which has not ended. */
  private double seconds() {
    double ended = run.completed().stream().mapToDouble(OfEpoch::seconds).sum();
    return run.measurements().getLast() instanceof OfStep step ? ended + step.seconds() : ended;
  }

  private static String duration(double seconds) {
    if (seconds < 60) {
      return "%.1f s".formatted(seconds);
    }
    Duration duration = Duration.ofSeconds(Math.round(seconds));
    return duration.toHours() > 0
        ? "%d h %d min".formatted(duration.toHours(), duration.toMinutesPart())
        : "%d min %d s".formatted(duration.toMinutes(), duration.toSecondsPart());
  }

  private void tiles() {
    out.open("dl", "class", "tiles");
    tile("epochs done", "%,d of %,d".formatted(run.completed().size(), run.epochs()));
    run.best()
        .ifPresent(
            best -> {
              tile("best epoch", "%,d".formatted(best.epoch()));
              tile("its validation loss", "%.4f".formatted(best.validLoss()));
              if (metric(best) != Metric.LOSS) {
                tile("its " + best.metric(), metric(best).format(best.value()));
              }
            });
    run.test().ifPresent(this::testTiles);
    if (!run.steps().isEmpty()) {
      OfStep last = run.steps().getLast();
      tile(run.unit() + " per second", "%,.0f".formatted(last.speed()));
    }
    out.close();
  }

  private void testTiles(Objective.Score test) {
    tile("test loss", "%.4f".formatted(test.loss()));
    if (test.metric() != Metric.LOSS) {
      tile("test " + test.metric().words(), test.metric().format(test.value()));
    }
  }

  private void tile(String name, String value) {
    out.open("div").element("dt", name).element("dd", value).close();
  }

  /** What an epoch was judged by. */
  static Metric metric(OfEpoch epoch) {
    return Arrays.stream(Metric.values())
        .filter(metric -> metric.words().equals(epoch.metric()))
        .findFirst()
        .orElse(Metric.LOSS);
  }

  private void inside(Run.Inside inside) {
    inside
        .findings()
        .ifPresent(
            findings -> {
              out.element("h2", "On held-out data, epoch %,d".formatted(inside.epoch()));
              new FindingsSection(findings, inside.labels()).writeTo(out);
            });
    if (!inside.gates().isEmpty()) {
      out.element("h2", "Gates, epoch %,d".formatted(inside.epoch()));
      out.element(
          "p",
          "How much of the time gates are closed (below 0.1) or open (above 0.9), over a few"
              + " held-out examples. A gate that is hardly ever between the two has all but stopped"
              + " to learn.",
          "class",
          "quiet");
      gates(inside.gates());
    }
  }

  private void gates(List<Gate> gates) {
    out.open("div", "class", "wide").open("table").open("tr");
    for (String heading : List.of("layer", "gate", "closed", "", "open")) {
      out.element("th", heading);
    }
    out.close();
    for (Gate gate : gates) {
      out.open("tr").element("td", gate.layer()).element("td", gate.gate());
      out.element("td", percent(gate.closed()), "class", "number");
      out.open("td").open("div", "class", "split");
      part("closed", gate.closed());
      part("between", 1 - gate.closed() - gate.open());
      part("open", gate.open());
      out.close().close();
      out.element("td", percent(gate.open()), "class", "number").close();
    }
    out.close().close();
  }

  private void part(String kind, double share) {
    out.element("span", "", "class", kind, "style", "flex-grow:%.3f".formatted(share));
  }

  /** A share as the tables have it. */
  static String percent(double share) {
    return "%.1f %%".formatted(100 * share);
  }

  private void epochs() {
    if (run.completed().isEmpty()) {
      return;
    }
    Metric metric = metric(run.completed().getFirst());
    out.element("h2", "Epochs").open("div", "class", "tall").open("table").open("tr");
    heading("epoch");
    heading("training loss");
    heading("validation loss");
    if (metric != Metric.LOSS) {
      heading(metric.words());
    }
    heading("time");
    out.close();
    for (OfEpoch epoch : run.completed().reversed()) {
      out.open("tr", "class", epoch.equals(run.best().orElse(epoch)) && epoch.best() ? "best" : "");
      number("%,d".formatted(epoch.epoch()));
      number("%.4f".formatted(epoch.trainLoss()));
      number("%.4f".formatted(epoch.validLoss()));
      if (metric != Metric.LOSS) {
        number(metric.format(epoch.value()));
      }
      number(duration(epoch.seconds()));
      out.close();
    }
    out.close().close();
  }

  private void heading(String text) {
    out.element("th", text, "class", "number");
  }

  private void number(String text) {
    out.element("td", text, "class", "number");
  }

  private static String style() {
    try (InputStream css =
        Objects.requireNonNull(RunPage.class.getResourceAsStream("report.css"), "report.css")) {
      return new String(css.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
