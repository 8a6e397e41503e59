package dev.sluice.model;

import dev.sluice.data.LineTokenizer;
import dev.sluice.tape.Backend;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

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

  /**
   * Reads {@code text}, which what is generated then goes on with.
   *
   * @return {@code text} as it is written in tokens
   */
  public String prompt(String text) {
    LineTokenizer tokenizer = model.config().tokenizer();
    List<String> tokens =
        new ArrayList<>(text.lines().flatMap(line -> tokenizer.tokens(line).stream()).toList());
    if (!tokens.isEmpty() && !text.endsWith("\n")) {
      tokens.removeLast(); // its last line goes on
    }
    tokens.forEach(this::read);
    return tokens.stream().map(tokenizer::text).collect(Collectors.joining());
  }

  /** The next piece of text: a character, or a word and the blank or line end after it. */
  public String next() {
    int token = sampling.choose(scores, drawn++);
    read(token);
    return model.config().tokenizer().text(model.vocabulary().token(token));
  }

  private void read(String token) {
    read(model.vocabulary().id(token));
  }

  private void read(int token) {
    session.step(model.embedding(token).toArray(), scores);
  }
}
