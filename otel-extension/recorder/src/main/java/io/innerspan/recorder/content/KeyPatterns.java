package io.innerspan.recorder.content;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Keys, tokens and passwords by the forms that their issuers give them, and by the words before
 * them. Quantifiers are bounded and possessive, for none of these to take long.
 */
final class KeyPatterns {
  private static final List<String> FORMS =
      List.of(
          // Private keys in PEM, to their end or the text's.
          "-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\\s\\S]*?(?:-----END [A-Z ]{0,40}KEY-----|\\z)",
          // JSON web tokens.
          "\\beyJ[A-Za-z0-9_-]{5,}+\\.[A-Za-z0-9_-]{5,}+\\.[A-Za-z0-9_-]{5,}+",
          // Cloud, code and chat services.
          "\\b(?:AKIA|ASIA)[A-Z0-9]{16}\\b",
          "\\bAIza[A-Za-z0-9_-]{35}",
          "\\bgh[pousr]_[A-Za-z0-9]{30,}+",
          "\\bgithub_pat_[A-Za-z0-9_]{20,}+",
          "\\bglpat-[A-Za-z0-9_-]{20,}+",
          "\\bhf_[A-Za-z0-9]{30,}+",
          "\\bsk-[A-Za-z0-9_-]{20,}+",
          "\\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,}+",
          "\\bxox[abeoprs]-[A-Za-z0-9-]{10,}+",
          // Whatever calls itself one.
          "(?i)\\bbearer\\s{1,3}+[A-Za-z0-9._~+/=-]{8,}+",
          "(?i)(?:api[_ -]?key|access[_ -]?key|secret|token|passwd|password|pwd)[\"']?\\s{0,3}+[:=]"
              + "\\s{0,3}+(?:\"[^\"\\r\\n]{1,256}+\"?|'[^'\\r\\n]{1,256}+'?|[^\\s,;\"'}]{4,256}+)");

  static List<Detector> detectors() {
    return FORMS.stream()
        .<Detector>map(form -> new PatternDetector("key", Pattern.compile(form)))
        .toList();
  }

  private KeyPatterns() {}
}
