package io.innerspan.exporter.siem;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A finding as a line of the Common Event Format, version 0. The collector's mapping/cef.yaml makes
 * the same.
 *
 * <p>Source: ArcSight Common Event Format Implementation Standard, version 26: in the header
 * backslash and {@code |} are escaped by a backslash, in extensions backslash and {@code =}, and
 * line breaks are written as {@code \n}. Custom strings, numbers and decimals come with a label.
 */
final class CefLine {
  private final StringBuilder line = new StringBuilder(512);

  private CefLine() {}

  static String of(Finding finding) {
    return new CefLine().write(finding);
  }

  private String write(Finding finding) {
    String version = finding.text("security_rule.version");
    line.append("CEF:0|Innerspan|Innerspan|")
        .append(header(version == null ? "0" : version))
        .append('|')
        .append(header(finding.kind()))
        .append('|')
        .append(header(finding.title()))
        .append('|')
        .append(finding.severity().cef())
        .append("|rt=")
        .append(finding.time().toEpochMilli());
    extension("externalId", finding.textOrEmpty("innerspan.finding.id"));
    extension("cat", finding.kind());
    extension("cnt", Long.toString(finding.count()));
    custom("cs1", "model", finding.model());
    custom("cs3", "monitor", finding.textOrEmpty("innerspan.monitor.id"));
    custom("cs4", "dedupKey", finding.textOrEmpty("innerspan.finding.dedup_key"));
    custom("cs2", "modelDigest", finding.text("artifact.hash"));
    custom("cs5", "traceId", finding.traceId().isEmpty() ? null : finding.traceId());
    custom("cs6", "baseline", finding.text("innerspan.finding.baseline"));
    custom("cfp1", "score", finding.number("innerspan.finding.score"));
    custom("cfp2", "threshold", finding.number("innerspan.finding.threshold"));
    custom("cfp3", "confidence", finding.number("innerspan.finding.confidence"));
    custom("cfp4", "pValue", finding.number("innerspan.finding.p_value"));
    custom("cn1", "readings", finding.number("innerspan.finding.count"));
    extension("start", Numerals.epochMillis(finding.text("innerspan.finding.window.start")));
    extension("end", Numerals.epochMillis(finding.text("innerspan.finding.window.end")));
    List<?> tags = finding.list("innerspan.finding.tags");
    custom("flexString1", "tags", tags == null ? null : JsonText.of(tags));
    custom("flexString2", "packDigest", finding.text("innerspan.pack_hash"));
    String tokenizer = finding.text("innerspan.tokenizer.hash");
    extension("fname", tokenizer == null ? null : Finding.TOKENIZER);
    extension("fileHash", tokenizer);
    extension("sourceServiceName", finding.resourceText("service.name"));
    extension("dvchost", finding.resourceText("host.name"));
    extension("requestUrl", finding.text("security_rule.reference"));
    return line.toString();
  }

  private void custom(String field, String label, @Nullable String value) {
    if (value != null) {
      extension(field + "Label", label);
      extension(field, value);
    }
  }

  private void custom(String field, String label, @Nullable Number value) {
    custom(field, label, value == null ? null : Numerals.text(value));
  }

  private void extension(String key, @Nullable Object value) {
    if (value != null) {
      line.append(' ').append(key).append('=').append(escaped(value.toString()));
    }
  }

  /** A value of the header, which ends at {@code |} and has no line breaks. */
  static String header(String value) {
    return value.replace("\\", "\\\\").replace("|", "\\|").replaceAll("[\\r\\n]+", " ");
  }

  /** A value of an extension, which ends before the next {@code key=}. */
  static String escaped(String value) {
    return value
        .replace("\\", "\\\\")
        .replace("=", "\\=")
        .replace("\r\n", "\\n")
        .replace("\r", "\\n")
        .replace("\n", "\\n");
  }
}
