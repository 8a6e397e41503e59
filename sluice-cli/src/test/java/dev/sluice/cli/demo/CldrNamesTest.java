package dev.sluice.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.data.LabelledText;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Bounds, not numbers, where another release of the JDK may bring other names. */
class CldrNamesTest {
  private static final List<LabelledText> EXAMPLES = CldrNames.examples();

  @Test
  void manyLanguagesHaveThreeHundredNamesOrMore() {
    Map<String, Long> counts =
        EXAMPLES.stream()
            .collect(Collectors.groupingBy(LabelledText::label, Collectors.counting()));
    assertThat(counts.size()).isBetween(100, 140);
    assertThat(EXAMPLES.size()).isBetween(45_000, 65_000);
    assertThat(counts.values()).allMatch(n -> n >= 300);
  }

  @Test
  void noNameIsInTwoLanguages() {
    assertThat(EXAMPLES.stream().map(LabelledText::text)).doesNotHaveDuplicates();
  }

  @Test
  void copiesOfAnotherLanguageAreLeftOutAndTheOriginalStays() {
    assertThat(EXAMPLES.stream().map(LabelledText::label))
        .contains("en", "fr", "nb", "ja", "el")
        .doesNotContain("ht", "no", "nn");
  }

  @Test
  void namesAreThoseOfTheLanguage() {
    assertThat(EXAMPLES)
        .contains(
            new LabelledText("en", "Germany"),
            new LabelledText("fr", "Allemagne"),
            new LabelledText("el", "Γερμανία"),
            new LabelledText("ja", "ドイツ"))
        .doesNotContain(new LabelledText("en", "DE"), new LabelledText("fr", "Germany"));
  }

  @Test
  void orderIsThatOfTagsAndNamesWhateverTheDefaultLocale() {
    assertThat(EXAMPLES)
        .isSortedAccordingTo(
            Comparator.comparing(LabelledText::label).thenComparing(LabelledText::text));
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      assertThat(CldrNames.examples()).isEqualTo(EXAMPLES);
      assertThat(CldrNames.languageName("fr")).isEqualTo("French");
    } finally {
      Locale.setDefault(before);
    }
  }
}
