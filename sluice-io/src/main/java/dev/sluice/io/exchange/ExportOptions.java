package dev.sluice.io.exchange;

/**
 * How a network is written where the format leaves a choice, which is in ONNX.
 *
 * @param batchFirst whether the input is [B, T, ...], else [T, B, ...]
 * @param states whether initial states are inputs, and final states outputs
 */
public record ExportOptions(boolean batchFirst, boolean states) {}
