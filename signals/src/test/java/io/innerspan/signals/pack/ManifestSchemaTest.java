package io.innerspan.signals.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The published schema and the reader agree on what a manifest is. */
class ManifestSchemaTest {
  private static final JsonSchema SCHEMA =
      JsonSchemaFactory.getInstance(VersionFlag.V202012)
          .getSchema(resource("/io/innerspan/signals/pack/probe-pack.schema.json"));

  @TempDir private Path folder = Path.of("");

  @Test
  void schema_itself_isValid() {
    JsonSchema metaSchema =
        JsonSchemaFactory.getInstance(VersionFlag.V202012)
            .getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));

    assertThat(
            metaSchema.validate(
                resource("/io/innerspan/signals/pack/probe-pack.schema.json"), InputFormat.JSON))
        .isEmpty();
  }

  @Test
  void schema_whatTheWriterWrites_isValid() throws IOException {
    PackWriter.write(folder.resolve("full"), TestPacks.full());
    PackWriter.write(folder.resolve("small"), TestPacks.small("n", "p"));
    PackWriter.write(folder.resolve("heads"), TestPacks.heads());
    PackWriter.write(folder.resolve("kinds"), TestPacks.kinds());
    PackWriter.write(folder.resolve("monitored"), TestPacks.monitored());

    assertThat(faults(Files.readString(folder.resolve("full/probe.json")))).isEmpty();
    assertThat(faults(Files.readString(folder.resolve("small/probe.json")))).isEmpty();
    assertThat(faults(Files.readString(folder.resolve("heads/probe.json")))).isEmpty();
    assertThat(faults(Files.readString(folder.resolve("kinds/probe.json")))).isEmpty();
    assertThat(faults(Files.readString(folder.resolve("monitored/probe.json")))).isEmpty();
  }

  @Test
  void schema_whatPythonWrites_isValid() {
    assertThat(faults(resource("/python-pack/probe.json"))).isEmpty();
  }

  /** Every JSON of the documentation is a signal; together they are one of each kind but two. */
  @Test
  void schema_examplesOfTheDocumentation_areValid() throws IOException {
    String documentation = Files.readString(Path.of("../docs/pack-format.md"));
    List<String> signals =
        Pattern.compile("```json\n(.*?)```", Pattern.DOTALL)
            .matcher(documentation)
            .results()
            .map(example -> example.group(1))
            .toList();
    assertThat(signals).hasSize(7);
    String manifest = resource("/python-pack/probe.json");
    int at = manifest.indexOf("\"signals\": [") + "\"signals\": [".length();
    for (String signal : signals) {
      assertThat(faults(manifest.substring(0, at) + signal + "," + manifest.substring(at)))
          .as(signal)
          .isEmpty();
    }
  }

  @Test
  void schema_patterns_areTheReaders() {
    String schema = resource("/io/innerspan/signals/pack/probe-pack.schema.json");

    for (Pattern pattern :
        new Pattern[] {
          Formats.NAME, Formats.FILE, Formats.METRIC, Formats.SHA256, Formats.SEMVER
        }) {
      assertThat(schema)
          .contains("\"pattern\": \"^" + pattern.pattern().replace("\\", "\\\\") + "$\"");
    }
  }

  /** Each line replaces a text of the full pack's manifest; spaces do not count. */
  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          'schema_version':'1.0'          | 'schema_version':'2.0'           | schema_version: expected 1.x, found '2.0'
          'schema_version':'1.0'          | 'schema_version':'0.9'           | schema_version: expected 1.x, found '0.9'
          'schema_version':'1.0'          | 'schema_version':'1'             | schema_version: expected 1.x
          'schema_version':'1.0'          | 'schema_version':1.0             | schema_version: expected a text, found 1.0
          'schema_version':'1.0',         | ``                               | schema_version: expected a text, found nothing
          'schema_version':'1.0'          | 'schema_version':'1.0','x':1     | x: expected only fields that the schema knows
          'name':'injection'              | 'name':'-injection'              | name: expected
          'name':'injection'              | 'name':'in/jection'              | name: expected
          'name':'injection',             | ``                               | name: expected a text, found nothing
          'name':'injection'              | 'name':null                      | name: expected a text, found null
          'version':'1.2.3-rc.1+build.7'  | 'version':'1.2'                  | version: expected a semantic version
          'version':'1.2.3-rc.1+build.7'  | 'version':'01.2.3'               | version: expected a semantic version
          'version':'1.2.3-rc.1+build.7'  | 'version':'1.2.3-01'             | version: expected a semantic version
          'licence':'Apache-2.0'          | 'licence':' '                    | licence: expected
          'licence':'Apache-2.0'          | 'license':'Apache-2.0'           | licence: expected a text, found nothing
          'licence':'Apache-2.0'          | 'licence':['MIT']                | licence: expected a text, found a list
          'sha256':'abab                  | 'sha256':'ABAB                   | model.sha256: expected 64 lowercase hexadecimal digits
          'sha256':'abab                  | 'sha256':'ab                     | model.sha256: expected 64 lowercase hexadecimal digits
          'structure':'cdcd               | 'structure':'0xcd                | model.structure: expected
          'structure':'cdcd               | 'structured':'cdcd               | model.structured: expected only fields
          'tokenizer':{                   | 'tokenizer':{'x':{},             | tokenizer.x: expected only fields
          'golden.safetensors':{          | '../golden.safetensors':{        | files: expected the name of a file beside
          'golden.safetensors':{          | '/golden.safetensors':{          | files: expected the name of a file beside
          'golden.safetensors':{          | 'a/golden.safetensors':{         | files: expected the name of a file beside
          'golden.safetensors':{          | '.golden.safetensors':{          | files: expected the name of a file beside
          'golden.safetensors':{          | 'probe.json':{                   | files: expected the name of a file beside
          'golden.safetensors':{          | 'golden.safetensors':{'x':1,     | files.golden.safetensors.x: expected only fields
          'size':                         | 'size':-                         | files.golden.safetensors.size: expected at least 0
          'size':                         | 'size':0.                        | files.golden.safetensors.size: expected an integer
          'id':'norm_4'                   | 'id':'Norm_4'                    | signals[1].id: expected
          'id':'norm_4','kind'            | 'kind'                           | signals[1].id: expected a text, found nothing
          'kind':'activation_summary'     | 'kind':'sae'                     | signals[1].kind: expected one of [linear_probe, mlp_probe, attention_probe, activation_summary, attention_summary, layer_lens, sae_features, output_confidence, population_distance], found 'sae'
          'kind':'activation_summary'     | 'kind':'activation_summary','weight':1 | signals[1].weight: expected only fields
          'hook_point':'blocks.4.hook_resid_post' | 'hook_point':''          | signals[1].hook_point: expected
          'kind':'mean'                   | 'kind':'median'                  | signals[0].pooling.kind: expected one of [mean, last, cls, max, top_k_mean, rolling_max, softmax, ema], found 'median'
          'kind':'mean'                   | 'kind':'mean','window':3         | signals[0].pooling.window: expected only fields
          'kind':'mean'                   | 'kind':'ema'                     | signals[0].pooling.alpha: expected a number, found nothing
          'kind':'mean'                   | 'kind':'ema','alpha':0           | signals[0].pooling.alpha: expected a number above 0 and at most 1
          'kind':'mean'                   | 'kind':'rolling_max','window':0  | signals[0].pooling.window: expected a whole number from 1
          'kind':'mean'                   | 'kind':'top_k_mean','k':1.5      | signals[0].pooling.k: expected a whole number from 1
          'kind':'mean'                   | 'kind':'softmax','temperature':0 | signals[0].pooling.temperature: expected a number from 0.001
          'special_tokens':'include'      | 'special_tokens':'exclude'       | signals[0].special_tokens: expected include or an object with exclude_ids, found 'exclude'
          'file':'weights.safetensors'    | 'file':'../weights.safetensors'  | signals[0].weight.file: expected the name of a file
          'tensor':'injection.weight'     | 'tensor':7                       | signals[0].weight.tensor: expected a text, found 7
          'kind':'platt'                  | 'kind':'beta'                    | signals[0].calibration.kind: expected none, temperature, platt or isotonic, found 'beta'
          'a':1.7                         | 'a':0                            | signals[0].calibration.a: expected a finite number above 0
          'a':1.7                         | 'a':'1.7'                        | signals[0].calibration.a: expected a finite number, found '1.7'
          'a':1.7,                        | ``                               | signals[0].calibration.a: expected a number, found nothing
          't':0.1                         | 't':-0.1                         | signals[2].calibration.t: expected a finite number above 0
          't':0.1                         | 't':0.1,'a':1                    | signals[2].calibration.a: expected only fields
          'score':0.9,                    | 'score':1.1,                     | signals[0].thresholds[0].score: expected a number from 0 to 1
          'score':0.9,                    | ``                               | signals[0].thresholds[0].score: expected a number, found nothing
          'target_fpr':0.01               | 'target_fpr':0                   | signals[0].thresholds[0].target_fpr: expected
          'target_fpr':0.01               | 'target_fpr':1                   | signals[0].thresholds[0].target_fpr: expected
          'n':299                         | 'n':0                            | signals[0].thresholds[0].n: expected at least 1
          'n':299,                        | ``                               | signals[0].thresholds[0].n: expected an integer, found nothing
          'fpr_upper_bound':0.01          | 'fpr_upper_bound':1.5            | signals[0].thresholds[0].fpr_upper_bound: expected
          ,'confidence':0.95              | ``                               | signals[0].thresholds[0].confidence: expected a number, found nothing
          'confidence':0.95               | 'confidence':1                   | signals[0].thresholds[0].confidence: expected
          'positive':'injection'          | 'positive':''                    | signals[0].labels.positive: expected
          'positive':'injection',         | ``                               | signals[0].labels.positive: expected a text, found nothing
          'golden':{                      | 'gold':{                         | signals[0].golden: expected an object, found nothing
          'metrics':{'auroc'              | 'metrics':{'AUROC'               | signals[0].metrics: expected
          'high':0.99                     | 'hi':0.99                        | signals[0].metrics.auroc.high: expected a number, found nothing
          'high':0.99                     | 'high':null                      | signals[0].metrics.auroc.high: expected a finite number, found null
          'inputs':{                      | 'input':{                        | golden_inputs[0].inputs: expected an object, found nothing
          'rows':3000                     | 'rows':0                         | training_data.rows: expected at least 1, found 0
          'rows':3000                     | 'rows':'many'                    | training_data.rows: expected an integer, found 'many'
          'salt':'34                      | 'salt':'                         | training_data.seen.salt: expected 64 lowercase hexadecimal digits
          'salt':'34                      | 'x':1,'salt':'34                 | training_data.seen.x: expected only fields
          'groups':{                      | 'group':{                        | training_data.seen.groups: expected an object, found nothing
          """)
  void manifest_badField_isRefusedBySchemaAndReader(String text, String change, String message)
      throws IOException {
    refusedByBoth(TestPacks.full(), text, change, message);
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          'kind':'ema','alpha':0.5        | 'kind':'ema'                     | signals[0].pooling.alpha: expected a number, found nothing
          'kind':'attention'              | 'kind':'attend'                  | signals[1].rule.kind: expected one of [attention, multimax, rolling_attention], found 'attend'
          'kind':'attention'              | 'kind':'attention','window':3    | signals[1].rule.window: expected only fields
          'window':10                     | 'window':0                       | signals[3].rule.window: expected a number from 1
          'window':10                     | 'window':99999999999             | signals[3].rule.window: expected a number from 1
          'query':{                       | 'queries':{                      | signals[1].query: expected an object, found nothing
          'mlp':[{                        | 'mlp':[],'x':[{                  | signals[0].mlp: expected at least 1 layer, found 0
          'mlp':[{                        | 'mlp':[{'x':1,                   | signals[0].mlp[0].x: expected only fields
          """)
  void manifest_badFieldOfHeads_isRefusedBySchemaAndReader(
      String text, String change, String message) throws IOException {
    refusedByBoth(TestPacks.heads(), text, change, message);
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          'mask':'none'                   | 'mask':'some'                    | signals[0].mask: expected none, found 'some'
          'mask':'none'                   | 'mask':true                      | signals[0].mask: expected a text, found true
          'exclude_ids':[0,102]           | 'exclude_ids':[-1]               | signals[0].special_tokens.exclude_ids: expected ids from 0 on
          'exclude_ids':[0,102]           | 'exclude_ids':['[CLS]']          | signals[0].special_tokens.exclude_ids[0]: expected an integer, found '[CLS]'
          'exclude_ids':[0,102]           | 'exclude':[0]                    | signals[0].special_tokens.exclude_ids: expected a list, found nothing
          'exclude_ids':[0,102]           | 'exclude_ids':[0],'x':1          | signals[0].special_tokens.x: expected only fields
          'kind':'isotonic','points':[    | 'kind':'isotonic','points':[],'x':[ | signals[0].calibration.points: expected from 2 to 4096, found 0
          'logit':-1,                     | ``                               | signals[0].calibration.points[0].logit: expected a number, found nothing
          'score':0.1                     | 'score':-0.1                     | signals[0].calibration.points[0].score: expected a number from 0 to 1
          'sampling':'always'             | 'sampling':'often'               | signals[0].sampling: expected one of [auto, always], found 'often'
          'previous':                     | 'before':                        | signals[1].previous: expected a hook point exactly with cosine_to_previous
          ,'cosine_to_previous'           | ``                               | signals[1].previous: expected a hook point exactly with cosine_to_previous
          'kurtosis'                      | 'skewness'                       | signals[1].statistics: expected one of [l2_norm, mean, sparsity, kurtosis, largest_share, cosine_to_previous], found 'skewness'
          'kurtosis'                      | 'mean'                           | signals[1].statistics: expected each one once, found 'mean' twice
          'statistics':[                  | 'statistics':[],'x':[            | signals[1].statistics: expected at least 1, found 0
          'heads':12                      | 'heads':0                        | signals[2].heads: expected from 1 to 1024, found 0
          'heads':12                      | 'heads':12.5                     | signals[2].heads: expected an integer, found 12.5
          'may_break_fusion':true         | 'may_break_fusion':'yes'         | signals[2].may_break_fusion: expected true or false, found 'yes'
          'layers':[                      | 'layers':[],'x':[                | signals[3].layers: expected from 1 to 512, found 0
          'layers':['                     | 'layers':['','                   | signals[3].layers[0]: expected
          'layers':['                     | 'layers':[7,'                    | signals[3].layers[0]: expected a text, found 7
          'token_id':103                  | 'token_id':-1                    | signals[3].position.token_id: expected
          'kind':'token_id'               | 'kind':'middle'                  | signals[3].position.kind: expected first, last or token_id, found 'middle'
          'kind':'token_id'               | 'kind':'last'                    | signals[3].position.token_id: expected only fields
          'top':2                         | 'top':21                         | signals[3].top: expected from 1 to 20, found 21
          'translators':[{                | 'translators':[{'x':1,           | signals[3].translators[0].x: expected only fields
          'scope':'pooled'                | 'scope':'all'                    | signals[4].scope: expected one of [pooled, tokens], found 'all'
          'config':{                      | 'cfg':{                          | signals[4].sae.config: expected an object, found nothing
          'config':{'file':'              | 'config':{'file':'../            | signals[4].sae.config.file: expected the name of a file
          'config':{                      | 'config':{'x':1,                 | signals[4].sae.config.x: expected only fields
          'feature':3                     | 'feature':-3                     | signals[4].watched: expected features below 4
          'name':'rare'                   | 'name':'Rare'                    | signals[4].watched[0].id: expected
          'neuronpedia':'                 | 'neuronpedia':'/                 | signals[4].neuronpedia: expected an id such as
          'labels':{'1'                   | 'labels':{'01'                   | signals[4].labels: expected indices of features, found '01'
          'labels':{'1':'often            | 'labels':{'1':'','3':'often      | signals[4].labels.1: expected 1 to 200 characters
          'temperature':1.5               | 'temperature':0                  | temperature: expected a finite number above 0
          'answer':1                      | 'answer':-1                      | disagreement.answer: expected an index from 0 on
          'pooling':{'kind':'cls'         | 'pooling':{'kind':'max'          | pooling: expected mean, last or cls, found max
          'residual_variance':0.5         | 'residual_variance':0            | residual_variance: expected a finite number above 0
          'variances':                    | 'lambda':                        | variances: expected an object, found nothing
          'values':{'activations'         | 'value':{'activations'           | golden_inputs[1].value: expected only fields
          """)
  void manifest_badFieldOfOtherKinds_isRefusedBySchemaAndReader(
      String text, String change, String message) throws IOException {
    refusedByBoth(TestPacks.kinds(), text, change, message);
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          'id':'high'                     | 'id':'High'                      | monitors[0].id: expected [a-z][a-z0-9_]{0,63}, found 'High'
          'kind':'threshold'              | 'kind':'limit'                   | monitors[0].kind: expected one of [threshold, rate, disagreement, drift, spike, canary, model_change], found 'limit'
          'signal':'p','above'            | 'signal':'P','above'             | monitors[0].signal: expected [a-z][a-z0-9_]{0,63}, found 'P'
          'above':0.9                     | 'above':'0.9'                    | monitors[0].above: expected a finite number, found '0.9'
          'above':0.9                     | 'above':0.9,'below':0.1          | monitors[0].above: expected above or below, found both
          'above':0.9,                    | ``                               | monitors[0].above: expected above or below, found neither
          'consecutive':3                 | 'consecutive':0                  | monitors[0].consecutive: expected from 1 to 1000000, found 0
          'consecutive':3                 | 'consecutive':3,'x':1            | monitors[0].x: expected only fields
          'severity':'low'                | 'severity':'bad'                 | monitors[0].severity: expected one of [informational, low, medium, high, critical], found 'bad'
          'severity':'low'                | 'severe':'low'                   | monitors[0].severity: expected a text, found nothing
          'hold_seconds':600              | 'hold_seconds':-1                | monitors[0].hold_seconds: expected from 0.0 to 604800.0, found -1.0
          'by':'tier'                     | 'by':''                          | monitors[1].by: expected
          'rate':0.2                      | 'rate':0                         | monitors[1].rate: expected above 0 and at most 1, found 0.0
          'rate':0.2                      | 'rate':1.5                       | monitors[1].rate: expected above 0 and at most 1, found 1.5
          'clear_rate':0.1                | 'clear_rate':-0.1                | monitors[1].clear_rate: expected from 0 to the rate, 0.2, found -0.1
          'window':{'seconds':60          | 'window':{'seconds':0.5          | monitors[1].window.seconds: expected at least 1, found 0.5
          'window':{'seconds':60          | 'window':{'seconds':60,'count':5 | monitors[1].window
          'window':{'seconds':60,         | 'window':{                       | monitors[1].window: expected a count or seconds, found neither
          'window':{'seconds':60          | 'window':{'x':1,'seconds':60     | monitors[1].window.x: expected only fields
          'minimum':20                    | 'minimum':0                      | monitors[1].window.minimum: expected from 1 to
          'tags':['atlas:AML.T0051']      | 'tags':['']                      | monitors[1].tags: expected 1 to 100 characters
          'runbook':'https:               | 'runbook':'file:                 | monitors[1].runbook: expected an http or https URL
          'limit':0.5                     | 'limit':0                        | monitors[2].limit: expected from
          'second':{                      | 'other':{                        | monitors[2].second: expected an object, found nothing
          'methods':['cusum'              | 'methods':['cumsum'              | monitors[3].methods: expected one of [cusum, psi, ks, mahalanobis], found 'cumsum'
          'methods':['cusum'              | 'methods':['cusum','cusum'       | monitors[3].methods: expected each one once, found 'cusum' twice
          'baselines':['scores','logits'] | 'baselines':[]                   | monitors[3].baselines: expected 1 to 4096, found 0
          'correlation':[[1,0.25          | 'correlation':[[1,2.5            | monitors[3].correlation
          'false_per_week':0.002          | 'false_per_week':0               | monitors[3].false_per_week: expected above 0 and at most 1, found 0.0
          'readings_per_second':50        | 'readings_per_second':0          | monitors[3].readings_per_second: expected from
          'incidents':['error'            | 'incidents':['crash'             | monitors[4].incidents: expected one of [error, refusal, fallback], found 'crash'
          'count':10,                     | 'count':0,                       | monitors[4].count: expected from 1 to
          'count':1000,'edges':[0.25      | 'count':100,'edges':[0.25        | baselines[0].count: expected at least 200, found 100
          'edges':[0.25,0.5]              | 'edges':[]                       | baselines[0].edges: expected 1 to 256, found 0
          'edges':[0.25,0.5]              | 'edges':[0.25,'0.5']             | baselines[0].edges[1]: expected a finite number, found '0.5'
          'shares':[0.25,0.25,0.5]        | 'shares':[0.5,0,0.5]             | baselines[0].shares[1]: expected above 0 and below 1, found 0.0
          'autocorrelation':[0.5          | 'autocorrelation':[1.5           | baselines[0].autocorrelation[0]: expected a number from -1 to 1, found 1.5
          'regimes':[[0.125               | 'regimes':[[-0.125               | baselines[0].regimes[0][0]: expected from 0 to 1, found -0.125
          'regimes':[[0.125,0.25,0.625]]  | 'regimes':[0.125]                | baselines[0].regimes[0]: expected a list, found 0.125
          'block':500                     | 'block':0                        | baselines[0].block: expected from 1 to the count, 1000, found 0
          """)
  void manifest_badFieldOfMonitors_isRefusedBySchemaAndReader(
      String text, String change, String message) throws IOException {
    refusedByBoth(TestPacks.monitored(), text, change, message);
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          'severity':'critical'           | 'severity':'bad'                 | monitors[0].severity: expected one of [informational, low, medium, high, critical], found 'bad'
          'severity':'critical'           | 'severity':'low','by':'tier'     | monitors[0].by: expected nothing: a change is not of some of the traffic, found 'tier'
          'severity':'critical'           | 'severity':'low','signal':'p'    | monitors[0].signal: expected only fields
          'hold_seconds':30               | 'hold_seconds':604801            | monitors[0].hold_seconds: expected from 0.0 to 604800.0, found 604801.0
          'changes':['model_change'       | 'changes':['model'               | monitors[0].changes: expected one of [model_change, model_mismatch, tokenizer_change, tokenizer_mismatch], found 'model'
          'changes':['model_change'       | 'changes':['model_change','model_change' | monitors[0].changes: expected each one once, found 'model_change' twice
          'changes':['model_change','model_mismatch'] | 'changes':[]         | monitors[0].changes: expected at least 1, found 0
          'canaries':['red_team'          | 'canaries':['attack'             | monitors[1].canaries: expected one of [ordinary, red_team], found 'attack'
          'canaries':['red_team']         | 'canaries':[]                    | monitors[1].canaries: expected at least 1, found 0
          'severity':'high'               | 'severity':'low','by':'tier'     | monitors[1].by: expected nothing: canaries are no traffic, found 'tier'
          'disabled_monitors':['tokenizer_change' | 'disabled_monitors':['swapped' | disabled_monitors: expected some of [canary, model_change, model_mismatch, tokenizer_change, tokenizer_mismatch], found 'swapped'
          'disabled_monitors':['tokenizer_change' | 'disabled_monitors':[1   | disabled_monitors[0]: expected a text, found 1
          """)
  void manifest_badFieldOfMonitorsOfChanges_isRefusedBySchemaAndReader(
      String text, String change, String message) throws IOException {
    refusedByBoth(TestPacks.watchedForChanges(), text, change, message);
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          'signal':'p','above'       | 'signal':'q','above'            | monitor 'high': expected a value of one of the pack's signals, found 'q'
          'value':'l2_norm'          | 'value':'kurtosis'              | monitor 'torn': expected a value of one of the pack's signals, found 'norm.kurtosis'
          'clear':0.7                | 'clear':0.95                    | monitors[0].clear: expected at most 0.9, found 0.95
          'id':'often'               | 'id':'high'                     | monitors: expected ids that differ, found 'high' twice
          'baselines':['scores'      | 'baselines':['score'            | baselines of monitor 'drift': expected ids of baselines, found 'score'
          'clear_rate':0.1           | 'clear_rate':0.5                | monitors[1].clear_rate: expected from 0 to the rate, 0.2, found 0.5
          'edges':[0.25,0.5]         | 'edges':[0.5,0.25]              | baselines[0].edges[1]: expected more than the one before, 0.5, found 0.25
          'edges':[0.25,0.5]         | 'edges':[0.25]                  | baselines[0].shares: expected one more than edges, 2, found 3
          'shares':[0.25,0.25,0.5]   | 'shares':[0.25,0.25,0.25]       | baselines[0].shares: expected the sum 1, found 0.75
          'model':'abab              | 'model':'cdab                   | baseline 'scores': expected one of the model abab
          """)
  void manifest_faultOfMonitorsBeyondTheSchema_isRefusedByTheReader(
      String text, String change, String message) throws IOException {
    refused(edited(manifest(TestPacks.monitored()), text, change), message);
  }

  /** What a schema cannot say. */
  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          'name':'injection'         | 'name':'injection','name':'injection' | each name once, found it twice
          'rows':3000                | 'rows':3000,'rows':3000        | each name once, found it twice
          'low':0.95                 | 'low':0.999                    | signals[0].metrics.auroc.metric: expected low <= high
          'low':0.95                 | 'low':1e999                    | signals[0].metrics.auroc.low: expected a finite number, found 1e999
          'low':0.95                 | 'low':NaN                      | JSON: expected strict JSON
          'low':0.95                 | 'low':0095                     | JSON: expected strict JSON
          'id':'norm_4'              | 'id':'injection'               | signals: expected ids that differ, found 'injection' twice
          'negative':'ordinary'      | 'negative':'injection'         | labels: expected two different ones
          'hook_point':'             | 'hook_point':'\\u0000          | signals[0].hook_point: expected
          'logits':{'injection'      | 'logits':{'norm_4'             | golden_inputs: expected ids of the pack's probes, found 'norm_4'
          {'schema_version'          | {/**/'schema_version'          | JSON: expected strict JSON
          {'schema_version'          | {schema_version:'1.0','x'      | JSON: expected strict JSON
          {'schema_version'          | [{'schema_version'             | JSON: expected strict JSON
          {'schema_version'          | {'x':[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]],'schema_version' | nested at most 16 deep
          """)
  void manifest_faultBeyondTheSchema_isRefusedByTheReader(
      String text, String change, String message) throws IOException {
    refused(edited(manifest(TestPacks.full()), text, change), message);
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          'logit':-1,                | 'logit':2,                      | signals[0].calibration.points[1]: expected a larger logit
          'top':3                    | 'top':5                         | signals[4].top: expected from 1 to 4, found 5
          'feature':3                | 'feature':4                     | signals[4].watched: expected features below 4
          'labels':{'1'              | 'labels':{'4'                   | signals[4].labels: expected features below 4, found 4
          'disagreement':{'probe':'words' | 'disagreement':{'probe':'words_' | disagreement: expected ids of the pack's probes, found 'words_'
          'values':{'activations'    | 'values':{'words'               | golden_inputs: expected values of the pack's signals other than probes, found 'words'
          """)
  void manifest_faultOfOtherKindsBeyondTheSchema_isRefusedByTheReader(
      String text, String change, String message) throws IOException {
    refused(edited(manifest(TestPacks.kinds()), text, change), message);
  }

  @Test
  void manifest_otherBytes_areRefused() throws IOException {
    PackWriter.write(folder, TestPacks.full());
    String good = Files.readString(folder.resolve("probe.json"));

    refused("", "JSON: expected strict JSON");
    refused("[]", "JSON: expected an object, found a list");
    refused(good + "{}", "JSON: expected");
    refused("\uFEFF" + good, "JSON: expected no byte order mark");
    refused("[".repeat(1_000_000), "JSON: expected strict JSON");
    Files.write(folder.resolve("probe.json"), good.getBytes(StandardCharsets.UTF_16));
    assertThatThrownBy(() -> PackReader.read(folder)).hasMessageContaining("JSON: expected UTF-8");
  }

  private void refusedByBoth(ProbePack pack, String text, String change, String message)
      throws IOException {
    String good = manifest(pack);
    String bad = edited(good, text, change);
    assertThat(faults(good)).isEmpty();
    assertThat(faults(bad)).as("faults that the schema finds").isNotEmpty();
    refused(bad, message);
  }

  /** The manifest of a pack that is written, without spaces. */
  private String manifest(ProbePack pack) throws IOException {
    PackWriter.write(folder, pack);
    return Files.readString(folder.resolve("probe.json")).replaceAll("\\s", "");
  }

  private static String edited(String manifest, String text, String change) {
    int at = manifest.indexOf(text.replace('\'', '"'));
    assertThat(at).as("the manifest holds %s", text).isNotNegative();
    return manifest.substring(0, at)
        + change.replace('\'', '"')
        + manifest.substring(at + text.length());
  }

  private void refused(String manifest, String message) throws IOException {
    Files.writeString(folder.resolve("probe.json"), manifest);

    assertThatThrownBy(() -> PackReader.read(folder))
        .isInstanceOf(PackException.class)
        .hasMessageStartingWith("pack " + folder + ": probe.json: ")
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }

  private static Set<ValidationMessage> faults(String manifest) {
    return SCHEMA.validate(manifest, InputFormat.JSON);
  }

  private static String resource(String name) {
    try (InputStream in = ManifestSchemaTest.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
