package dev.sluice.cli.demo;

import dev.sluice.data.DataException;
import dev.sluice.data.LabelledText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Currency;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The data of the demo: how the languages of the world call countries, languages and currencies,
 * from the Unicode CLDR that every JDK carries.
 *
 * <p>A label is a language tag, a text one of its names. What is no example:
 *
 * <ul>
 *   <li>a name that is missing in a language, for which the JDK answers with the code or the
 *       English name;
 *   <li>a language with fewer than {@value #MINIMUM} names, or most of whose names are those of
 *       more widespread languages, as Haitian has the French ones;
 *   <li>a name that occurs in more than one of the remaining languages, whose label would be a
 *       guess.
 * </ul>
 *
 * <p>The order is that of tags and names, and the default locale has no influence. Another JDK
 * release carries another CLDR release and so, slightly, other examples.
 */
public final class CldrNames {
  private static final int MINIMUM = 300;

  /** A country, a language or a currency. */
  private record Thing(String code, String english, Function<Locale, String> name) {
    static Thing of(String code, Function<Locale, String> name) {
      return new Thing(code, name.apply(Locale.ENGLISH), name);
    }

    /** Its name, unless that is missing in the language. */
    Optional<String> nameIn(Locale language) {
      return Optional.of(name.apply(language))
          .filter(name -> !name.equals(code))
          .filter(name -> !name.equals(english) || language.equals(Locale.ENGLISH));
    }
  }

  /** A language, in how many locales it is available, and all its names. */
  private record Language(String tag, int locales, Set<String> names) {
    /** The examples of this language alone; none when they are too few. */
    List<LabelledText> examples(Set<String> shared) {
      List<LabelledText> examples =
          names.stream()
              .filter(name -> !shared.contains(name))
              .sorted()
              .map(name -> new LabelledText(tag, name))
              .toList();
      return examples.size() < MINIMUM ? List.of() : examples;
    }
  }

  private CldrNames() {}

  /**
   * All examples.
   *
   * @throws DataException when the JDK has no names, as one that was cut down with jlink
   */
  public static List<LabelledText> examples() {
    List<Language> languages = distinct(languages());
    if (languages.size() < 2) {
      throw new DataException(
          "this JDK has names of countries in no language but English; use one that has the module"
              + " jdk.localedata, and without -Djava.locale.providers");
    }
    Set<String> seen = new HashSet<>();
    Set<String> shared = new HashSet<>();
    for (Language language : languages) {
      language.names.stream().filter(name -> !seen.add(name)).forEachOrdered(shared::add);
    }
    return languages.stream()
        .sorted(Comparator.comparing(Language::tag))
        .flatMap(language -> language.examples(shared).stream())
        .toList();
  }

  /** The English name of a language: "French" for "fr". */
  public static String languageName(String tag) {
    return Locale.forLanguageTag(tag).getDisplayLanguage(Locale.ENGLISH);
  }

  /** The languages with enough names, the most widespread first. */
  private static List<Language> languages() {
    List<Thing> things = things();
    return localesByLanguage().entrySet().parallelStream()
        .map(e -> new Language(e.getKey(), e.getValue(), namesIn(e.getKey(), things)))
        .filter(language -> language.names.size() >= MINIMUM)
        .sorted(Comparator.comparingInt(Language::locales).reversed().thenComparing(Language::tag))
        .toList();
  }

  /** Without those most of whose names are also those of languages before them. */
  private static List<Language> distinct(List<Language> languages) {
    List<Language> distinct = new ArrayList<>();
    Set<String> taken = new HashSet<>();
    for (Language language : languages) {
      long known = language.names.stream().filter(taken::contains).count();
      if (2 * known <= language.names.size()) {
        distinct.add(language);
        taken.addAll(language.names);
      }
    }
    return distinct;
  }

  /** In how many locales each language is available: its own, and one for each region or script. */
  private static Map<String, Integer> localesByLanguage() {
    return Arrays.stream(Locale.getAvailableLocales())
        .filter(locale -> !locale.getLanguage().isEmpty())
        .collect(Collectors.toMap(Locale::getLanguage, _ -> 1, Integer::sum));
  }

  private static List<Thing> things() {
    return Stream.of(
            Arrays.stream(Locale.getISOCountries())
                .map(code -> Thing.of(code, Locale.of("", code)::getDisplayCountry)),
            Arrays.stream(Locale.getISOLanguages())
                .map(code -> Thing.of(code, Locale.of(code)::getDisplayLanguage)),
            Currency.getAvailableCurrencies().stream()
                .map(currency -> Thing.of(currency.getCurrencyCode(), currency::getDisplayName)))
        .flatMap(Function.identity())
        .toList();
  }

  private static Set<String> namesIn(String tag, List<Thing> things) {
    Locale language = Locale.forLanguageTag(tag);
    return things.stream()
        .flatMap(thing -> thing.nameIn(language).stream())
        .collect(Collectors.toSet());
  }
}
