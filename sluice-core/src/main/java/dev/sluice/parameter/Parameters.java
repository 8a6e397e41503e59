package dev.sluice.parameter;

import dev.sluice.matrix.RandomKey;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All weights of a model in one array, and their gradients in another of the same layout.
 *
 * <p>A layer sees named windows; an optimizer, a checkpoint or an average sees one array and is a
 * single loop. Windows start at multiples of sixteen floats; the gaps stay zero.
 *
 * <p>Any number of threads may read. While one thread trains, no other may use the same parameters.
 */
public final class Parameters {
  private static final int ALIGNMENT = 16;

  private final float[] values;
  private final Map<String, Parameter> byName = new LinkedHashMap<>();
  private float[] gradients = {};
  private final AtomicLong version = new AtomicLong();

  /**
   * Room for the given parameters, all zero.
   *
   * @throws IllegalArgumentException when two have the same name
   * @throws ArithmeticException when they are more than one array holds
   */
  public Parameters(List<ParameterSpec> specs) {
    long size = 0;
    for (ParameterSpec spec : specs) {
      size += paddedSize(spec);
      if (size > Integer.MAX_VALUE) {
        throw new ArithmeticException(
            "with %s, %d x %d, the parameters are more than one array holds"
                .formatted(spec.name(), spec.rows(), spec.cols()));
      }
    }
    values = new float[(int) size];
    int offset = 0;
    for (ParameterSpec spec : specs) {
      if (byName.containsKey(spec.name())) {
        throw new IllegalArgumentException(
            "two parameters are named " + spec.name() + ": give each layer a name of its own");
      }
      byName.put(spec.name(), new Parameter(spec, this, offset));
      offset += (int) paddedSize(spec);
    }
  }

  /** Fills every parameter as its layer says; each draws from a key of its own name. */
  public void initialize(RandomKey key) {
    for (Parameter p : byName.values()) {
      fill(p, key, p.spec().initializer());
    }
    changed();
  }

  /**
   * Fills the parameters whose names match {@code pattern}, in which {@code *} stands for anything;
   * the others keep their values. With Keras's defaults an LSTM starts so:
   *
   * <pre>
   *   parameters.initialize(key, "lstm.weight_ih*", Initializer.glorotUniform());
   *   parameters.initialize(key, "lstm.weight_hh*", Initializer.orthogonal(1));
   *   parameters.initialize(key, "lstm.bias_ih*", Initializer.unitForgetBias());
   *   parameters.initialize(key, "lstm.bias_hh*", Initializer.zeros());
   * </pre>
   *
   * <p>and TF1's {@code variable_scope(initializer=...)} is the pattern {@code *}.
   *
   * @throws IllegalArgumentException when no name matches
   */
  public void initialize(RandomKey key, String pattern, Initializer initializer) {
    Pattern names =
        Pattern.compile(
            Arrays.stream(pattern.split("\\*", -1))
                .map(Pattern::quote)
                .collect(Collectors.joining(".*")));
    List<Parameter> matching =
        byName.values().stream().filter(p -> names.matcher(p.name()).matches()).toList();
    if (matching.isEmpty()) {
      throw new IllegalArgumentException(
          "no parameter has a name like %s; there are %s"
              .formatted(pattern, String.join(", ", byName.keySet())));
    }
    matching.forEach(p -> fill(p, key, initializer));
    changed();
  }

  private static void fill(Parameter p, RandomKey key, Initializer initializer) {
    initializer.fill(p.value(), key.fold(p.name()));
  }

  /**
   * The parameter of that name.
   *
   * @throws IllegalArgumentException when there is none
   */
  public Parameter get(String name) {
    Parameter p = byName.get(name);
    if (p == null) {
      throw new IllegalArgumentException(
          "no parameter is named " + name + "; there are " + String.join(", ", byName.keySet()));
    }
    return p;
  }

  /** All parameters in the order they were asked for. */
  public Collection<Parameter> all() {
    return List.copyOf(byName.values());
  }

  /** How many numbers are learned. */
  public long count() {
    return byName.values().stream().mapToLong(p -> (long) p.spec().rows() * p.spec().cols()).sum();
  }

  /** A table of all parameters with the shapes they have in files, which are PyTorch's, and how many numbers each holds. */
  public String describe() {
    List<ParameterSpec> specs = byName.values().stream().map(Parameter::spec).toList();
    String title = byName.size() + " parameters";
    String total = numbers(count());
    int names = width(title, specs.stream().map(ParameterSpec::name));
    int shapes = width("", specs.stream().map(spec -> Arrays.toString(spec.fileShape())));
    String line = "%-" + names + "s  %-" + shapes + "s  %" + total.length() + "s\n";
    StringBuilder table = new StringBuilder();
    for (ParameterSpec spec : specs) {
      String count = numbers((long) spec.rows() * spec.cols());
      table.append(line.formatted(spec.name(), Arrays.toString(spec.fileShape()), count));
    }
    return table.append(line.formatted(title, "", total)).toString();
  }

  /** The array behind all values; see {@link #changed}. */
  public float[] values() {
    return values;
  }

  /** The array behind all gradients, made on first use: a model that only predicts never pays for it. */
  public float[] gradients() {
    if (gradients.length != values.length) {
      gradients = new float[values.length];
    }
    return gradients;
  }

  /** Sets all gradients to zero. */
  public void zeroGradients() {
    Arrays.fill(gradients(), 0);
  }

  /** To be called after values were written: packed copies are made anew at their next use. */
  public void changed() {
    version.incrementAndGet();
  }

  long version() {
    return version.get();
  }

  private static String numbers(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  private static int width(String least, Stream<String> column) {
    return Math.max(least.length(), column.mapToInt(String::length).max().orElse(0));
  }

  private static long paddedSize(ParameterSpec spec) {
    return Math.ceilDiv((long) spec.rows() * spec.cols(), ALIGNMENT) * ALIGNMENT;
  }
}
