package dev.sluice.cli.demo;

import dev.sluice.data.LabelledText;
import dev.sluice.data.Labels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The baseline that a network must beat: multinomial naive Bayes over the character 1-, 2- and
 * 3-grams of a text, its two ends being characters too.
 *
 * <pre>
 *   label = argmax over k of  log P(k) + Σ log P(gram | k)
 *   P(gram | k) = (count of gram in k + α) / (grams in k + α·V)
 * </pre>
 *
 * <p>V is the number of different grams in training; those of a text that are not among them say
 * nothing. Not part of the library: a yardstick, kept simple.
 */
public final class NaiveBayes {
  private static final int LONGEST_GRAM = 3;

  /** Add-one smoothing is a weaker baseline; on validation data 0.1 is as good as any. */
  private static final double ALPHA = 0.1;

  private final Labels labels;
  private final Map<String, int[]> counts = new HashMap<>(); // gram -> (K)
  private final int[] texts; // (K)
  private final int[] grams; // (K)

  private NaiveBayes(Labels labels) {
    this.labels = labels;
    texts = new int[labels.size()];
    grams = new int[labels.size()];
  }

  /** Counts the grams of {@code examples}. */
  public static NaiveBayes train(List<LabelledText> examples) {
    NaiveBayes model = new NaiveBayes(Labels.in(examples));
    for (LabelledText example : examples) {
      int k = model.labels.id(example.label());
      List<String> grams = grams(example.text());
      for (String gram : grams) {
        model.counts.computeIfAbsent(gram, _ -> new int[model.labels.size()])[k]++;
      }
      model.texts[k]++;
      model.grams[k] += grams.size();
    }
    return model;
  }

  /** The most probable label of {@code text}; of equals the first. */
  public String predict(String text) {
    List<int[]> known = grams(text).stream().map(counts::get).filter(Objects::nonNull).toList();
    int best = 0;
    double bestScore = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < labels.size(); k++) {
      double score = Math.log(texts[k]) - known.size() * Math.log(grams[k] + ALPHA * counts.size());
      for (int[] count : known) {
        score += Math.log(count[k] + ALPHA);
      }
      if (score > bestScore) {
        best = k;
        bestScore = score;
      }
    }
    return labels.name(best);
  }

  /** The share of {@code examples} whose label is predicted. */
  public double accuracy(List<LabelledText> examples) {
    long right = examples.stream().filter(e -> predict(e.text()).equals(e.label())).count();
    return (double) right / examples.size();
  }

  private static List<String> grams(String text) {
    int[] marked = ("\u0002" + text + "\u0003").codePoints().toArray();
    List<String> grams = new ArrayList<>(LONGEST_GRAM * marked.length);
    for (int from = 0; from < marked.length; from++) {
      for (int n = 1; n <= LONGEST_GRAM && from + n <= marked.length; n++) {
        grams.add(new String(marked, from, n));
      }
    }
    return grams;
  }
}
