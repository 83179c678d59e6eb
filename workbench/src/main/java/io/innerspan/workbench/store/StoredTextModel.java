package io.innerspan.workbench.store;

import io.innerspan.signals.HookPoint;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.Digests;
import io.innerspan.workbench.data.InputFile;
import io.innerspan.workbench.data.Progress;
import io.innerspan.workbench.model.DelegatingTextModel;
import io.innerspan.workbench.model.TextModel;
import io.innerspan.workbench.model.TokenIds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A model whose activations were captured before: texts are found in the store by their tokens, and
 * the model itself is asked for the rest.
 */
public final class StoredTextModel extends DelegatingTextModel {
  private final ActivationStore store;
  private final List<HookPoint> places;
  private final StoreTexts texts;
  private final Map<Ids, Integer> found = new HashMap<>();

  private StoredTextModel(TextModel model, ActivationStore store) throws IOException {
    super(model);
    this.store = store;
    places = store.settings().hookPoints().stream().map(HookPoint::new).toList();
    texts = store.texts(places.get(0).name());
    for (int text = 0; text < texts.size(); text++) {
      long[] ids = new long[texts.firstToken(text + 1) - texts.firstToken(text)];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = texts.id(texts.firstToken(text) + i);
      }
      found.putIfAbsent(new Ids(ids), text);
    }
  }

  /**
   * Opens a store.
   *
   * @param model what was captured
   * @param tokenizer what its texts were tokenised with
   * @throws BadInput when the store is of another model or tokenizer, of random weights, or of no
   *     texts
   */
  public static StoredTextModel open(TextModel model, Path folder, Path tokenizer)
      throws IOException {
    ActivationStore store = ActivationStore.open(folder);
    StoreSettings settings = store.settings();
    if (settings.tokenizerSha256() == null) {
      throw BadInput.in(folder, "a store of texts", "one of " + settings.inputs());
    }
    if (settings.randomizedSeed() != null) {
      throw BadInput.in(folder, "a store of the model as it is", "one with random weights");
    }
    if (!settings.modelSha256().equals(model.sha256())) {
      throw BadInput.in(
          folder,
          "a store of the model sha256:" + model.sha256(),
          "sha256:" + settings.modelSha256());
    }
    String expected = Digests.sha256(InputFile.existing(tokenizer));
    if (!settings.tokenizerSha256().equals(expected)) {
      throw BadInput.in(
          folder,
          "a store of the tokenizer sha256:" + expected,
          "sha256:" + settings.tokenizerSha256());
    }
    return new StoredTextModel(model, store);
  }

  /** The places of the store. */
  @Override
  public List<HookPoint> layerOutputs() {
    return places;
  }

  @Override
  public void visit(
      List<TokenIds> wanted, List<HookPoint> hookPoints, Progress.Counter progress, Visitor visitor)
      throws IOException {
    List<StoreRows> rows = new ArrayList<>();
    for (HookPoint hookPoint : hookPoints) {
      rows.add(store.rows(hookPoint.name()));
    }
    for (int i = 0; i < wanted.size(); i++) {
      int text = find(wanted.get(i));
      List<float[][]> activations = new ArrayList<>();
      for (StoreRows each : rows) {
        activations.add(tokens(each, text));
      }
      visitor.visit(i, activations);
      progress.add(1);
    }
  }

  private int find(TokenIds tokens) {
    Integer text = found.get(new Ids(tokens.ids()));
    if (text == null) {
      throw BadInput.in(
          store.folder(),
          "activations of every text of the data (capture the same file)",
          "none of one with " + tokens.length() + " tokens");
    }
    return text;
  }

  private float[][] tokens(StoreRows rows, int text) {
    float[][] tokens = new float[texts.firstToken(text + 1) - texts.firstToken(text)][rows.width()];
    for (int i = 0; i < tokens.length; i++) {
      rows.copy(texts.firstToken(text) + i, tokens[i], 0);
    }
    return tokens;
  }

  /** Tokens by their numbers. */
  @SuppressWarnings("ArrayRecordComponent") // compared by what is in it
  private record Ids(long[] values) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Ids that && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(values);
    }
  }
}
