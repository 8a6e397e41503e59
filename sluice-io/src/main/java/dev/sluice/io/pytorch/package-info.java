/**
 * PyTorch's own files, {@code .pt} and {@code .pth}: their weights read without executing anything,
 * and state dicts written that {@code torch.load} reads.
 *
 * <p>Inside, from the outside in: {@code ZipFormat} and {@code LegacyFormat} find the pickle and
 * the numbers, {@code Unpickler} runs the pickle's opcodes, {@code AllowList} says what it may name and
 * {@code Builder} what comes of it, {@code StateDicts} finds the weights in what was built.
 */
package dev.sluice.io.pytorch;
