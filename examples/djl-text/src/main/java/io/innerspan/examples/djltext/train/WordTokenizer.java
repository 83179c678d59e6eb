package io.innerspan.examples.djltext.train;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A tokenizer of whole words and punctuation marks in lower case, as Hugging Face's {@code
 * tokenizer.json}.
 */
final class WordTokenizer {
  static final int PADDING = 0;
  static final int BEGINNING = 1;
  static final int UNKNOWN = 2;

  private static final List<String> SPECIAL = List.of("[PAD]", "[CLS]", "[UNK]");
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}\\p{M}]+|[^\\s\\p{L}\\p{N}]");
  private static final Gson GSON =
      new GsonBuilder().serializeNulls().disableHtmlEscaping().create();

  private final Map<String, Integer> vocabulary = new LinkedHashMap<>();

  /** Of the words that occur in more than one text, the most frequent first. */
  static WordTokenizer of(List<String> texts, int mostWords) {
    Map<String, Integer> counts = new HashMap<>();
    for (String text : texts) {
      Matcher words = WORD.matcher(text.toLowerCase(Locale.ROOT));
      words
          .results()
          .map(found -> found.group())
          .distinct()
          .forEach(w -> counts.merge(w, 1, Integer::sum));
    }
    List<Map.Entry<String, Integer>> frequent = new ArrayList<>(counts.entrySet());
    frequent.removeIf(word -> word.getValue() < 2);
    frequent.sort(
        Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
            .thenComparing(Map.Entry.comparingByKey()));
    WordTokenizer tokenizer = new WordTokenizer();
    SPECIAL.forEach(tokenizer::add);
    frequent.stream()
        .limit(mostWords - SPECIAL.size())
        .forEach(word -> tokenizer.add(word.getKey()));
    return tokenizer;
  }

  private void add(String word) {
    vocabulary.put(word, vocabulary.size());
  }

  int size() {
    return vocabulary.size();
  }

  /**
   * Writes the file.
   *
   * @param mostTokens at which texts are cut
   */
  void write(Path file, int mostTokens) throws IOException {
    Map<String, Object> truncation = new LinkedHashMap<>();
    truncation.put("direction", "Right");
    truncation.put("max_length", mostTokens);
    truncation.put("strategy", "LongestFirst");
    truncation.put("stride", 0);
    Map<String, Object> normalizer = new LinkedHashMap<>();
    normalizer.put("type", "BertNormalizer");
    normalizer.put("clean_text", true);
    normalizer.put("handle_chinese_chars", true);
    normalizer.put("strip_accents", false);
    normalizer.put("lowercase", true);
    Map<String, Object> content = new LinkedHashMap<>();
    content.put("version", "1.0");
    content.put("truncation", truncation);
    content.put("padding", null);
    content.put("added_tokens", added());
    content.put("normalizer", normalizer);
    content.put("pre_tokenizer", Map.of("type", "BertPreTokenizer"));
    content.put("post_processor", beginning());
    content.put("decoder", null);
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("type", "WordLevel");
    model.put("vocab", vocabulary);
    model.put("unk_token", SPECIAL.get(UNKNOWN));
    content.put("model", model);
    Files.writeString(file, GSON.toJson(content) + "\n");
  }

  private static List<Map<String, Object>> added() {
    List<Map<String, Object>> added = new ArrayList<>();
    for (int id = 0; id < SPECIAL.size(); id++) {
      Map<String, Object> token = new LinkedHashMap<>();
      token.put("id", id);
      token.put("content", SPECIAL.get(id));
      for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized")) {
        token.put(flag, false);
      }
      token.put("special", true);
      added.add(token);
    }
    return added;
  }

  /** Puts a token before each text, so that none is without tokens. */
  private static Map<String, Object> beginning() {
    String name = SPECIAL.get(BEGINNING);
    Object token = piece("SpecialToken", name);
    Map<String, Object> special = new LinkedHashMap<>();
    special.put("id", name);
    special.put("ids", List.of(BEGINNING));
    special.put("tokens", List.of(name));
    Map<String, Object> processor = new LinkedHashMap<>();
    processor.put("type", "TemplateProcessing");
    processor.put("single", List.of(token, piece("Sequence", "A")));
    processor.put("pair", List.of(token, piece("Sequence", "A"), piece("Sequence", "B")));
    processor.put("special_tokens", Map.of(name, special));
    return processor;
  }

  private static Map<String, Object> piece(String kind, String id) {
    Map<String, Object> content = new LinkedHashMap<>();
    content.put("id", id);
    content.put("type_id", 0);
    return Map.of(kind, content);
  }

  private WordTokenizer() {}
}
