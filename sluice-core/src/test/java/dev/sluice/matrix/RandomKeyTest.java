package dev.sluice.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RandomKeyTest {
  private static final RandomKey KEY = RandomKey.of(1);
  private static final int N = 100_000;

  /** A change of these numbers would change every model trained with a seed. */
  @Test
  void streamNeverChanges() {
    assertThat(KEY.value()).isEqualTo(0x910A2DEC89025CC1L);
    assertThat(KEY.bits(0)).isEqualTo(0x5E41AB087439611EL);
    assertThat(KEY.bits(1)).isEqualTo(0xF18D6CE93D6CF1EEL);
    assertThat(KEY.fold(7).value()).isEqualTo(0x4E2CD0E2D2C6CC1BL);
    assertThat(KEY.fold("dropout").value()).isEqualTo(0xD491C3E5C82FF104L);
    assertThat(KEY.uniform(3)).isEqualTo(0x1.8e0c36p-1f);
    assertThat(KEY.normal(5)).isEqualTo(0x1.3dd836d2be219p0);
    assertThat(KEY.below(1000, 4)).isEqualTo(219);
    assertThat(KEY.permutation(8)).containsExactly(2, 7, 0, 3, 6, 1, 5, 4);
  }

  @Test
  void uniformHasTheMomentsOfAUniform() {
    double[] u = IntStream.range(0, N).mapToDouble(KEY::uniform).toArray();
    double mean = IntStream.range(0, N).mapToDouble(i -> u[i]).average().orElseThrow();
    double square = IntStream.range(0, N).mapToDouble(i -> u[i] * u[i]).average().orElseThrow();
    double lag = IntStream.range(1, N).mapToDouble(i -> u[i] * u[i - 1]).average().orElseThrow();
    assertThat(DoubleStream.of(u)).allMatch(x -> 0 <= x && x < 1);
    assertThat(mean).isCloseTo(1.0 / 2, within(4 * Math.sqrt(1.0 / 12 / N)));
    assertThat(square).isCloseTo(1.0 / 3, within(4 * Math.sqrt(4.0 / 45 / N)));
    assertThat(lag).isCloseTo(1.0 / 4, within(4 * Math.sqrt(13.0 / 144 / N)));
  }

  /** Also where p is a number that is drawn, and right beside it. */
  @Test
  void bernoulliIsUniformBelowP() {
    float drawn = KEY.uniform(70);
    for (float p :
        new float[] {0, 0.1f, 0.5f, drawn, Math.nextUp(drawn), Math.nextDown(drawn), 1}) {
      float[] y = new float[102];
      KEY.bernoulli(p, 10, y, 1, 100);
      for (int i = 0; i < 100; i++) {
        assertThat(y[1 + i]).as("%s at %d", p, i).isEqualTo(KEY.uniform(10 + i) < p ? 1 : 0);
      }
      assertThat(new float[] {y[0], y[101]}).containsOnly(0);
    }
  }

  @Test
  void belowIsUniformOverItsBound() {
    int bound = 10;
    int[] counts = new int[bound];
    IntStream.range(0, N).forEach(i -> counts[KEY.below(bound, i)]++);
    double expected = (double) N / bound;
    double chiSquare =
        IntStream.of(counts).mapToDouble(c -> (c - expected) * (c - expected) / expected).sum();
    assertThat(chiSquare).isLessThan(27.9); // 9 degrees of freedom, p = 0.001
  }

  @Test
  void permutationsAreUniform() {
    int[] counts = new int[6];
    for (int i = 0; i < 6000; i++) {
      int[] p = KEY.fold(i).permutation(3);
      assertThat(p).containsExactlyInAnyOrder(0, 1, 2);
      counts[2 * p[0] + (p[1] > p[2] ? 1 : 0)]++;
    }
    double chiSquare =
        IntStream.of(counts).mapToDouble(c -> (c - 1000.0) * (c - 1000.0) / 1000).sum();
    assertThat(chiSquare).isLessThan(20.5); // 5 degrees of freedom, p = 0.001
  }

  @Test
  void foldedKeysAreIndependent() {
    Set<Long> values = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      RandomKey folded = KEY.fold(i);
      values.add(folded.value());
      for (int j = 0; j < 100; j++) {
        values.add(folded.fold(j).value());
        values.add(folded.bits(j));
      }
    }
    assertThat(values).hasSize(100 + 2 * 100 * 100);
    int differing = Long.bitCount(KEY.fold(0).bits(0) ^ KEY.fold(1).bits(0));
    assertThat(differing).isBetween(16, 48);
  }

  @Test
  void namesOfTheSameLettersGiveDifferentKeys() {
    assertThat(KEY.fold("ab")).isNotEqualTo(KEY.fold("ba"));
    assertThat(KEY.fold("a").fold("b")).isNotEqualTo(KEY.fold("ab"));
    assertThat(KEY.fold("ab")).isEqualTo(RandomKey.of(1).fold("ab"));
  }
}
