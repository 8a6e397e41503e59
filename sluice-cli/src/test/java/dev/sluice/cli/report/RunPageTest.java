package dev.sluice.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.report.Measurement.OfEpoch;
import dev.sluice.cli.report.Measurement.OfStep;
import dev.sluice.train.ConfusionMatrix;
import dev.sluice.train.Findings;
import dev.sluice.train.GateSaturation.Gate;
import dev.sluice.train.LabelCounts;
import dev.sluice.train.Metric;
import dev.sluice.train.MultiLabelJudgement;
import dev.sluice.train.Objective.Score;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** The page of made-up runs, read as XML. */
final class RunPageTest {
  private static final String SCRIPT = "<script>alert(1)</script>";

  @BeforeAll
  static void numbersAsTheCommandWritesThem() {
    Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
  }

  private static Run run(
      Run.State state, List<Measurement> measurements, int classes, Findings findings) {
    List<String> labels = new ArrayList<>(List.of(SCRIPT, "a & b"));
    IntStream.range(2, classes).forEach(i -> labels.add("label" + i));
    return new Run(
        "model" + SCRIPT,
        state,
        "2 examples" + SCRIPT,
        "words",
        40,
        "train: " + SCRIPT + "\n",
        "1.0",
        measurements,
        Optional.of(
            new Run.Inside(
                2,
                List.of(new Gate("lstm.l0", "forget", 0.25, 0.5)),
                Optional.of(findings),
                labels)),
        Optional.of(new Score(0.5, Metric.PERPLEXITY, 1.648)));
  }

  private static Run empty() {
    return new Run(
        "m",
        Run.State.RUNNING,
        "s",
        "words",
        1,
        "",
        "1.0",
        List.of(),
        Optional.empty(),
        Optional.empty());
  }

  /** Three steps to an epoch, the second epoch the best. */
  private static List<Measurement> measurements(int epochs, Metric metric) {
    List<Measurement> all = new ArrayList<>();
    for (int e = 1; e <= epochs; e++) {
      for (int s = 1; s <= 3; s++) {
        long step = 60L * (e - 1) + 20L * s;
        all.add(new OfStep(step, e, 1f / step, s == 2 ? Float.NaN : 2, 0.01f, 100, s, 1e9 + step));
      }
      all.add(
          new OfEpoch(60L * e, e, 0.9 / e, 1.0 / e, metric.words(), 0.5, e <= 2, 90, 1e9 + 60 * e));
    }
    return all;
  }

  private static ConfusionMatrix confusion(int classes) {
    ConfusionMatrix matrix = new ConfusionMatrix(classes);
    for (int k = 0; k < classes; k++) {
      matrix.add(k, k);
      matrix.add(k, 0);
    }
    return matrix;
  }

