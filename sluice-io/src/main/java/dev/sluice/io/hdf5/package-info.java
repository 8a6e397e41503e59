/** HDF5 as h5py writes it: groups, attributes that are text, and arrays of numbers. */
package dev.sluice.io.hdf5;
