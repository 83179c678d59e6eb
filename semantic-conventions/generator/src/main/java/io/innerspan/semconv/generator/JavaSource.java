package io.innerspan.semconv.generator;

import java.util.Locale;

/** One generated Java file, written line by line. */
final class JavaSource {
  private final StringBuilder text = new StringBuilder();
  private final String className;

  JavaSource(String className) {
    this.className = className;
    line("// Generated from semantic-conventions/registry. Do not edit.");
    line("package io.innerspan.semconv;");
    line("");
  }

  String className() {
    return className;
  }

  String text() {
    return text.toString();
  }

  JavaSource line(String line) {
    text.append(line).append('\n');
    return this;
  }

  JavaSource javadoc(String indent, String... sentences) {
    line(indent + "/**");
    for (String sentence : sentences) {
      if (!sentence.isEmpty()) {
        line(indent + " * " + escape(sentence));
      }
    }
    return line(indent + " */");
  }

  JavaSource constant(String name, String value) {
    return line("  public static final String " + name + " = \"" + quoted(value) + "\";").line("");
  }

  /** Begins a class of constants that nobody instantiates. */
  JavaSource constantsClass(String purpose) {
    javadoc("", purpose);
    line("public final class " + className + " {");
    line("  private " + className + "() {}");
    return line("");
  }

  /** {@code innerspan.model.name} becomes {@code MODEL_NAME}; other namespaces stay whole. */
  static String constantName(String name) {
    String own =
        name.startsWith(RegistryRules.NAMESPACE)
            ? name.substring(RegistryRules.NAMESPACE.length())
            : name;
    return own.replace('.', '_').toUpperCase(Locale.ROOT);
  }

  /** {@code missing_reason} becomes {@code MissingReason}. */
  static String typeName(String name) {
    StringBuilder type = new StringBuilder();
    for (String word : constantName(name).split("_", -1)) {
      type.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
    }
    return type.toString();
  }

  private static String quoted(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", " ");
  }

  private static String escape(String text) {
    String html = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    return html.replaceAll("`([^`]*)`", "{@code $1}").replace('\n', ' ');
  }
}
