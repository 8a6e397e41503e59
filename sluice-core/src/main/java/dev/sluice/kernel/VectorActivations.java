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
 */
final class VectorActivations {
  /** Floats done at a time: what {@code scratch} must hold. */
  static final int PAIR = 2 * LANES;

  private static final FloatVector ONE = constant(1);
  private static final FloatVector TWO = constant(2);
  private static final FloatVector LOG2_E = constant(Activations.LOG2_E);
  private static final FloatVector ROUND = constant(Activations.ROUND);
  private static final FloatVector MINUS_LN2_HIGH = constant(-Activations.LN2_HIGH);
  private static final FloatVector MINUS_LN2_LOW = constant(-Activations.LN2_LOW);
  private static final FloatVector Q0 = constant(Activations.Q0);
  private static final FloatVector Q1 = constant(Activations.Q1);
  private static final FloatVector Q2 = constant(Activations.Q2);
  private static final FloatVector Q3 = constant(Activations.Q3);
  private static final FloatVector Q4 = constant(Activations.Q4);
  private static final FloatVector EXP_MIN = constant(Activations.EXP_MIN);
  private static final FloatVector EXP_MAX = constant(Activations.EXP_MAX);
  private static final FloatVector SIGMOID_MIN = constant(-Activations.SIGMOID_MAX);
  private static final FloatVector SIGMOID_MAX = constant(Activations.SIGMOID_MAX);
  private static final FloatVector TANH_MAX = constant(Activations.TANH_MAX);
  private static final int ROUND_BITS = Float.floatToRawIntBits(Activations.ROUND);
  private static final int BIAS = Activations.EXPONENT_BIAS;
  private static final int SHIFT = Activations.EXPONENT_SHIFT;
  private static final int SIGN = 0x80000000;

  private VectorActivations() {}

