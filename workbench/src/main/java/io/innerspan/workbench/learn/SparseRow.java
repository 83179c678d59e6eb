package io.innerspan.workbench.learn;

/**
 * A row with few features.
 *
 * @param index the features, ascending, from 0
 * @param value their values
 */
@SuppressWarnings("ArrayRecordComponent")
record SparseRow(int[] index, double[] value) {
  double dot(double[] weight) {
    double sum = 0;
    for (int i = 0; i < index.length; i++) {
      sum += weight[index[i]] * value[i];
    }
    return sum;
  }
}
