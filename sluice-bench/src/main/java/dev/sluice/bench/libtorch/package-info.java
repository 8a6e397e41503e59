/** PyTorch's C++ library as a peer. */
package dev.sluice.bench.libtorch;
