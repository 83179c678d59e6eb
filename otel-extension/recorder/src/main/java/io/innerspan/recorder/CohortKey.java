package io.innerspan.recorder;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * By what inferences are told apart.
 *
 * @param source where its value is
 * @param name of the baggage entry or attribute
 */
public record CohortKey(Source source, String name) {
  /** More keys than this are a mistake: each multiplies what is counted. */
  public static final int MOST = 8;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

  /** Where values come from. */
  public enum Source {
    /** An entry of the trace's baggage. */
    BAGGAGE,
    /** An attribute of the span that the inference is a child of. */
    SPAN,
    /** An attribute of the resource: the same for the whole process. */
    RESOURCE
  }

  /**
   * Reads {@code baggage:tier,span:http.route}; nothing is no key.
   *
   * @throws IllegalArgumentException saying what was expected and found
   */
  public static List<CohortKey> list(String text) {
    Map<String, CohortKey> keys = new LinkedHashMap<>();
    for (String part : text.split(",")) {
      if (!part.isBlank()) {
        CohortKey key = of(part.strip());
        if (keys.put(key.name(), key) != null) {
          throw new IllegalArgumentException("expected each name once, found " + key.name());
        }
      }
    }
    if (keys.size() > MOST) {
      throw new IllegalArgumentException("expected at most " + MOST + ", found " + keys.size());
    }
    return new ArrayList<>(keys.values());
  }

  private static CohortKey of(String text) {
    int colon = text.indexOf(':');
    for (Source source : Source.values()) {
      if (colon > 0 && source.name().toLowerCase(Locale.ROOT).equals(text.substring(0, colon))) {
        String name = text.substring(colon + 1);
        if (NAME.matcher(name).matches()) {
          return new CohortKey(source, name);
        }
      }
    }
    throw new IllegalArgumentException(
        "expected baggage:, span: or resource: and a name, found " + text);
  }
}
