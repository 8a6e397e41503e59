package dev.sluice.parameter;

import dev.sluice.kernel.Kernels;
import dev.sluice.kernel.PackedMatrix;
import dev.sluice.kernel.Products;
import dev.sluice.kernel.Workers;
import dev.sluice.matrix.Matrix;
import java.util.Optional;

/**
 * One named parameter of a model: windows into the arrays of its {@link Parameters}, and the packed
 * copies in which the kernels read it.
 */
public final class Parameter {
  /** Any kernels of one class can use what one of them packed. */
  private record Pack(Class<?> kernels, long version, PackedMatrix matrix) {}

  private final ParameterSpec spec;
  private final Parameters owner;
  private final int offset;
  private final Matrix value;
  private volatile Optional<Pack> packed = Optional.empty();
  private volatile Optional<Pack> packedTransposed = Optional.empty();

  Parameter(ParameterSpec spec, Parameters owner, int offset) {
    this.spec = spec;
    this.owner = owner;
    this.offset = offset;
    this.value = Matrix.window(owner.values(), offset, spec.rows(), spec.cols());
  }

  public ParameterSpec spec() {
    return spec;
  }

  public String name() {
    return spec.name();
  }

  /** The numbers. Whoever writes them calls {@link Parameters#changed} afterwards. */
  public Matrix value() {
    return value;
  }

  /** Where gradients of this parameter are summed. */
  public Matrix gradient() {
    return Matrix.window(owner.gradients(), offset, spec.rows(), spec.cols());
  }

  /**
   * The value as a right operand for {@code kernels}, packed when it was not since the last {@link
   * Parameters#changed}.
   */
  @SuppressWarnings(
      "exports") // kernels are for Sluice's own packages, whichever module they are in
  public PackedMatrix packed(Kernels kernels, Workers workers) {
    Optional<Pack> now = packed;
    return isCurrent(now, kernels) ? now.get().matrix : pack(kernels, workers);
  }

  /** The transposed value as a right operand for {@code kernels}, for the gradient of an input. */
  @SuppressWarnings("exports") // see packed
  public PackedMatrix packedTransposed(Kernels kernels, Workers workers) {
    Optional<Pack> now = packedTransposed;
    return isCurrent(now, kernels) ? now.get().matrix : packTransposed(kernels, workers);
  }

  private synchronized PackedMatrix pack(Kernels kernels, Workers workers) {
    if (!isCurrent(packed, kernels)) {
      packed = Optional.of(refresh(packed, kernels, workers, false));
    }
    return packed.get().matrix;
  }

  private synchronized PackedMatrix packTransposed(Kernels kernels, Workers workers) {
    if (!isCurrent(packedTransposed, kernels)) {
      packedTransposed = Optional.of(refresh(packedTransposed, kernels, workers, true));
    }
    return packedTransposed.get().matrix;
  }

  private boolean isCurrent(Optional<Pack> pack, Kernels kernels) {
    return pack.isPresent()
        && pack.get().kernels.equals(kernels.getClass())
        && pack.get().version == owner.version();
  }

  /** Weights change only while one thread trains, so the memory of a stale pack is free to take. */
  private Pack refresh(Optional<Pack> stale, Kernels kernels, Workers workers, boolean transpose) {
    if (stale.isPresent() && stale.get().kernels.equals(kernels.getClass())) {
      PackedMatrix matrix = stale.get().matrix;
      Products.repack(kernels, workers, value, transpose, matrix);
      return new Pack(kernels.getClass(), owner.version(), matrix);
    }
    return new Pack(kernels.getClass(), owner.version(), kernels.pack(value, transpose));
  }
}
