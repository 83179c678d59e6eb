package io.innerspan.semconv.generator;

import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A document in which people write, with generated sections between {@code <!-- generated: name
 * -->} and {@code <!-- end -->}.
 */
final class MarkedSections {
  private static final Pattern SECTION =
      Pattern.compile("(<!-- generated: ([a-z]+) -->\n).*?(<!-- end -->)", Pattern.DOTALL);

  /** The document with each section's text replaced. */
  static String replace(String document, UnaryOperator<String> sections) {
    Matcher matcher = SECTION.matcher(document);
    return matcher.replaceAll(
        section ->
            Matcher.quoteReplacement(
                section.group(1)
                    + "\n"
                    + sections.apply(section.group(2))
                    + "\n"
                    + section.group(3)));
  }

  private MarkedSections() {}
}
