package io.innerspan.signals.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.innerspan.signals.monitor.CanaryMonitor;
import io.innerspan.signals.monitor.Change;
import io.innerspan.signals.monitor.ChangeMonitor;
import io.innerspan.signals.monitor.Monitor;
import io.innerspan.signals.monitor.Monitors;
import io.innerspan.signals.monitor.Rule;
import io.innerspan.signals.monitor.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MonitorsFileTest {
  private static final String HIGH =
      "{'id':'high','kind':'threshold','signal':'p','above':0.99,'severity':'critical'}";
  private static final String MORE =
      "{'id':'more','kind':'drift','baselines':['scores'],'severity':'low'}";

  @TempDir private Path folder = Path.of("");

  @Test
  void pack_withMonitors_isReadAsWritten() throws IOException {
    ProbePack pack = TestPacks.monitored();
    PackWriter.write(folder.resolve("pack"), pack);

    ProbePack read = PackReader.read(folder.resolve("pack"));

    assertThat(read.monitors()).isEqualTo(pack.monitors());
    assertThat(read.digest()).isEqualTo(pack.digest());
  }

  @Test
  void over_aPack_addsReplacesAndDisables() throws IOException {
    MonitorsFile file =
        file("{'disabled':['often','errors'],'monitors':[" + HIGH + "," + MORE + "]}");
    ProbePack pack = TestPacks.monitored();

    ProbePack changed = file.over(pack);

    assertThat(changed.digest()).isEqualTo(pack.digest());
    assertThat(changed.monitors().monitors())
        .extracting(Monitor::id)
        .containsExactly("high", "torn", "drift", "more");
    assertThat(changed.monitors().monitors().get(0).rule().severity()).isEqualTo(Severity.CRITICAL);
    assertThat(changed.monitors().baselines()).isEqualTo(pack.monitors().baselines());
  }

  @Test
  void over_aPackThatItDoesNotNameOr_leavesItAlone() throws IOException {
    ProbePack other = TestPacks.small("other", "q");

    assertThat(file("{}").over(other)).isSameAs(other);
    assertThat(file("{}").over(TestPacks.monitored()).monitors())
        .isEqualTo(TestPacks.monitored().monitors());
    assertThat(other.monitors()).isEqualTo(Monitors.NONE);
  }

  @Test
  void pack_withMonitorsOfChanges_isReadAsWritten() throws IOException {
    ProbePack pack = TestPacks.watchedForChanges();
    PackWriter.write(folder.resolve("pack"), pack);

    assertThat(PackReader.read(folder.resolve("pack")).monitors()).isEqualTo(pack.monitors());
  }

  @Test
  void over_monitorsOfChanges_takesWhatIsNotSaidFromTheId() throws IOException {
    Monitors monitors =
        file("{'monitors':["
                + "{'id':'tokenizer_change','kind':'model_change','severity':'low'},"
                + "{'id':'any','kind':'model_change','severity':'high','hold_seconds':5,"
                + "'tags':['owasp:LLM03:2025'],'runbook':'https://wiki.example.com/any'},"
                + "{'id':'canary','kind':'canary','severity':'low'}]}")
            .over(TestPacks.small("watched", "p"))
            .monitors();

    Rule any =
        new Rule(
            "any",
            Severity.HIGH,
            List.of("owasp:LLM03:2025"),
            "https://wiki.example.com/any",
            5,
            null);
    assertThat(monitors.monitors())
        .containsExactly(
            new ChangeMonitor(
                new Rule("tokenizer_change", Severity.LOW), Set.of(Change.TOKENIZER_CHANGE)),
            new ChangeMonitor(any, Set.of(Change.values())),
            new CanaryMonitor(new Rule("canary", Severity.LOW), Set.of("ordinary", "red_team")));
  }

  @Test
  void over_aPackWithMonitorsOfChanges_replacesAndDisables() throws IOException {
    ProbePack pack = TestPacks.watchedForChanges();

    Monitors monitors =
        file("{'disabled':['swapped','canary','model_change']}").over(pack).monitors();

    assertThat(monitors.monitors()).extracting(Monitor::id).containsExactly("attacks");
    assertThat(monitors.disabled()).containsExactly("canary", "model_change", "tokenizer_change");
    Monitors again =
        file("{'monitors':[{'id':'swapped','kind':'model_change','severity':'low'}]}")
            .over(pack)
            .monitors();
    assertThat(again.rules(Change.TOKENIZER_CHANGE))
        .containsExactly(new Rule("swapped", Severity.LOW));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {'monitors':[{'id':'x','kind':'threshold','signal':'q','above':1,'severity':'low'}]} | UNKNOWN_SIGNAL | packs.watched.monitor 'x': expected a value of one of the pack's signals, found 'q'
          {'monitors':[{'id':'x','kind':'drift','baselines':['y'],'severity':'low'}]} | INVALID | packs.watched.baselines of monitor 'x': expected ids of baselines, found 'y'
          {'disabled':['x']} | INVALID | packs.watched.disabled: expected ids of the pack's monitors, or of [canary, model_change, model_mismatch, tokenizer_change, tokenizer_mismatch], found 'x'
          """)
  void over_aPackThatItDoesNotFit_isRefused(
      String change, MonitorsException.Kind kind, String message) throws IOException {
    MonitorsFile file = file(change);

    assertThatThrownBy(() -> file.over(TestPacks.monitored()))
        .isInstanceOfSatisfying(
            MonitorsException.class, refusal -> assertThat(refusal.kind()).isEqualTo(kind))
        .hasMessage("monitors " + folder.resolve("monitors.json") + ": " + message);
  }

  @Test
  void over_aPackOfAnotherModelThanTheBaselines_isRefused() throws IOException {
    MonitorsFile file =
        file(
            "{'baselines':[{'id':'b','signal':'p','model':'"
                + "cd".repeat(32)
                + "','count':1000,'edges':[0],'shares':[0.5,0.5]}]}");

    assertThatThrownBy(() -> file.over(TestPacks.monitored()))
        .isInstanceOfSatisfying(
            MonitorsException.class,
            refusal -> assertThat(refusal.kind()).isEqualTo(MonitorsException.Kind.OTHER_MODEL))
        .hasMessageContaining("baseline 'b': expected one of the model abab")
        .hasMessageEndingWith("found " + "cd".repeat(32));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {'schema_version':'2.0','packs':{}}         | schema_version: expected 1.0, found '2.0'
          {'schema_version':'1.0'}                    | packs: expected an object, found nothing
          {'schema_version':'1.0','packs':{},'x':1}   | x: expected only fields that the schema knows, found this one
          {'schema_version':'1.0','packs':{'p':{'monitor':[]}}} | packs.p.monitor: expected only fields that the schema knows, found this one
          {'schema_version':'1.0','packs':{'p':{'monitors':[{'id':'x','kind':'spike','incidents':['error'],'count':1e9,'seconds':1,'severity':'low'}]}}} | packs.p.monitors[0].count: expected an integer, found 1e9
          nonsense                                    | JSON: expected strict JSON nested at most 16 deep, found a fault at $
          """)
  void read_badFile_isRefused(String json, String message) throws IOException {
    Path path = folder.resolve("monitors.json");
    Files.writeString(path, json.replace('\'', '"'));

    assertThatThrownBy(() -> MonitorsFile.read(path))
        .isInstanceOfSatisfying(
            MonitorsException.class,
            refusal -> assertThat(refusal.kind()).isEqualTo(MonitorsException.Kind.INVALID))
        .hasMessage("monitors " + path + ": " + message);
  }

  @Test
  void read_noFile_isRefused() {
    assertThatThrownBy(() -> MonitorsFile.read(folder.resolve("nowhere")))
        .hasMessage(
            "monitors "
                + folder.resolve("nowhere")
                + ": file: expected a file of at most 67108864 bytes that can be read, found"
                + " nothing");
    assertThatThrownBy(() -> MonitorsFile.read(folder)).hasMessageEndingWith("found no file");
  }

  private MonitorsFile file(String change) throws IOException {
    Path path = folder.resolve("monitors.json");
    String json = "{'schema_version':'1.0','packs':{'watched':" + change + "}}";
    Files.writeString(path, json.replace('\'', '"'));
    return MonitorsFile.read(path);
  }
}
