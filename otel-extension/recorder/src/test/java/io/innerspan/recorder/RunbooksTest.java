package io.innerspan.recorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.innerspan.signals.monitor.FindingKind;
import io.innerspan.signals.monitor.Severity;
import io.innerspan.signals.pack.ProbePack;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunbooksTest {
  private static final Path FOLDER = Path.of("..", "..", "docs", "runbooks");

  @ParameterizedTest
  @CsvSource({
    "https://wiki.example.com/runbooks, https://wiki.example.com/runbooks/model_change.md",
    "https://wiki.example.com/runbooks/, https://wiki.example.com/runbooks/model_change.md",
    "https://wiki.example.com, https://wiki.example.com/model_change.md",
    "http://wiki.example.com/r?page={kind}#top, http://wiki.example.com/r?page=model_change#top",
    "'  https://wiki.example.com/{kind}/{kind} ', https://wiki.example.com/model_change/model_change",
  })
  void at_anAddress_hasAPageForEachKind(String address, String page) {
    Runbooks runbooks = Runbooks.at(address);

    assertThat(runbooks.pages()).hasSize(FindingKind.values().length);
    assertThat(runbooks.of(Findings.bare(FindingKind.MODEL_CHANGE))).isEqualTo(page);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "runbooks",
        "ftp://wiki.example.com",
        "file:/srv",
        "https:///{kind}",
        "http://a b"
      })
  void at_whatIsNoAddress_isRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Runbooks.at(text))
        .withMessage("expected an http or https URL, found " + text);
  }

  @Test
  void at_anAddressTooLong_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Runbooks.at("https://wiki.example.com/" + "x".repeat(500)));
  }

  /** Whoever names our folder reaches our pages. */
  @ParameterizedTest
  @EnumSource(FindingKind.class)
  void at_ourOwnFolder_hasPagesThatExist(FindingKind kind) {
    String page = Runbooks.at("https://git.example.com/docs/runbooks").of(Findings.bare(kind));

    assertThat(FOLDER.resolve(Path.of(URI.create(page).getPath()).getFileName().toString()))
        .isRegularFile();
  }

  @Test
  void of_aMonitorThatNamesOne_isItsOwn() {
    assertThat(Runbooks.at("https://wiki.example.com").of(Findings.full(Severity.LOW)))
        .isEqualTo(Findings.RULE.runbook());
  }

  @Test
  void finding_ofAMonitorThatNamesNone_hasThatOfItsKindOrNone() {
    assertThat(reference("https://wiki.example.com/{kind}"))
        .isEqualTo("https://wiki.example.com/spike");
    assertThat(reference(" ")).isNull();
  }

  private static String reference(String runbooks) {
    RecorderSettings settings =
        new RecorderSettings(
            true, true, true, false, false, CohortSettings.NONE, Runbooks.at(runbooks));
    try (Backend backend = new Backend(settings, Sampler.alwaysOn())) {
      backend.model().found(Findings.bare(FindingKind.SPIKE), (ProbePack) null, Context.root());
      LogRecordData event = backend.events().get(0);
      return event.getAttributes().get(Keys.RULE_REFERENCE);
    }
  }
}
