package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

final class TableTest {
  @Test
  void alignsColumnsAlsoOfWideAndCombiningCharacters() {
    Table table = new Table("label", "examples");
    table.row("体育", "7");
    table.row("e\u0301te\u0301", "1,234");
    StringWriter out = new StringWriter();
    table.print(new PrintWriter(out, true));
    assertThat(out.toString().lines())
        .containsExactly("label  examples", "体育          7", "e\u0301te\u0301       1,234");
  }

  @Test
  void refusesARowOfAnotherLength() {
    assertThatThrownBy(() -> new Table("a", "b").row("c")).hasMessage("expected 2 cells, got [c]");
  }
}