  static void exp(float[] x, int xAt, float[] y, int yAt, int length, float[] scratch) {
    int i = 0;
    for (; i <= length - PAIR; i += PAIR) {
      FloatVector given0 = load(x, xAt + i);
      FloatVector low0 = given0.blend(EXP_MIN, given0.lt(EXP_MIN));
      FloatVector x0 = low0.blend(EXP_MAX, given0.compare(VectorOperators.GT, EXP_MAX));
      FloatVector given1 = load(x, xAt + i + LANES);
      FloatVector low1 = given1.blend(EXP_MIN, given1.lt(EXP_MIN));
      FloatVector x1 = low1.blend(EXP_MAX, given1.compare(VectorOperators.GT, EXP_MAX));
      FloatVector sum0 = x0.fma(LOG2_E, ROUND);
      FloatVector sum1 = x1.fma(LOG2_E, ROUND);
      FloatVector k0 = sum0.sub(ROUND);
      FloatVector k1 = sum1.sub(ROUND);
      FloatVector r0 = k0.fma(MINUS_LN2_LOW, k0.fma(MINUS_LN2_HIGH, x0));
      FloatVector r1 = k1.fma(MINUS_LN2_LOW, k1.fma(MINUS_LN2_HIGH, x1));
      FloatVector q0 = Q4.fma(r0, Q3).fma(r0, Q2).fma(r0, Q1).fma(r0, Q0);
      FloatVector q1 = Q4.fma(r1, Q3).fma(r1, Q2).fma(r1, Q1).fma(r1, Q0);
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
    int i = 0;
    for (; i <= length - PAIR; i += PAIR) {
      FloatVector minus0 = load(x, xAt + i).neg();
      FloatVector low0 = minus0.blend(SIGMOID_MIN, minus0.lt(SIGMOID_MIN));
      FloatVector x0 = low0.blend(SIGMOID_MAX, minus0.compare(VectorOperators.GT, SIGMOID_MAX));
      FloatVector minus1 = load(x, xAt + i + LANES).neg();
      FloatVector low1 = minus1.blend(SIGMOID_MIN, minus1.lt(SIGMOID_MIN));
      FloatVector x1 = low1.blend(SIGMOID_MAX, minus1.compare(VectorOperators.GT, SIGMOID_MAX));
      FloatVector sum0 = x0.fma(LOG2_E, ROUND);
      FloatVector sum1 = x1.fma(LOG2_E, ROUND);
      FloatVector k0 = sum0.sub(ROUND);
      FloatVector k1 = sum1.sub(ROUND);
      FloatVector r0 = k0.fma(MINUS_LN2_LOW, k0.fma(MINUS_LN2_HIGH, x0));
      FloatVector r1 = k1.fma(MINUS_LN2_LOW, k1.fma(MINUS_LN2_HIGH, x1));
      FloatVector q0 = Q4.fma(r0, Q3).fma(r0, Q2).fma(r0, Q1).fma(r0, Q0);
      FloatVector q1 = Q4.fma(r1, Q3).fma(r1, Q2).fma(r1, Q1).fma(r1, Q0);
      FloatVector p0 = r0.mul(r0).fma(q0, r0);
      FloatVector p1 = r1.mul(r1).fma(q1, r1);
      IntVector bits0 = sum0.reinterpretAsInts().lanewise(VectorOperators.LSHL, SHIFT);
      IntVector bits1 = sum1.reinterpretAsInts().lanewise(VectorOperators.LSHL, SHIFT);
      FloatVector scale0 = bits0.reinterpretAsFloats();
      FloatVector scale1 = bits1.reinterpretAsFloats();
      FloatVector y0 = ONE.div(scale0.fma(p0, scale0).add(ONE));
      FloatVector y1 = ONE.div(scale1.fma(p1, scale1).add(ONE));
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
    int i = 0;
    for (; i <= length - PAIR; i += PAIR) {
      FloatVector x0 = load(x, xAt + i);
      FloatVector x1 = load(x, xAt + i + LANES);
      FloatVector abs0 = x0.abs();
      FloatVector twice0 =
          abs0.blend(TANH_MAX, abs0.compare(VectorOperators.GT, TANH_MAX)).mul(TWO);
      FloatVector abs1 = x1.abs();
      FloatVector twice1 =
          abs1.blend(TANH_MAX, abs1.compare(VectorOperators.GT, TANH_MAX)).mul(TWO);
      FloatVector sum0 = twice0.fma(LOG2_E, ROUND);
      FloatVector sum1 = twice1.fma(LOG2_E, ROUND);
      FloatVector k0 = sum0.sub(ROUND);
      FloatVector k1 = sum1.sub(ROUND);
      FloatVector r0 = k0.fma(MINUS_LN2_LOW, k0.fma(MINUS_LN2_HIGH, twice0));
      FloatVector r1 = k1.fma(MINUS_LN2_LOW, k1.fma(MINUS_LN2_HIGH, twice1));
      FloatVector q0 = Q4.fma(r0, Q3).fma(r0, Q2).fma(r0, Q1).fma(r0, Q0);
      FloatVector q1 = Q4.fma(r1, Q3).fma(r1, Q2).fma(r1, Q1).fma(r1, Q0);
      FloatVector p0 = r0.mul(r0).fma(q0, r0);
      FloatVector p1 = r1.mul(r1).fma(q1, r1);
      IntVector bits0 = sum0.reinterpretAsInts().lanewise(VectorOperators.LSHL, SHIFT);
      IntVector bits1 = sum1.reinterpretAsInts().lanewise(VectorOperators.LSHL, SHIFT);
      FloatVector scale0 = bits0.reinterpretAsFloats();
      FloatVector scale1 = bits1.reinterpretAsFloats();
      FloatVector expm1Of0 = scale0.fma(p0, scale0.sub(ONE));
      FloatVector expm1Of1 = scale1.fma(p1, scale1.sub(ONE));
      IntVector size0 = expm1Of0.div(expm1Of0.add(TWO)).reinterpretAsInts();
      IntVector size1 = expm1Of1.div(expm1Of1.add(TWO)).reinterpretAsInts();
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

  private static FloatVector constant(float value) {
    return FloatVector.broadcast(SPECIES, value);
  }
}
