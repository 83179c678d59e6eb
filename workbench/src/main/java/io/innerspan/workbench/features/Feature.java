package io.innerspan.workbench.features;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is known of one feature.
 *
 * @param index in its dictionary
 * @param id by content; equal features have equal ids, wherever they are
 * @param active on how many tokens it is active
 * @param density the share of tokens on which it is active
 * @param mean its mean activation where it is active
 * @param max its greatest activation
 * @param histogram how many activations lie in each quarter of an octave: bin b is from 2^(b/4) on
 * @param cluster the least index among the features that are active together with it
 * @param examples the texts on which it is strongest, strongest first
 * @param nearest the features with the most similar decoder rows
 * @param together the features that are most often active on the same tokens
 */
public record Feature(
    int index,
    String id,
    long active,
    double density,
    double mean,
    double max,
    Map<Integer, Long> histogram,
    int cluster,
    List<Example> examples,
    List<Neighbour> nearest,
    List<Neighbour> together) {
  public Feature {
    histogram = new TreeMap<>(histogram);
    examples = List.copyOf(examples);
    nearest = List.copyOf(nearest);
    together = List.copyOf(together);
  }

  /** Where a bin of the histogram begins. */
  public static double binStart(int bin) {
    return Math.pow(2, bin / 4.0);
  }
}
