package dev.sluice.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.attribute.CodeAttribute;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Loops of vectors that the JIT must not put into their callers are in methods too large for that: {@link
 * VectorActivations} says why. No test of results would notice one that has become small.
 */
class CompiledAloneTest {
  /** FreqInlineSize, bytes of bytecode. */
  private static final int LARGEST_INLINED = 325;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "VectorActivations.exp",
        "VectorActivations.sigmoid",
        "VectorActivations.tanh",
        "VectorStepKernels.lstm",
        "VectorStepTiles.sum4",
        "VectorStepTiles.sum8",
        "VectorStepTiles.sumHalf8",
      })
  void isTooLargeToBeInlined(String name) throws IOException {
    List<String> parts = List.of(name.split("\\."));
    try (InputStream file = VectorLanes.class.getResourceAsStream(parts.getFirst() + ".class")) {
      assertThat(ClassFile.of().parse(file.readAllBytes()).methods())
          .filteredOn(method -> method.methodName().equalsString(parts.getLast()))
          .singleElement()
          .satisfies(
              method ->
                  assertThat(method.findAttribute(Attributes.code()))
                      .map(CodeAttribute::codeLength)
                      .hasValueSatisfying(
                          length -> assertThat(length).isGreaterThan(LARGEST_INLINED)));
    }
  }
}
