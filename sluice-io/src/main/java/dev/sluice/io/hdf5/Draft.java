package dev.sluice.io.hdf5;

/** What stands in a group that is to be written. */
sealed interface Draft permits GroupDraft, ArrayDraft {}
