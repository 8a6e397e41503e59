package dev.sluice.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class HtmlTest {
  @Test
  void whatComesFromOutsideIsNeverMarkup() {
    String markup =
        new Html()
            .open("p", "title", "\"><script>alert('1')</script>")
            .text("<script>a && b</script>\u0000")
            .close()
            .markup();
    assertThat(markup)
        .isEqualTo(
            "<!DOCTYPE html>\n"
                + "<p title=\"&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;\">&lt;script&gt;a"
                + " &amp;&amp; b&lt;/script&gt;\ufffd</p>");
  }

  @Test
  void elementsEndInTheirOrder() {
    assertThat(
            new Html()
                .open("a")
                .open("b")
                .empty("c", "d", 1)
                .close()
                .element("e", 2)
                .close()
                .markup())
        .endsWith("<a><b><c d=\"1\"/></b><e>2</e></a>");
  }
}
