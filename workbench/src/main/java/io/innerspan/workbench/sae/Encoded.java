package io.innerspan.workbench.sae;

/**
 * Rows as features, with what it takes to decode them.
 *
 * @param code the active features
 * @param shift by row, what the normalisation took from the row
 * @param scale by row, what the normalisation divided the row by
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Encoded(SparseCode code, float[] shift, float[] scale) {}
