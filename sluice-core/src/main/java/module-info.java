/** Recurrent networks in pure Java. */
module dev.sluice.core {
  // At run time optional: without it the kernels are plain loops that give the same bits.
  requires static jdk.incubator.vector;

  exports dev.sluice.matrix;
  exports dev.sluice.parameter;
  exports dev.sluice.tape;
  exports dev.sluice.cell;
  exports dev.sluice.layer;
  exports dev.sluice.loss;
  exports dev.sluice.network;
  exports dev.sluice.data;
  exports dev.sluice.model;
  exports dev.sluice.train;
}
