package io.innerspan.workbench.data;

import java.util.List;
import java.util.Map;

/**
 * Rows by part, each in the order of the file.
 *
 * @param parts every part's rows
 * @param groups the number of groups after groups which share a text were joined
 */
public record Split(Map<Part, List<LabelledText>> parts, int groups) {
  public Split {
    parts = Map.copyOf(parts);
  }

  /** The rows of a part. */
  public List<LabelledText> rows(Part part) {
    return parts.getOrDefault(part, List.of());
  }
}
