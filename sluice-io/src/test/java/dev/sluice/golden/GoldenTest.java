package dev.sluice.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/**
 * Every case of every golden set, computed in every {@link GoldenRun.Way}: outputs, final states
 * and all gradients.
 *
 * <p>The sets among the test resources always run, and after them those of {@code
 * ../../shared/golden}, a collection that may lie beside the checkout. {@code
 * -Dsluice.golden=FOLDER}, an absolute path, runs the sets of that folder instead.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GoldenTest {
  private static final Path COLLECTION = Path.of("..", "..", "shared", "golden");

  /** A set and how its cases went. */
  private static final class Tally {
    private final GoldenSet set;
    private final Map<String, List<Golden>> outOfScope = new TreeMap<>(); // by reason
    private final List<Golden> inScope = new ArrayList<>();
    private int passed;
    private int failed;

    Tally(GoldenSet set) {
      this.set = set;
      for (Golden golden : set.cases()) {
        golden
            .outOfScope()
            .ifPresentOrElse(
                why -> outOfScope.computeIfAbsent(why, w -> new ArrayList<>()).add(golden),
                () -> inScope.add(golden));
      }
    }

    DynamicNode tests() {
      return dynamicContainer(
          set.toString(), inScope.stream().map(c -> dynamicTest(c.name(), () -> run(c))));
    }

    void run(Golden golden) {
      try {
        check(golden);
        passed++;
      } catch (RuntimeException | AssertionError e) {
        failed++;
        throw e;
      }
    }

    void printOutOfScope() {
      outOfScope.forEach(
          (why, cases) ->
              System.out.printf("golden %s: out of scope, %s: %s%n", set.name(), why, cases));
    }

    void printSummary() {
      System.out.printf(
          "golden %s: %d cases, %d passed, %d failed, %d out of scope%n",
          set.name(), set.cases().size(), passed, failed, set.cases().size() - inScope.size());
    }
  }

  private final List<Tally> tallies = new ArrayList<>();

  @TestFactory
  Stream<DynamicNode> cases() {
    for (Path folder : folders()) {
      System.out.println("golden: reading " + folder.toAbsolutePath().normalize());
      List<GoldenSet> sets = GoldenSet.in(folder);
      assertThat(sets).as("golden sets in %s", folder.toAbsolutePath()).isNotEmpty();
      sets.forEach(set -> tallies.add(new Tally(set)));
    }
    return tallies.stream().map(Tally::tests);
  }

  @AfterAll
  void report() {
    tallies.forEach(Tally::printOutOfScope);
    tallies.forEach(Tally::printSummary);
  }

  /** A case that got lost, or fell out of scope, would fail no other test. */
  @Test
  void resourcesHoldTheirCases() {
    assertThat(GoldenSet.in(GoldenSet.RESOURCES))
        .extracting(GoldenSet::name, set -> new Tally(set).inScope.size())
        .containsExactly(
            tuple("torch", 50),
            tuple("keras_golden", 41),
            tuple("kerasjs_golden", 24),
            tuple("ort_golden", 30),
            tuple("pytorch_golden", 35),
            tuple("tf1_golden", 22),
            tuple("tf1_graph_golden", 39),
            tuple("tfjs_training_golden", 10),
            tuple("tflite_golden", 6));
  }

  private static void check(Golden golden) {
    for (GoldenRun.Way way : GoldenRun.Way.ALL) {
      assertThat(golden.mismatches(way)).as("%s, %s", golden, way).isEmpty();
    }
  }

  /** Where golden numbers are, the collection last. */
  static List<Path> folders() {
    String chosen = System.getProperty("sluice.golden", "");
    if (!chosen.isEmpty()) {
      return List.of(Path.of(chosen));
    }
    if (Files.isDirectory(COLLECTION)) {
      return List.of(GoldenSet.RESOURCES, COLLECTION);
    }
    System.out.printf("golden: no %s, so only the numbers in the test resources run%n", COLLECTION);
    return List.of(GoldenSet.RESOURCES);
  }
}
