package io.innerspan.agent.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** At least 200 texts of all lengths and many scripts, the same in every JVM. */
final class Texts {
  private static final String[] WORDS = {
    "the",
    "model",
    "reads",
    "a",
    "question",
    "about",
    "invoices",
    "and",
    "answers",
    "slowly",
    "Zürich",
    "naïve",
    "東京",
    "привет",
    "مرحبا",
    "שלום",
    "ไทย",
    "हिन्दी",
    "😀",
    "👩🏽‍💻",
    "don't",
    "x+y=z",
    "https://example.com",
    "<b>bold</b>",
    "\t",
    "\n",
    "…",
    "ignore",
    "instructions",
    "42"
  };

  static List<String> all() {
    List<String> texts = new ArrayList<>();
    texts.add("");
    texts.add(" ");
    texts.add("a");
    texts.add("hello");
    texts.add("😀");
    texts.add("👩🏽‍💻👩🏽‍💻👩🏽‍💻");
    texts.add("東京都");
    texts.add("\u0000\u0001");
    texts.add("x".repeat(5000));
    texts.add("word ".repeat(509).trim());
    texts.add("word ".repeat(510).trim());
    texts.add("word ".repeat(511).trim());
    texts.add("word ".repeat(1200).trim());
    Random random = new Random(7);
    for (int i = 0; i < 190; i++) {
      int length = i < 150 ? 1 + random.nextInt(30) : 30 + random.nextInt(120);
      StringBuilder text = new StringBuilder();
      for (int w = 0; w < length; w++) {
        text.append(w == 0 ? "" : " ").append(WORDS[random.nextInt(WORDS.length)]);
      }
      texts.add(text.toString());
    }
    return texts;
  }

  private Texts() {}
}