  private static List<String> texts(Run run, String path) throws Exception {
    String page = RunPage.of(run);
    Document document =
        DocumentBuilderFactory.newDefaultInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(page.getBytes(StandardCharsets.UTF_8)));
    XPath xpath = XPathFactory.newDefaultInstance().newXPath();
    NodeList found = (NodeList) xpath.evaluate(path, document, XPathConstants.NODESET);
    return IntStream.range(0, found.getLength())
        .mapToObj(i -> found.item(i).getTextContent().strip())
        .toList();
  }

  @Test
  void tellsWhatTheRunCameTo() throws Exception {
    Run run = run(Run.State.FINISHED, measurements(3, Metric.ACCURACY), 2, confusion(2));
    assertThat(texts(run, "//h1")).containsExactly("model" + SCRIPT + " finished");
    assertThat(texts(run, "//dt|//dd"))
        .containsExactly(
            "epochs done", "3 of 40",
            "best epoch", "2",
            "its validation loss", "0.5000",
            "its accuracy", "50.00 %",
            "test loss", "0.5000",
            "test perplexity", "1.6480",
            "words per second", "100");
    assertThat(texts(run, "//header/p").getLast()).endsWith("; 4 min 30 s of training");
    assertThat(texts(run, "//figcaption"))
        .containsExactly(
            "Loss",
            "Accuracy on held-out data, %",
            "Gradient norm, before clipping",
            "Learning rate",
            "Speed, words per second");
    assertThat(texts(run, "//tr[@class='best']/td"))
        .containsExactly("2", "0.4500", "0.5000", "50.00 %", "1 min 30 s");
    assertThat(texts(run, "//tr[td='lstm.l0']/td"))
        .containsExactly("lstm.l0", "forget", "25.0 %", "", "50.0 %");
    assertThat(texts(run, "//pre")).containsExactly("train: " + SCRIPT);
  }

  @Test
  void needsNothingElseAndRunsNothing() {
    String page =
        RunPage.of(run(Run.State.RUNNING, measurements(3, Metric.LOSS), 45, confusion(45)));
    assertThat(page)
        .doesNotContainPattern("<script|javascript:|https?://|src=|href=|url\\(|@import");
    String style = page.substring(page.indexOf("<style>"), page.indexOf("</style>"));
    assertThat(style).contains("prefers-color-scheme: dark").doesNotContain("&");
  }

  @Test
  void loadsItselfAnewOnlyWhileTheRunGoesOn() {
    for (Run.State state : Run.State.values()) {
      String page = RunPage.of(run(state, measurements(1, Metric.LOSS), 2, confusion(2)));
      assertThat(page.contains("http-equiv=\"refresh\"")).isEqualTo(state == Run.State.RUNNING);
    }
  }

  @Test
  void aRunThatHasJustBegunHasAPage() throws Exception {
    assertThat(texts(empty(), "//figure|//table")).isEmpty();
    assertThat(texts(empty(), "//dd")).containsExactly("0 of 1");
  }

  @Test
  void aMatrixHasNumbersWhereThereIsRoomForThem() throws Exception {
    String cells = "//table[starts-with(@class, 'matrix')]//td";
    Run few = run(Run.State.FINISHED, measurements(2, Metric.ACCURACY), 45, confusion(45));
    assertThat(texts(few, cells)).hasSize(45 * 45).containsOnly("");
    assertThat(texts(few, cells + "[@title='a & b taken for " + SCRIPT + ": 1 of 2']")).hasSize(1);
    assertThat(texts(few, "//div[h3='Most confused']//tr")).hasSize(13);
    Run two = run(Run.State.FINISHED, measurements(2, Metric.ACCURACY), 2, confusion(2));
    assertThat(texts(two, cells)).containsExactly("2", "", "1", "1");
    assertThat(texts(two, "//div[h3='Most confused']")).isEmpty();
  }

  @Test
  void labelsThatDoNotExcludeEachOtherHaveTheirFigures() throws Exception {
    LabelCounts counts = new LabelCounts(2);
    counts.add(new boolean[] {true, true}, new boolean[] {false, true});
    counts.add(new boolean[] {false, false}, new boolean[] {false, true});
    MultiLabelJudgement judgement = new MultiLabelJudgement(1, counts);
    Run run = run(Run.State.FINISHED, measurements(2, Metric.MICRO_F1), 2, judgement);
    assertThat(texts(run, "//tr[td='a & b']/td"))
        .containsExactly("a & b", "2", "100.0 %", "50.0 %", "66.7 %", "");
  }

  @Test
  void aLongRunIsDrawnByMeansOfNeighbours() throws Exception {
    Run run = run(Run.State.RUNNING, measurements(2000, Metric.PERPLEXITY), 2, confusion(2));
    assertThat(RunPage.of(run).length()).isLessThan(1_500_000);
    List<String> lines = texts(run, "//polyline[contains(@class, 'c3')]/@points");
    assertThat(lines.getFirst().split(" ")).hasSize(200);
    assertThat(texts(run, "//circle")).isEmpty();
    assertThat(texts(run, "//polygon")).isNotEmpty();
    assertThat(RunPage.of(run)).doesNotContain("NaN");
  }
}
