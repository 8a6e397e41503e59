package dev.sluice.kernel;

import static dev.sluice.kernel.VectorLanes.LANES;
import static dev.sluice.kernel.VectorLanes.SPECIES;
import static dev.sluice.kernel.VectorLanes.load;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link Activations} on spans of floats, two vectors at a time, operation by operation the same. x
 * and y may be the same span. What is left at the end goes through {@code scratch}, which holds two
 * vectors.
 *
 * <p>Never the lanewise EXP and TANH of the vector module: their bits change when the JIT compiles
 * them.
 *
 * <p>Two vectors, and no helper methods, because of the JIT: a method of more than 325 bytes of
 * bytecode is always compiled on its own. Smaller ones are inlined into their caller, and three
 * activations in one method exhaust the nodes it may have; from there on every vector is an object.
 * Constants are broadcast in each method, because a vector in a static field would be read from memory
 * in every round: the store to y might have changed it.
 */
final class VectorActivations {
  /** Floats done at a time: what {@code scratch} must hold. */
  static final int PAIR = 2 * LANES;

  private static final int ROUND_BITS = Float.floatToRawIntBits(Activations.ROUND);
  private static final int BIAS = Activations.EXPONENT_BIAS;
  private static final int SHIFT = Activations.EXPONENT_SHIFT;
  private static final int SIGN = 0x80000000;

  private VectorActivations() {}

  static void exp(float[] x, int xAt, float[] y, int yAt, int length, float[] scratch) {
    FloatVector log2E = FloatVector.broadcast(SPECIES, Activations.LOG2_E);
    FloatVector round = FloatVector.broadcast(SPECIES, Activations.ROUND);
    FloatVector minusLn2High = FloatVector.broadcast(SPECIES, -Activations.LN2_HIGH);
    FloatVector minusLn2Low = FloatVector.broadcast(SPECIES, -Activations.LN2_LOW);
    FloatVector c0 = FloatVector.broadcast(SPECIES, Activations.Q0);
    FloatVector c1 = FloatVector.broadcast(SPECIES, Activations.Q1);
    FloatVector c2 = FloatVector.broadcast(SPECIES, Activations.Q2);
    FloatVector c3 = FloatVector.broadcast(SPECIES, Activations.Q3);
    FloatVector c4 = FloatVector.broadcast(SPECIES, Activations.Q4);
    FloatVector expMin = FloatVector.broadcast(SPECIES, Activations.EXP_MIN);
    FloatVector expMax = FloatVector.broadcast(SPECIES, Activations.EXP_MAX);
    int i = 0;
    for (; i <= length - PAIR; i += PAIR) {
      FloatVector given0 = load(x, xAt + i);
      FloatVector low0 = given0.blend(expMin, given0.lt(expMin));
      FloatVector x0 = low0.blend(expMax, given0.compare(VectorOperators.GT, expMax));
      FloatVector given1 = load(x, xAt + i + LANES);
      FloatVector low1 = given1.blend(expMin, given1.lt(expMin));
      FloatVector x1 = low1.blend(expMax, given1.compare(VectorOperators.GT, expMax));
      FloatVector sum0 = x0.fma(log2E, round);
      FloatVector sum1 = x1.fma(log2E, round);
      FloatVector k0 = sum0.sub(round);
      FloatVector k1 = sum1.sub(round);
      FloatVector r0 = k0.fma(minusLn2Low, k0.fma(minusLn2High, x0));
      FloatVector r1 = k1.fma(minusLn2Low, k1.fma(minusLn2High, x1));
      FloatVector q0 = c4.fma(r0, c3).fma(r0, c2).fma(r0, c1).fma(r0, c0);
      FloatVector q1 = c4.fma(r1, c3).fma(r1, c2).fma(r1, c1).fma(r1, c0);
      FloatVector p0 = r0.mul(r0).fma(q0, r0);
      FloatVector p1 = r1.mul(r1).fma(q1, r1);
      IntVector n0 = sum0.reinterpretAsInts().sub(ROUND_BITS);
      IntVector n1 = sum1.reinterpretAsInts().sub(ROUND_BITS);
      IntVector half0 = n0.lanewise(VectorOperators.ASHR, 1);
      IntVector half1 = n1.lanewise(VectorOperators.ASHR, 1);
      IntVector rest0 = n0.sub(half0).add(BIAS).lanewise(VectorOperators.LSHL, SHIFT);
      IntVector rest1 = n1.sub(half1).add(BIAS).lanewise(VectorOperators.LSHL, SHIFT);
      IntVector bits0 = half0.add(BIAS).lanewise(VectorOperators.LSHL, SHIFT);
      IntVector bits1 = half1.add(BIAS).lanewise(VectorOperators.LSHL, SHIFT);
      FloatVector scale0 = bits0.reinterpretAsFloats();
      FloatVector scale1 = bits1.reinterpretAsFloats();
      FloatVector y0 = scale0.fma(p0, scale0).mul(rest0.reinterpretAsFloats());
      FloatVector y1 = scale1.fma(p1, scale1).mul(rest1.reinterpretAsFloats());
      y0.intoArray(y, yAt + i);
      y1.intoArray(y, yAt + i + LANES);
    }
    if (i < length) {
      System.arraycopy(x, xAt + i, scratch, 0, length - i);
      exp(scratch, 0, scratch, 0, PAIR, scratch);
      System.arraycopy(scratch, 0, y, yAt + i, length - i);
    }
  }

