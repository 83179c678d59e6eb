package io.innerspan.extension;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.semconv.RefusalReason;
import io.innerspan.signals.pack.PackException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class InnerspanListenerTest {
  @Test
  void reason_ofEachKindOfRefusal_isItsOwn() {
    assertThat(Arrays.stream(PackException.Kind.values()).map(InnerspanListener::reason))
        .containsExactly(
            RefusalReason.UNREADABLE_PACK,
            RefusalReason.NEWER_SCHEMA,
            RefusalReason.FILE_DIGEST,
            RefusalReason.GOLDEN_MISMATCH,
            RefusalReason.DUPLICATE_SIGNAL,
            RefusalReason.INVALID_PACK);
  }
}
