/** ONNX Runtime as a peer, and the models that it reads. */
package dev.sluice.bench.onnxruntime;
