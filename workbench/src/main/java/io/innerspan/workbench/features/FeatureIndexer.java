package io.innerspan.workbench.features;

import io.innerspan.signals.Sae;
import io.innerspan.workbench.data.Progress;
import io.innerspan.workbench.sae.DictionaryMatch;
import io.innerspan.workbench.sae.SaeEncoder;
import io.innerspan.workbench.sae.SaePack;
import io.innerspan.workbench.sae.SparseCode;
import io.innerspan.workbench.sae.TokenChoice;
import io.innerspan.workbench.store.StoreTexts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Encodes every text of a store and collects what each feature does there. */
public final class FeatureIndexer {
  private static final int NEAREST = 5;
  private static final int CONTEXT = 300;

  private record Active(int token, float value) {}

  private final SaePack pack;
  private final StoreTexts texts;
  private final TokenChoice choice;
  private final FeatureTally[] tallies;
  private final Coactivation coactivation;
  private final double clusterAt;
  private final int stride;
  private int tokens;

  /**
   * @param examples how many texts are kept for each feature
   * @param clusterAt from which share of common tokens on two features are of one cluster
   */
  public FeatureIndexer(SaePack pack, StoreTexts texts, int examples, double clusterAt) {
    this.pack = pack;
    this.texts = texts;
    this.clusterAt = clusterAt;
    choice = new TokenChoice(texts, pack.signal().tokens(), 0);
    int features = pack.signal().sae().features();
    tallies = new FeatureTally[features];
    Arrays.setAll(tallies, f -> new FeatureTally(examples));
    coactivation = new Coactivation(features);
    stride = Math.max(1, (int) Math.ceil((double) texts.rows().count() / Coactivation.SAMPLE));
  }

  /** Reads all texts. */
  public List<Feature> run(Progress progress) {
    Progress.Counter counter = progress.count("texts", texts.size());
    try (SaeEncoder encoder = new SaeEncoder(pack.signal().sae())) {
      int from = 0;
      while (from < texts.size()) {
        int to = from;
        List<Integer> batch = new ArrayList<>();
        while (to < texts.size() && (to == from || batch.size() < encoder.batch())) {
          for (int token = texts.firstToken(to); token < texts.firstToken(to + 1); token++) {
            if (choice.includes(token)) {
              batch.add(token);
            }
          }
          to++;
        }
        encode(encoder, batch, from, to);
        counter.add(to - from);
        from = to;
      }
    }
    return features();
  }

  /** How many tokens were read. */
  public int tokens() {
    return tokens;
  }

  private void encode(SaeEncoder encoder, List<Integer> batch, int from, int to) {
    int[] chosen = batch.stream().mapToInt(Integer::intValue).toArray();
    int row = 0;
    int text = from;
    Map<Integer, List<Active>> active = new LinkedHashMap<>();
    for (int first = 0; first < chosen.length; first += encoder.batch()) {
      int last = Math.min(chosen.length, first + encoder.batch());
      SparseCode code = encoder.encode(texts.rows().gather(chosen, first, last));
      for (int i = 0; i < code.rows(); i++, row++) {
        while (chosen[row] >= texts.firstToken(text + 1)) {
          finish(text++, active);
        }
        int begin = code.splits()[i];
        int end = code.splits()[i + 1];
        for (int at = begin; at < end; at++) {
          active
              .computeIfAbsent(code.features()[at], feature -> new ArrayList<>())
              .add(new Active(chosen[row], code.values()[at]));
        }
        if (tokens++ % stride == 0) {
          coactivation.add(Arrays.copyOfRange(code.features(), begin, end));
        }
      }
    }
    while (text < to) {
      finish(text++, active);
    }
  }

  private void finish(int text, Map<Integer, List<Active>> active) {
    active.forEach(
        (feature, found) -> {
          int[] where = new int[found.size()];
          float[] values = new float[where.length];
          for (int i = 0; i < where.length; i++) {
            where[i] = found.get(i).token();
            values[i] = found.get(i).value();
          }
          tallies[feature].add(text, where, values);
        });
    active.clear();
  }

  private List<Feature> features() {
    Sae sae = pack.signal().sae();
    String[] ids =
        FeatureIds.of(sae, pack.pack().model().sha256(), pack.signal().hookPoint().name());
    int[] clusters = new int[sae.features()];
    List<List<Neighbour>> together = coactivation.partners(clusterAt, clusters);
    List<List<Neighbour>> nearest = nearest(sae);
    List<Feature> features = new ArrayList<>();
    for (int f = 0; f < tallies.length; f++) {
      FeatureTally tally = tallies[f];
      features.add(
          new Feature(
              f,
              ids[f],
              tally.active(),
              (double) tally.active() / Math.max(1, tokens),
              tally.mean(),
              tally.max(),
              tally.histogram(),
              clusters[f],
              tally.examples().stream().map(this::example).toList(),
              nearest.get(f),
              together.get(f)));
    }
    return features;
  }

  private static List<List<Neighbour>> nearest(Sae sae) {
    List<List<Neighbour>> nearest = new ArrayList<>();
    DictionaryMatch.similarities(
        sae.decoder().toArray(),
        sae.in(),
        (feature, cosines) -> {
          Strongest strongest = new Strongest(NEAREST);
          for (int other = 0; other < cosines.length; other++) {
            if (other != feature) {
              strongest.offer(other, cosines[other]);
            }
          }
          nearest.add(strongest.list());
        });
    return nearest;
  }

  private Example example(FeatureTally.Candidate candidate) {
    String text = texts.text(candidate.text());
    int strongest = 0;
    for (int i = 1; i < candidate.values().length; i++) {
      strongest = candidate.values()[i] > candidate.values()[strongest] ? i : strongest;
    }
    int peakBegin = position(text, texts.begin(candidate.tokens()[strongest]));
    int peakEnd = position(text, texts.end(candidate.tokens()[strongest]));
    int from = around(text, peakBegin - CONTEXT);
    int to = around(text, peakEnd + CONTEXT);
    List<Example.ActiveToken> active = new ArrayList<>();
    for (int i = 0; i < candidate.values().length; i++) {
      int begin = position(text, texts.begin(candidate.tokens()[i]));
      int end = position(text, texts.end(candidate.tokens()[i]));
      if (begin >= from && end <= to) {
        active.add(new Example.ActiveToken(begin - from, end - from, candidate.values()[i]));
      }
    }
    return new Example(
        candidate.activation(),
        text.substring(from, to),
        text.substring(peakBegin, peakEnd),
        active);
  }

  /** The tokenizer counts code points, Java UTF-16 characters. */
  private static int position(String text, int codePoints) {
    int points = text.codePointCount(0, text.length());
    return text.offsetByCodePoints(0, Math.max(0, Math.min(points, codePoints)));
  }

  /** A place in the text that cuts no character in two. */
  private static int around(String text, int position) {
    int at = Math.max(0, Math.min(text.length(), position));
    boolean within =
        at > 0
            && at < text.length()
            && Character.isLowSurrogate(text.charAt(at))
            && Character.isHighSurrogate(text.charAt(at - 1));
    return within ? at - 1 : at;
  }
}
