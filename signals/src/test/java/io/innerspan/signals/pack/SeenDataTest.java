package io.innerspan.signals.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.innerspan.signals.InvalidValueException;
import io.innerspan.signals.safetensors.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeenDataTest {
  private static final String SALT = "34".repeat(32);

  /** The digests were computed with Python's hashlib. */
  @Test
  void of_textsAndGroups_areTheFirstEightBytesOfTheirSaltedDigests() {
    SeenData seen =
        SeenData.of(SALT, List.of(" One\n TEXT", "another", "one text"), List.of("Family 7"));

    assertThat(seen.texts().toLongs())
        .containsExactly(-7802526096891818769L, -2337052392422321943L);
    assertThat(seen.groups().toLongs()).containsExactly(5688091303155976210L);
  }

  @Test
  void lookup_findsWhatWasSeenInWhateverSpacingAndCase() {
    SeenData.Lookup lookup =
        SeenData.of(SALT, List.of("one text", "another"), List.of("Family 7")).lookup();

    assertThat(lookup.hasText("ONE   text ")).isTrue();
    assertThat(lookup.hasText("another one")).isFalse();
    assertThat(lookup.hasGroup("Family 7")).isTrue();
    assertThat(lookup.hasGroup("family 7")).as("names are names").isFalse();
    assertThat(lookup.hasText("Family 7")).as("a group is no text").isFalse();
  }

  @Test
  void lookup_anotherSalt_hasOtherDigests() {
    SeenData one = SeenData.of(SALT, List.of("a"), List.of());
    SeenData other = SeenData.of("35".repeat(32), List.of("a"), List.of());

    assertThat(one.texts()).isNotEqualTo(other.texts());
  }

  @Test
  void seenData_digestsOutOfOrder_areRefused() {
    Tensor none = Tensor.ofLongs(new long[0]);

    assertThatThrownBy(() -> new SeenData(SALT, Tensor.ofLongs(new long[] {2, 2}), none))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("training_data.seen.texts[1]: expected more than the one before, 2");
    assertThatThrownBy(() -> new SeenData(SALT, none, Tensor.ofFloats(new float[] {1})))
        .hasMessageContaining("training_data.seen.groups: expected I64 of the shape [n]");
  }
}
