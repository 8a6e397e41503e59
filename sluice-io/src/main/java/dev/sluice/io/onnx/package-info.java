/** ONNX files: reading recurrent networks out of them, and writing them for ONNX Runtime and its kin. */
package dev.sluice.io.onnx;
