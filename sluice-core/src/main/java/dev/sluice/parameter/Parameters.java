package dev.sluice.parameter;

import dev.sluice.matrix.RandomKey;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

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
   */
  public Parameters(List<ParameterSpec> specs) {
    int size = 0;
    for (ParameterSpec spec : specs) {
      size = Math.addExact(size, paddedSize(spec));
    }
    values = new float[size];
    int offset = 0;
    for (ParameterSpec spec : specs) {
      if (byName.containsKey(spec.name())) {
        throw new IllegalArgumentException(
            "two parameters are named " + spec.name() + ": give each layer a name of its own");
      }
      byName.put(spec.name(), new Parameter(spec, this, offset));
      offset += paddedSize(spec);
    }
  }

  /** Fills every parameter by its initializer; each draws from a key of its own name. */
  public void initialize(RandomKey key) {
    for (Parameter p : byName.values()) {
      p.spec().initializer().fill(p.value(), key.fold(p.name()));
    }
    changed();
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

  private static int paddedSize(ParameterSpec spec) {
    int size = Math.multiplyExact(spec.rows(), spec.cols());
    return Math.addExact(size, ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }
}
