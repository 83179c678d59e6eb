package io.innerspan.recorder.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactorTest {
  private static final int LIMIT = 4096;

  private final Redactor redactor = new Redactor(List.of(), List.of());

  // Numbers that payment networks publish for tests.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "4111111111111111",
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "4111.1111.1111.1111",
        "4111\u00a01111\u00a01111\u00a01111",
        "4111\u200b1111\u200b1111\u200b1111",
        "4111\u20131111\u20131111\u20131111",
        "5555555555554444",
        "378282246310005",
        "3782 822463 10005",
        "30569309025904",
        "6011111111111117",
        "3530111333300000",
        "4222222222222",
        "6304000000000000",
        "\uff14111111111111111",
      })
  void card_inAnyNotation_isTakenOut(String number) throws Exception {
    assertThat(redact(number)).isEqualTo("[card]");
    assertThat(redact("pay with " + number + ", please")).isEqualTo("pay with [card], please");
    assertThat(redact("card:" + number + ".")).isEqualTo("card:[card].");
  }

  @ParameterizedTest
  @ValueSource(strings = {"4111111111111112", "0000000000000000", "order 1234567890123456"})
  void card_withAWrongCheckDigit_stays(String text) throws Exception {
    assertThat(redact(text)).isEqualTo(text);
  }

  @Test
  void card_afterAnotherNumber_isTakenOut() throws Exception {
    assertThat(redact("room 12 4111 1111 1111 1111 now")).isEqualTo("room 12 [card] now");
  }

  // From the registry's own examples (ISO 13616).
  @ParameterizedTest
  @ValueSource(
      strings = {
        "DE89370400440532013000",
        "DE89 3704 0044 0532 0130 00",
        "de89 3704 0044 0532 0130 00",
        "GB29 NWBK 6016 1331 9268 19",
        "FR1420041010050500013M02606",
        "NO9386011117947",
        "MT84MALT011000012345MTLCAST001S",
        "CH93-0076-2011-6238-5295-7",
      })
  void iban_isTakenOut(String iban) throws Exception {
    assertThat(redact("to " + iban + " today")).isEqualTo("to [iban] today");
  }

  @ParameterizedTest
  @ValueSource(strings = {"DE88370400440532013000", "GB29NWBK60161331926818"})
  void iban_withWrongCheckDigits_isNone(String iban) throws Exception {
    assertThat(redact(iban)).doesNotContain("[iban]");
  }

  @ParameterizedTest
  @CsvSource({
    "ada@example.org, [email]",
    "Ada <ada.l+x@mail.example.co.uk>., Ada <[email]>.",
    "write to ada@example.org., write to [email].",
    "müller@bücher.example, [email]",
    "a@b, a@b",
    "@example.org, @example.org",
    "a@b.c@example.org, [email]",
    "x@y..z, x@y..z",
  })
  void email_isTakenOut(String text, String expected) throws Exception {
    String redacted = redact(text);
    if (text.startsWith("a@b.c@")) { // Two that overlap: none of either may stay.
      assertThat(redacted).doesNotContain("example.org");
    } else {
      assertThat(redacted).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "+49 30 901820",
        "+1 (555) 010-0199",
        "+442071838750",
        "0049 30 901820",
        "030/901 8200",
        "(030) 901820-55",
        "555-010-0199",
        "(555) 010-0199",
        "555.010.0199",
      })
  void phone_isTakenOut(String number) throws Exception {
    assertThat(redact("call " + number + " now")).isEqualTo("call [phone] now");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"in 2024-03-15 and 1999", "3.14159265", "12 of 34", "+1 in a row", "v1.2.3"})
  void number_thatIsNoPhone_stays(String text) throws Exception {
    assertThat(redact(text)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AKIAIOSFODNN7EXAMPLE",
        "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
        "sk-proj-abcdefghijklmnopqrst",
        "xoxb-123456789012-abcdefghijkl",
        "glpat-abcdefghijklmnopqrst",
        "hf_abcdefghijklmnopqrstuvwxyzabcdefgh",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
      })
  void key_byItsForm_isTakenOut(String key) throws Exception {
    assertThat(redact("use " + key + " here")).isEqualTo("use [key] here");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "password=hunter22; next | [key]; next",
        "api_key: \"abc def\" | [key]",
        "\"token\": \"abcd1234\" | \"[key]",
        "Authorization: Bearer abcdefgh.ijkl | Authorization: [key]",
      })
  void key_byTheWordBefore_isTakenOut(String text, String expected) throws Exception {
    assertThat(redact(text)).isEqualTo(expected);
  }

  @Test
  void key_inPem_isTakenOutToItsEnd() throws Exception {
    String pem = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nIBAAK\n-----END RSA PRIVATE KEY-----";

    assertThat(redact("a " + pem + " b")).isEqualTo("a [key] b");
    assertThat(redact("a " + pem.substring(0, 45))).isEqualTo("a [key]");
  }

  @Test
  void kinds_areToldOnce() throws Exception {
    CapturedText captured = redactor.redact("a@example.org b@example.org 4111111111111111", LIMIT);

    assertThat(captured.text()).isEqualTo("[email] [email] [card]");
    assertThat(captured.redactions()).containsExactly("email", "card");
    assertThat(captured.length()).isEqualTo(44);
    assertThat(captured.truncated()).isFalse();
  }

  /** A secret that the cut goes through is as secret as a whole one. */
  @Test
  void cut_atEveryPlace_leavesNothingOfASecret() throws Exception {
    String text = "x".repeat(50) + " 4111 1111 1111 1111 " + "ada.lovelace@example.org tail";
    for (int limit = 1; limit <= text.length(); limit++) {
      CapturedText captured = redactor.redact(text, limit);

      assertThat(captured.text()).hasSizeLessThanOrEqualTo(limit);
      assertThat(captured.text()).doesNotContain("41", "11", "ada", "exam");
      assertThat(captured.truncated()).isEqualTo(limit < text.length());
    }
  }

  @Test
  void cut_betweenTheHalvesOfACharacter_leavesNoHalf() throws Exception {
    CapturedText captured = redactor.redact("ab\ud83d\ude00cd", 3);

    assertThat(captured.text()).isEqualTo("ab");
  }

  @Test
  void pattern_ofTheUsers_isTakenOutUnderItsName() throws Exception {
    Redactor further =
        new Redactor(
            List.of(new PatternDetector("customer", Pattern.compile("C-[0-9]{6}"))), List.of());

    assertThat(further.redact("of C-123456 and a@example.org", LIMIT).text())
        .isEqualTo("of [customer] and [email]");
  }

  @Test
  void pattern_thatBacktracksWithoutEnd_dropsTheText() {
    Redactor slow =
        new Redactor(
            List.of(new PatternDetector("slow", Pattern.compile("((a|aa)+)\\2b"))), List.of());

    assertThatThrownBy(() -> slow.redact("a".repeat(200), LIMIT))
        .isInstanceOf(ContentDroppedException.class)
        .hasMessage("a pattern took too long");
  }

  @Test
  void plugin_seesRedactedText_andHasTheLastWord() throws Exception {
    UnaryOperator<String> plugin = text -> text.replace("Ada", "[name]");
    Redactor plugged = new Redactor(List.of(), List.of(plugin));

    assertThat(plugged.redact("Ada ada@example.org", LIMIT).text()).isEqualTo("[name] [email]");
  }

  @Test
  void plugin_thatFailsOrGivesNothing_dropsTheText() {
    UnaryOperator<String> failing =
        text -> {
          throw new IllegalStateException(text);
        };
    assertThatThrownBy(() -> new Redactor(List.of(), List.of(failing)).redact("secret", LIMIT))
        .isInstanceOf(ContentDroppedException.class)
        .hasMessageContaining("IllegalStateException")
        .hasMessageNotContaining("secret");
    UnaryOperator<String> nothing = text -> null;
    assertThatThrownBy(() -> new Redactor(List.of(), List.of(nothing)).redact("secret", LIMIT))
        .isInstanceOf(ContentDroppedException.class);
  }

  /** Planted secrets between random characters: none of them stays, whatever is around. */
  @Test
  void secrets_betweenRandomCharacters_neverStay() throws Exception {
    Random random = new Random(7);
    List<String> secrets =
        List.of(
            "4111 1111 1111 1111",
            "DE89 3704 0044 0532 0130 00",
            "ada.lovelace@example.org",
            "+49 30 9018200",
            "ghp_abcdefghijklmnopqrstuvwxyz0123456789");
    for (int i = 0; i < 2000; i++) {
      String secret = secrets.get(i % secrets.size());
      String text = noise(random) + " " + secret + " " + noise(random);

      assertThat(redact(text)).as(text).doesNotContain(secret);
    }
  }

  private static String noise(Random random) {
    String characters = "abc XYZ 0123 .,;:-+@#/()[]{}'\"\\\n\té\u200b\ud83d\ude00";
    StringBuilder noise = new StringBuilder();
    for (int i = random.nextInt(30); i > 0; i--) {
      noise.append(characters.charAt(random.nextInt(characters.length())));
    }
    return noise.toString();
  }

  private String redact(String text) throws ContentDroppedException {
    return redactor.redact(text, LIMIT).text();
  }
}
