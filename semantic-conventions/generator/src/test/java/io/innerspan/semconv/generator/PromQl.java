package io.innerspan.semconv.generator;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an expression of Prometheus names: metrics, and labels beside them. Not a parser. */
final class PromQl {
  private static final String STRING = "\"(?:\\\\.|[^\"\\\\])*\"|'(?:\\\\.|[^'\\\\])*'";
  private static final Pattern GROUPING =
      Pattern.compile("\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\(([^)]*)\\)");
  private static final Pattern SELECTOR =
      Pattern.compile(
          "(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)?\\s*\\{(?<matchers>(?:"
              + STRING
              + "|[^}\"'])*)\\}"
              + "|(?<bare>[a-zA-Z_:][a-zA-Z0-9_:]*)|"
              + STRING);
  private static final Pattern MATCHER =
      Pattern.compile("(?<label>\\w+)\\s*(?:=~|!~|!=|=)\\s*(?<value>" + STRING + ")");
  private static final Pattern LABEL_VALUES =
      Pattern.compile("label_values\\((?<of>.*),\\s*(?<label>\\w+)\\)", Pattern.DOTALL);

  /** Labels that every series has, or that Prometheus makes. */
  private static final Set<String> COMMON =
      Set.of("job", "instance", "le", "alertname", "alertstate", "$slice");

  private final PrometheusNames names;
  private final Set<String> recorded;
  private final Set<String> known = new TreeSet<>(COMMON);

  PromQl(PrometheusNames names, Set<String> recorded) {
    this.names = names;
    this.recorded = recorded;
    known.addAll(names.labels());
  }

  /** What an expression names that does not exist, each as a sentence; empty when all is well. */
  List<String> strangers(String expression) {
    List<String> strangers = new ArrayList<>();
    Matcher values = LABEL_VALUES.matcher(expression);
    if (values.matches()) {
      checkLabel(values.group("label"), known, strangers::add);
      strangers.addAll(strangers(values.group("of")));
      return strangers;
    }
    Matcher grouping = GROUPING.matcher(expression);
    while (grouping.find()) {
      for (String label : grouping.group(1).split(",")) {
        if (!label.isBlank()) {
          checkLabel(label.strip(), known, strangers::add);
        }
      }
    }
    Matcher selector = SELECTOR.matcher(grouping.replaceAll(" "));
    while (selector.find()) {
      if (selector.group("bare") != null) {
        checkMetric(selector.group("bare"), strangers::add);
      } else if (selector.group("matchers") != null) {
        String name = selector.group("name");
        if (name != null) {
          checkMetric(name, strangers::add);
        }
        checkMatchers(name, selector.group("matchers"), strangers::add);
      }
    }
    return strangers;
  }

  private void checkMetric(String name, Consumer<String> strangers) {
    if (name.startsWith("innerspan") && !names.has(name) && !recorded.contains(name)) {
      strangers.accept("no metric " + name);
    }
  }

  private void checkMatchers(String metric, String matchers, Consumer<String> strangers) {
    Set<String> labels = new TreeSet<>(metric != null && names.has(metric) ? COMMON : known);
    if (metric != null) {
      labels.addAll(names.labels(metric));
    }
    Matcher matcher = MATCHER.matcher(matchers);
    while (matcher.find()) {
      if (!matcher.group("label").equals("__name__")) {
        checkLabel(matcher.group("label"), labels, strangers);
        continue;
      }
      String value = matcher.group("value");
      Pattern pattern = Pattern.compile(value.substring(1, value.length() - 1));
      if (names.all().noneMatch(name -> pattern.matcher(name).matches())) {
        strangers.accept("no metric that matches " + pattern);
      }
    }
  }

  private static void checkLabel(String label, Set<String> labels, Consumer<String> strangers) {
    if (!labels.contains(label)) {
      strangers.accept("no label " + label);
    }
  }
}
