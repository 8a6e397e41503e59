package dev.sluice.cli;

import dev.sluice.data.LineTokenizer;
import dev.sluice.model.LanguageModel;
import dev.sluice.tape.Tape;
import dev.sluice.train.LanguageModeling;
import dev.sluice.train.Objective;
import java.io.PrintWriter;
import java.util.Optional;

/**
 * What {@code evaluate} says of a language model, for people and as JSON.
 *
 * @param loss mean over the tokens that were predicted, in nats
 * @param perplexity e to the loss
 * @param bitsPerCharacter the loss in bits, where tokens are characters
 * @param tokens how many were predicted
 * @param unknown how many tokens of the text are not in the vocabulary
 * @param streams how many the text was cut into
 */
record LanguageModelReport(
    double loss,
    double perplexity,
    Optional<Double> bitsPerCharacter,
    long tokens,
    long unknown,
    int streams)
    implements Report {
  private static final double LN_2 = StrictMath.log(2);

  static LanguageModelReport of(Tape tape, LanguageModel model, LanguageModelText text) {
    Objective.Score score = LanguageModeling.score(tape, model, text.streams());
    boolean characters = model.config().tokenizer() == LineTokenizer.CHARACTERS;
    return new LanguageModelReport(
        score.loss(),
        score.value(),
        characters ? Optional.of(score.loss() / LN_2) : Optional.empty(),
        text.streams().targets(),
        text.unknown(),
        text.streams().streams());
  }

  @Override
  public void print(PrintWriter out) {
    String unit = bitsPerCharacter.isPresent() ? "character" : "word";
    out.printf("loss        %.4f nats per %s%n", loss, unit);
    bitsPerCharacter.ifPresent(bits -> out.printf("            %.4f bits per %s%n", bits, unit));
    out.printf("perplexity  %.2f%n", perplexity);
    out.printf(
        "read        %,d %ss predicted, %,d unknown; %s%n",
        tokens,
        unit,
        unknown,
        streams == 1
            ? "one stream, all but its first"
            : "%d streams, all but their first, the rest dropped".formatted(streams));
  }
}
