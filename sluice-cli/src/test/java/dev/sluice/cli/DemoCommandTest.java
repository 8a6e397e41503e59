package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.demo.CldrNames;
import dev.sluice.data.LabelledText;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the demo claims. That it runs is seen by running it, as the continuous integration does. */
final class DemoCommandTest {
  @Test
  void thePhrasesAreInLanguagesOfTheDataButNotInIt() {
    List<LabelledText> examples = CldrNames.examples();
    Set<String> languages = examples.stream().map(LabelledText::label).collect(Collectors.toSet());
    Set<String> names = examples.stream().map(LabelledText::text).collect(Collectors.toSet());
    for (LabelledText phrase : DemoCommand.PHRASES) {
      assertThat(languages).contains(phrase.label());
      assertThat(names).doesNotContain(phrase.text());
    }
  }

  @Test
  void notToBeatTheBaselineIsAFinding() {
    StringWriter err = new StringWriter();
    PrintWriter writer = new PrintWriter(err, true);
    assertThat(DemoCommand.verdict(report(0.81, 0.8), writer)).isZero();
    assertThat(err).hasToString("");
    assertThat(DemoCommand.verdict(report(0.8, 0.8), writer)).isEqualTo(1);
    assertThat(err.toString())
        .startsWith("sluice: the network (80.00 %) does not beat the baseline (80.00 %)");
  }

  private static DemoCommand.Report report(double network, double baseline) {
    return new DemoCommand.Report(network, baseline, 2, 100, 1, "sluice-demo");
  }
}