  static void sigmoid(float[] x, int xAt, float[] y, int yAt, int length, float[] scratch) {
    FloatVector one = FloatVector.broadcast(SPECIES, 1);
    FloatVector log2E = FloatVector.broadcast(SPECIES, Activations.LOG2_E);
    FloatVector round = FloatVector.broadcast(SPECIES, Activations.ROUND);
    FloatVector minusLn2High = FloatVector.broadcast(SPECIES, -Activations.LN2_HIGH);
    FloatVector minusLn2Low = FloatVector.broadcast(SPECIES, -Activations.LN2_LOW);
    FloatVector c0 = FloatVector.broadcast(SPECIES, Activations.Q0);
    FloatVector c1 = FloatVector.broadcast(SPECIES, Activations.Q1);
    FloatVector c2 = FloatVector.broadcast(SPECIES, Activations.Q2);
    FloatVector c3 = FloatVector.broadcast(SPECIES, Activations.Q3);
    FloatVector c4 = FloatVector.broadcast(SPECIES, Activations.Q4);
    FloatVector sigmoidMin = FloatVector.broadcast(SPECIES, -Activations.SIGMOID_MAX);
    FloatVector sigmoidMax = FloatVector.broadcast(SPECIES, Activations.SIGMOID_MAX);
    int i = 0;
    for (; i <= length - PAIR; i += PAIR) {
      FloatVector minus0 = load(x, xAt + i).neg();
      FloatVector low0 = minus0.blend(sigmoidMin, minus0.lt(sigmoidMin));
      FloatVector x0 = low0.blend(sigmoidMax, minus0.compare(VectorOperators.GT, sigmoidMax));
      FloatVector minus1 = load(x, xAt + i + LANES).neg();
      FloatVector low1 = minus1.blend(sigmoidMin, minus1.lt(sigmoidMin));
      FloatVector x1 = low1.blend(sigmoidMax, minus1.compare(VectorOperators.GT, sigmoidMax));
      FloatVector sum0 = x0.fma(log2E, round);
      FloatVector sum1 = x1.fma(log2E, round);
      FloatVector k0 = sum0.sub(round);
      FloatVector k1 = sum1.sub(round);
      FloatVector r0 = k0.fma(minusLn2Low, k0.fma(minusLn2High, x0));
      FloatVector r1 = k1.fma(minusLn2Low, k1.fma(minusLn2High, x1));
      FloatVector q0 = c4.fma(r0, c3).fma(r0, c2).fma(r0, c1).fma(r0, c0);
      FloatVector q1 = c4.fma(r1, c3).fma(r1, c2).fma(r1, c1).fma(r1, c0);
      FloatVector p0 = r0.mul(r0).fma(q0, r0);
      FloatVector p1 = r1.mul(r1).fma(q1, r1);
      IntVector bits0 = sum0.reinterpretAsInts().lanewise(VectorOperators.LSHL, SHIFT);
      IntVector bits1 = sum1.reinterpretAsInts().lanewise(VectorOperators.LSHL, SHIFT);
      FloatVector scale0 = bits0.reinterpretAsFloats();
      FloatVector scale1 = bits1.reinterpretAsFloats();
      FloatVector y0 = one.div(scale0.fma(p0, scale0).add(one));
      FloatVector y1 = one.div(scale1.fma(p1, scale1).add(one));
      y0.intoArray(y, yAt + i);
      y1.intoArray(y, yAt + i + LANES);
    }
    if (i < length) {
      System.arraycopy(x, xAt + i, scratch, 0, length - i);
      sigmoid(scratch, 0, scratch, 0, PAIR, scratch);
      System.arraycopy(scratch, 0, y, yAt + i, length - i);
    }
  }

