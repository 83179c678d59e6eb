package io.innerspan.workbench.packs;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.signals.Calibration;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.Threshold;
import io.innerspan.signals.pack.GoldenInput;
import io.innerspan.signals.pack.Metric;
import io.innerspan.signals.pack.ModelIdentity;
import io.innerspan.signals.pack.PackBuilder;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.signals.pack.ProbeReport;
import io.innerspan.signals.pack.SeenData;
import io.innerspan.signals.pack.TokenizerIdentity;
import io.innerspan.signals.pack.TrainingData;
import io.innerspan.signals.safetensors.Tensor;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PackCardTest {
  private static final String MODEL = "1".repeat(64);
  private static final String TOKENIZER = "2".repeat(64);
  private static final String DATA = "3".repeat(64);

  @Test
  void of_packThatWasMeasured_isThisText() {
    ProbePack pack =
        builder(
                new Calibration.Platt(1.5, -0.25),
                new Threshold(0.75, 0.01, new Threshold.Certificate(487, 0.0097, 0.95)))
            .description("Says 'bad' | loudly.")
            .tokenizer(new TokenizerIdentity(TOKENIZER))
            .trainingData(
                new TrainingData(
                    DATA,
                    180,
                    "texts_1.csv",
                    SeenData.of("4".repeat(64), List.of("a", "b", "c"), List.of("g"))))
            .report(
                "bad",
                new ProbeReport(
                    List.of(new Threshold(0.9, 0.001)),
                    Map.of(
                        "auroc", new Metric(.9593, .934, .9795),
                        "tpr_at_threshold", new Metric(.5, .4, .6),
                        "test_other_rows", Metric.exact(721)),
                    Map.of(
                        "tf_idf_auroc", new Metric(.938, .9073, .964),
                        "length_auroc", new Metric(.5, .5, .5),
                        "length_words", Metric.exact(7))))
            .build();

    assertThat(PackCard.of(pack))
        .isEqualToNormalizingNewlines(
            """
            # cards 1.2.3

            Says 'bad' \\| loudly.

            | | |
            |---|---|
            | licence | Apache-2.0 |
            | pack | `sha256:DIGEST`, which is its identity |
            | model | tiny, `sha256:1111111111111111111111111111111111111111111111111111111111111111` |
            | tokenizer | `sha256:2222222222222222222222222222222222222222222222222222222222222222` |

            ## What it measures

            | signal | kind | where | over | says |
            |---|---|---|---|---|
            | `bad` | linear_probe | `blocks.0.hook_resid_post` | tokens, mean | bad rather than fine |

            ## What it was trained on

            texts\\_1.csv: 180 rows, `sha256:3333333333333333333333333333333333333333333333333333333333333333`.
            It has salted digests of the 3 texts and 1 groups that it was fitted to, which `innerspan evaluate` leaves out.

            ## How good `bad` is

            The numbers of its manifest, each with its interval.

            | | probe | length | tf_idf |
            |---|---|---|---|
            | auroc | 0.9593 [0.9340, 0.9795] | 0.5000 | 0.9380 [0.9073, 0.9640] |
            | tpr_at_threshold | 0.5000 [0.4000, 0.6000] | – | – |

            | | |
            |---|---|
            | baseline length_words | 7 |
            | test_other_rows | 721 |

            Calibration: Platt, σ(1.5000 · logit -0.2500).

            | `bad` from score | false positives asked for | certified |
            |---|---|---|
            | 0.75 (in force) | 1.00 % | at most 0.97 % with 95 % confidence, from 487 independent benign rows |
            | 0.9 | 0.10 % | nothing was measured |

            ## What proves it

            - `bad` is recomputed on 1 golden activations whenever the pack is read.
            - 1 golden inputs are run on the live model before its first reading.
            - Digests say that nothing was damaged, not who wrote it. Verify it with `innerspan pack verify`.

            ## Limits

            - Numbers hold for texts like those that they were measured on. Probes with .998 within their source collapse under a change of style when they learnt cues (arXiv 2605.27958): measure on your own traffic.
            - Simple text classifiers often match probes (arXiv 2509.03888): see the baselines.
            - A probe is no security boundary. Obfuscated activations took the recall of such monitors from 100 % to 0 (arXiv 2412.09565).
            - It is for the model of the digest above; on any other it gives no reading.
            """
                .replace("DIGEST", pack.digest()));
  }

  @Test
  void of_packOfWhichNothingIsKnown_saysSo() {
    String card = PackCard.of(builder(new Calibration.None(), null).build());

    assertThat(card)
        .contains(
            "| tokenizer | not named |",
            "The pack does not say.",
            "The pack has no measurement of it.",
            "Calibration: none: the score is the logistic function of the raw logit, no probability.",
            "It has no threshold: it gives scores, and no label is certified.",
            "- Nobody has measured `bad`: the pack names no AUROC.");
  }

  private static PackBuilder builder(Calibration calibration, @Nullable Threshold threshold) {
    LinearProbe probe =
        new LinearProbe(
            "bad",
            new HookPoint("blocks.0.hook_resid_post"),
            Pooling.MEAN,
            new float[] {2, 0},
            1,
            calibration,
            threshold,
            "bad",
            "fine");
    return ProbePack.builder("cards", "1.2.3", "Apache-2.0", new ModelIdentity("tiny", MODEL, null))
        .probe(probe, Tensor.ofFloats(new float[] {1, 5}, 1, 2), Tensor.ofFloats(new float[] {3}))
        .goldenInput(
            new GoldenInput(
                Map.of("input_ids", Tensor.ofLongs(new long[] {7}, 1, 1)),
                Map.of("bad", Tensor.ofFloats(new float[] {3}))));
  }
}
