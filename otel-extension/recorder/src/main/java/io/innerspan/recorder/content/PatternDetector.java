package io.innerspan.recorder.content;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds what a regular expression describes.
 *
 * @param kind what stands in its place
 */
record PatternDetector(String kind, Pattern pattern) implements Detector {
  @Override
  public void find(CharSequence text, List<Found> found) {
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      if (matcher.end() > matcher.start()) {
        found.add(new Found(matcher.start(), matcher.end(), kind));
      }
    }
  }
}
