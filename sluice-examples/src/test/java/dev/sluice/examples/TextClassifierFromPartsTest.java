package dev.sluice.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The names of countries differ a little from one release of the JDK to the next, so the numbers are held against what
 * they mean: seven languages, a rate that falls by a tenth in each epoch, and far better than chance.
 */
class TextClassifierFromPartsTest {
  private static final Pattern EPOCH =
      Pattern.compile("epoch (\\d)  rate ([0-9.]+)  loss ([0-9.]+)  accuracy ([0-9.]+)");

  @Test
  void learnsToTellLanguagesApart() throws IOException {
    String printed = Printed.by(TextClassifierFromParts::main);
    assertThat(printed).contains("lstm.weight_ih_l0").contains("dense.weight");
    List<MatchResult> epochs = EPOCH.matcher(printed).results().toList();
    assertThat(epochs.stream().map(epoch -> epoch.group(2)))
        .containsExactly(
            "0.01000", "0.00900", "0.00810", "0.00729", "0.00656", "0.00590", "0.00531", "0.00478");
    List<Double> losses = epochs.stream().map(epoch -> Double.valueOf(epoch.group(3))).toList();
    assertThat(losses.getFirst()).isBetween(1.0, Math.log(7));
    assertThat(losses.getLast()).isLessThan(0.8);
    assertThat(Double.parseDouble(epochs.getLast().group(4))).isGreaterThan(0.6);
  }
}
