package io.innerspan.exporter.siem;

import io.innerspan.exporter.siem.Target.Receipt;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** How findings are put into the body of an HTTP request. */
enum HttpProtocol {
  /** One document a line. */
  NDJSON("application/x-ndjson") {
    @Override
    String entry(Finding finding, FindingFormat format) {
      return format.write(finding) + "\n";
    }
  },
  /** Splunk's HTTP Event Collector. */
  HEC("application/json") {
    @Override
    String entry(Finding finding, FindingFormat format) {
      Map<String, Object> event = new LinkedHashMap<>();
      event.put("time", finding.time().toEpochMilli() / 1000.0);
      String host = finding.resourceText("host.name");
      if (host != null) {
        event.put("host", host);
      }
      event.put("source", "innerspan");
      event.put("sourcetype", format.sourceType());
      String head = JsonText.of(event);
      String written = format.write(finding);
      String value = format.isJson() ? written : JsonText.of(written);
      return head.substring(0, head.length() - 1) + ",\"event\":" + value + "}\n";
    }
  },
  /** Elasticsearch's bulk API; the endpoint names the index or data stream. */
  ELASTICSEARCH("application/x-ndjson") {
    @Override
    String entry(Finding finding, FindingFormat format) {
      String id = finding.textOrEmpty("innerspan.finding.id");
      Map<String, Object> action = id.isEmpty() ? Map.of() : Map.of("_id", id);
      return JsonText.of(Map.of("create", action)) + "\n" + format.write(finding) + "\n";
    }

    @Override
    URI address(URI endpoint) {
      String asked = "filter_path=items.*.status";
      return URI.create(endpoint + (endpoint.getRawQuery() == null ? "?" : "&") + asked);
    }

    /** Each document has a status of its own, in the order of the request. */
    @Override
    Receipt receipt(List<Finding> findings, String answer) {
      List<Integer> statuses =
          STATUS.matcher(answer).results().map(each -> Integer.valueOf(each.group(1))).toList();
      if (statuses.size() != findings.size()) {
        return Receipt.taken(); // No answer of the bulk API.
      }
      List<Finding> later = new ArrayList<>();
      int refused = 0;
      for (int i = 0; i < statuses.size(); i++) {
        int status = statuses.get(i);
        if (HttpTarget.isLater(status)) {
          later.add(findings.get(i));
        } else if (status >= 300 && status != ALREADY_THERE) {
          refused++;
        }
      }
      return new Receipt(later, refused);
    }
  };

  private final String contentType;

  HttpProtocol(String contentType) {
    this.contentType = contentType;
  }

  private static final Pattern STATUS = Pattern.compile("\"status\"\\s*:\\s*([0-9]{3})\\b");

  /** What creating a document gives whose id there is: it arrived before. */
  private static final int ALREADY_THERE = 409;

  abstract String entry(Finding finding, FindingFormat format);

  String body(List<Finding> findings, FindingFormat format) {
    StringBuilder body = new StringBuilder();
    findings.forEach(finding -> body.append(entry(finding, format)));
    return body.toString();
  }

  /** Where to send, so that the answer tells what is needed of it. */
  URI address(URI endpoint) {
    return endpoint;
  }

  /** What became of findings that were sent, by the start of an answer of success. */
  Receipt receipt(List<Finding> findings, String answer) {
    return Receipt.taken(); // Bodies differ between receivers, and are not always theirs.
  }

  String contentType() {
    return contentType;
  }

  static HttpProtocol of(String name) {
    for (HttpProtocol protocol : values()) {
      if (protocol.name().equalsIgnoreCase(name)) {
        return protocol;
      }
    }
    throw new IllegalArgumentException(
        SiemSettings.PROTOCOL
            + ": expected ndjson, hec or elasticsearch, found "
            + name.toLowerCase(Locale.ROOT));
  }
}
