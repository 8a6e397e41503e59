/** The wire format of protocol buffers, without schemas or generated code: what ONNX and TF1 files are made of. */
package dev.sluice.io.protobuf;
