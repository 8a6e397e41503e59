package dev.sluice.model;

import dev.sluice.data.LineTokenizer;
import dev.sluice.data.Vocabulary;
import dev.sluice.tape.Backend;

/**
 * Writes text with a {@link LanguageModel}, token by token: each is drawn from what the model expects
 * after all before it, and then read by it. Begins at the start of a line. For one thread.
 */
public final class TextGenerator {
  private final LanguageModel model;
  private final Sampling sampling;
  private final Session session;
  private final float[] scores; // (V) of the token that comes next
  private long drawn;

  public TextGenerator(Backend backend, LanguageModel model, Sampling sampling) {
    this.model = model;
    this.sampling = sampling;
    StreamingModel streaming = model.streaming(backend);
    this.session = streaming.open();
    this.scores = new float[streaming.outputSize()];
    read(model.config().tokenizer().endOfLine());
  }

  /** Reads {@code text}, which what is generated then goes on with; it may have several lines. */
  public void prompt(String text) {
    LineTokenizer tokenizer = model.config().tokenizer();
    String[] lines = text.split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      var tokens = tokenizer.tokens(lines[i]);
      boolean goesOn = i == lines.length - 1;
      (goesOn ? tokens.subList(0, tokens.size() - 1) : tokens).forEach(this::read);
    }
  }

  /** The next piece of text: a character, or a word and the blank or line end after it. */
  public String next() {
    int token = sampling.choose(scores, drawn++);
    read(token);
    return model.config().tokenizer().text(model.vocabulary().token(token));
  }

  private void read(String token) {
    Vocabulary vocabulary = model.vocabulary();
    read(vocabulary.id(token));
  }

  private void read(int token) {
    session.step(model.embedding(token).toArray(), scores);
  }
}
