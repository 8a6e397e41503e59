package dev.sluice.layer;

import dev.sluice.parameter.ParameterSpec;
import java.util.List;

/** A part of a network that asks for parameters. Layers hold sizes and names, never numbers. */
public interface Layer {
  /** What must be in the {@link dev.sluice.parameter.Parameters} of the tape it runs on. */
  List<ParameterSpec> parameters();
}
