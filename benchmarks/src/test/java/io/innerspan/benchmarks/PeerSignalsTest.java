package io.innerspan.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.signals.AttentionProbe;
import io.innerspan.signals.AttentionProbe.Rule;
import io.innerspan.signals.LayerLens;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.SaeFeatures;
import io.innerspan.signals.Signal;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PeerSignalsTest {
  private static final List<Signal> ALL = PeerSignals.ALL.signals();

  @Test
  void all_isEveryOtherSet_andItsIdsDiffer() {
    assertThat(ALL.stream().map(Signal::id)).hasSize(60).doesNotHaveDuplicates();
  }

  @Test
  void all_hasEveryKind_butTheLens() {
    // The model has no unembedding.
    Set<Class<?>> kinds = new HashSet<>(kinds(Signal.class).toList());
    kinds.remove(LayerLens.class);
    Set<Class<?>> found = new HashSet<>(ALL.stream().map(Signal::getClass).toList());
    assertThat(found).isEqualTo(kinds);
  }

  private static Stream<Class<?>> kinds(Class<?> kind) {
    return kind.isSealed()
        ? Arrays.stream(kind.getPermittedSubclasses()).flatMap(PeerSignalsTest::kinds)
        : Stream.of(kind);
  }

  @Test
  void all_hasEveryPooling_ruleAndScope() {
    assertThat(of(LinearProbe.class).map(probe -> probe.pooling().kind()))
        .contains(Pooling.Kind.values());
    assertThat(of(AttentionProbe.class).map(probe -> probe.rule().kind()))
        .contains(Rule.Kind.values());
    assertThat(of(SaeFeatures.class).map(SaeFeatures::scope)).contains(SaeFeatures.Scope.values());
  }

  private static <S extends Signal> Stream<S> of(Class<S> kind) {
    return ALL.stream().filter(kind::isInstance).map(kind::cast);
  }
}
