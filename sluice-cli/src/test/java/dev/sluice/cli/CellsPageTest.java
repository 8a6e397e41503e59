package dev.sluice.cli;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cell.Cell;
import dev.sluice.cli.CellsPage.Section;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page on cells says what the code does, and shows what {@code sluice info --cells} shows. */
final class CellsPageTest {
  @TempDir static Path folder = Path.of("");
  private static CellsPage page = new CellsPage(List.of(), List.of());
  private static Class<?> compiled = Object.class;

  @BeforeAll
  static void compile() throws IOException, ClassNotFoundException {
    page = CellsPage.read();
    compiled = page.compile(folder);
  }

  private static Object call(String method) throws ReflectiveOperationException {
    return compiled.getMethod(method).invoke(null);
  }

  @Test
  void showsTheCellsOfTheCatalogue() throws ReflectiveOperationException {
    Map<String, Cell> cells = new LinkedHashMap<>();
    for (int i = 0; i < page.sections().size(); i++) {
      cells.put(page.sections().get(i).heading(), (Cell) call("cell" + i));
    }
    Map<String, Cell> catalogue = CellCatalogue.of(CellsPage.INPUTS, CellsPage.UNITS);
    assertThat(cells.entrySet()).containsExactlyElementsOf(catalogue.entrySet());
  }

  @Test
  void saysOfEachCellWhatItIs() throws ReflectiveOperationException {
    for (int i = 0; i < page.sections().size(); i++) {
      assertThat(page.sections().get(i))
          .isEqualTo(
              section(page.sections().get(i), (Cell) call("cell" + i), (long) call("count" + i)));
    }
  }

  /** What the page should say. */
  private static Section section(Section said, Cell cell, long count) {
    assertThat(cell.parameters("").stream().mapToLong(p -> (long) p.rows() * p.cols()).sum())
        .as("%s: %s", said.heading(), said.count())
        .isEqualTo(count);
    return new Section(
        said.heading(),
        said.java(),
        cell.formula(),
        IntStream.range(0, cell.stateSizes().size())
            .mapToObj(i -> "%s (%d)".formatted(cell.stateNames().get(i), cell.stateSizes().get(i)))
            .collect(joining(", ")),
        cell.parameters("").stream()
            .map(p -> "`%s` (%d, %d)".formatted(p.name(), p.rows(), p.cols()))
            .collect(joining(", ")),
        said.count(),
        cell.kernel().isPresent() ? "fused" : "none");
  }

  @Test
  void theCellOfOnesOwnKeepsItsContract() throws ReflectiveOperationException {
    call("ownCell");
  }
}
