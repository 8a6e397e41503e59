package dev.sluice.data;

import java.util.List;

/**
 * Where the tags of a file are: in the second column of {@code token<TAB>tag}, or in one of the ten
 * columns of <a href="https://universaldependencies.org/format.html">CoNLL-U</a>, of which FORM is the
 * word.
 */
public enum TagColumn {
  SECOND(1, 0, 2),
  LEMMA(2, 1, 10),
  UPOS(3, 1, 10),
  XPOS(4, 1, 10),
  FEATS(5, 1, 10),
  DEPREL(7, 1, 10);

  private final int tag;
  private final int word;
  private final int columns;

  TagColumn(int tag, int word, int columns) {
    this.tag = tag;
    this.word = word;
    this.columns = columns;
  }

  /** Whether the file is CoNLL-U. */
  public boolean isConllu() {
    return this != SECOND;
  }

  /** Whether the line is none of a word: a comment, or a CoNLL-U range (8-9) or empty node (8.1). */
  boolean skips(String line) {
    return isConllu() && (line.startsWith("#") || line.matches("\\d+[-.]\\d+\t.*"));
  }

  /** Adds the word and the tag of {@code line}. */
  void read(String line, TextLines lines, List<String> words, List<String> tags) {
    String[] fields = line.split("\t", -1);
    if (fields.length != columns) {
      throw lines.error(
          isConllu()
              ? "expected the 10 columns of CoNLL-U with tabs between them, got %d"
                  .formatted(fields.length)
              : "expected token<TAB>tag, got %d column(s); of CoNLL-U say which to learn: --column upos"
                  .formatted(fields.length));
    }
    if (fields[word].isBlank() || fields[tag].isBlank()) {
      throw lines.error("the word or its tag is empty; correct or remove the line");
    }
    words.add(fields[word]);
    tags.add(fields[tag].strip());
  }
}