  static void tanh(float[] x, int xAt, float[] y, int yAt, int length, float[] scratch) {
    FloatVector one = FloatVector.broadcast(SPECIES, 1);
    FloatVector two = FloatVector.broadcast(SPECIES, 2);
    FloatVector log2E = FloatVector.broadcast(SPECIES, Activations.LOG2_E);
    FloatVector round = FloatVector.broadcast(SPECIES, Activations.ROUND);
    FloatVector minusLn2High = FloatVector.broadcast(SPECIES, -Activations.LN2_HIGH);
    FloatVector minusLn2Low = FloatVector.broadcast(SPECIES, -Activations.LN2_LOW);
    FloatVector c0 = FloatVector.broadcast(SPECIES, Activations.Q0);
    FloatVector c1 = FloatVector.broadcast(SPECIES, Activations.Q1);
    FloatVector c2 = FloatVector.broadcast(SPECIES, Activations.Q2);
    FloatVector c3 = FloatVector.broadcast(SPECIES, Activations.Q3);
    FloatVector c4 = FloatVector.broadcast(SPECIES, Activations.Q4);
    FloatVector tanhMax = FloatVector.broadcast(SPECIES, Activations.TANH_MAX);
    int i = 0;
    for (; i <= length - PAIR; i += PAIR) {
      FloatVector x0 = load(x, xAt + i);
      FloatVector x1 = load(x, xAt + i + LANES);
      FloatVector abs0 = x0.abs();
      FloatVector twice0 = abs0.blend(tanhMax, abs0.compare(VectorOperators.GT, tanhMax)).mul(two);
      FloatVector abs1 = x1.abs();
      FloatVector twice1 = abs1.blend(tanhMax, abs1.compare(VectorOperators.GT, tanhMax)).mul(two);
      FloatVector sum0 = twice0.fma(log2E, round);
      FloatVector sum1 = twice1.fma(log2E, round);
      FloatVector k0 = sum0.sub(round);
      FloatVector k1 = sum1.sub(round);
      FloatVector r0 = k0.fma(minusLn2Low, k0.fma(minusLn2High, twice0));
      FloatVector r1 = k1.fma(minusLn2Low, k1.fma(minusLn2High, twice1));
      FloatVector q0 = c4.fma(r0, c3).fma(r0, c2).fma(r0, c1).fma(r0, c0);
      FloatVector q1 = c4.fma(r1, c3).fma(r1, c2).fma(r1, c1).fma(r1, c0);
      FloatVector p0 = r0.mul(r0).fma(q0, r0);
      FloatVector p1 = r1.mul(r1).fma(q1, r1);
      IntVector bits0 = sum0.reinterpretAsInts().lanewise(VectorOperators.LSHL, SHIFT);
      IntVector bits1 = sum1.reinterpretAsInts().lanewise(VectorOperators.LSHL, SHIFT);
      FloatVector scale0 = bits0.reinterpretAsFloats();
      FloatVector scale1 = bits1.reinterpretAsFloats();
      FloatVector expm1Of0 = scale0.fma(p0, scale0.sub(one));
      FloatVector expm1Of1 = scale1.fma(p1, scale1.sub(one));
      IntVector size0 = expm1Of0.div(expm1Of0.add(two)).reinterpretAsInts();
      IntVector size1 = expm1Of1.div(expm1Of1.add(two)).reinterpretAsInts();
      IntVector y0 = size0.or(x0.reinterpretAsInts().and(SIGN));
      IntVector y1 = size1.or(x1.reinterpretAsInts().and(SIGN));
      y0.reinterpretAsFloats().intoArray(y, yAt + i);
      y1.reinterpretAsFloats().intoArray(y, yAt + i + LANES);
    }
    if (i < length) {
      System.arraycopy(x, xAt + i, scratch, 0, length - i);
      tanh(scratch, 0, scratch, 0, PAIR, scratch);
      System.arraycopy(scratch, 0, y, yAt + i, length - i);
    }
  }
}
