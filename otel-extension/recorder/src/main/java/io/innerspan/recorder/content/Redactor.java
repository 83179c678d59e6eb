package io.innerspan.recorder.content;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Takes out of a text what must not leave the process. Thread-safe. */
final class Redactor {
  /** About a tenth of a second of a regular expression's work. */
  private static final int LOOKS = 10_000_000;

  private final List<Detector> detectors;
  private final List<UnaryOperator<String>> plugins;

  Redactor(List<Detector> further, List<UnaryOperator<String>> plugins) {
    List<Detector> all =
        new ArrayList<>(
            List.of(
                new CardDetector(), new IbanDetector(), new EmailDetector(), new PhoneDetector()));
    all.addAll(KeyPatterns.detectors());
    all.addAll(further);
    this.detectors = List.copyOf(all);
    this.plugins = List.copyOf(plugins);
  }

  /**
   * Redacts a text and keeps its beginning.
   *
   * @param limit how many of the original's characters are kept at most
   * @throws ContentDroppedException when that fails; nothing of the text may leave the process then
   */
  CapturedText redact(String text, int limit) throws ContentDroppedException {
    int kept = end(text, limit);
    // What begins before the cut is found whole.
    String seen = text.substring(0, end(text, Math.min(text.length(), kept + Detector.LONGEST)));
    List<Found> found = new ArrayList<>();
    try {
      for (Detector detector : detectors) {
        detector.find(new BoundedText(seen, LOOKS), found);
      }
    } catch (BoundedText.Exhausted | StackOverflowError e) {
      throw new ContentDroppedException("a pattern took too long");
    }
    found.sort(Comparator.comparingInt(Found::start).thenComparing(f -> -f.end()));
    Set<String> kinds = new LinkedHashSet<>();
    String redacted = plugged(replace(seen, kept, found, kinds));
    if (redacted.length() > limit) {
      redacted = redacted.substring(0, end(redacted, limit));
    }
    return new CapturedText(
        redacted, null, text.length(), kept < text.length(), List.copyOf(kinds));
  }

  private static String replace(String text, int kept, List<Found> found, Set<String> kinds) {
    StringBuilder out = new StringBuilder(kept);
    int at = 0;
    for (Found part : found) {
      if (part.start() >= kept) {
        break;
      }
      if (part.start() >= at) {
        out.append(text, at, part.start()).append('[').append(part.kind()).append(']');
      }
      // Parts that overlap are one.
      kinds.add(part.kind());
      at = Math.max(at, part.end());
    }
    return at < kept ? out.append(text, at, kept).toString() : out.toString();
  }

  private String plugged(String text) throws ContentDroppedException {
    String result = text;
    for (UnaryOperator<String> plugin : plugins) {
      @Nullable String next;
      try {
        next = plugin.apply(result);
      } catch (RuntimeException | LinkageError e) {
        throw new ContentDroppedException(
            "the redactor " + plugin.getClass().getName() + " threw " + e.getClass().getName());
      }
      if (next == null) {
        throw new ContentDroppedException(
            "the redactor " + plugin.getClass().getName() + " gave null");
      }
      result = next;
    }
    return result;
  }

  /** At most the limit, and not between the two halves of a character. */
  private static int end(String text, int limit) {
    if (text.length() <= limit) {
      return text.length();
    }
    return limit > 0 && Character.isHighSurrogate(text.charAt(limit - 1)) ? limit - 1 : limit;
  }
}
