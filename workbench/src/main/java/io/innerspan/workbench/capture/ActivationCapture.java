package io.innerspan.workbench.capture;

import io.innerspan.signals.HookPoint;
import io.innerspan.signals.safetensors.SafetensorsException;
import io.innerspan.signals.safetensors.SafetensorsWriter;
import io.innerspan.signals.safetensors.Tensor;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.Progress;
import io.innerspan.workbench.model.TextModel;
import io.innerspan.workbench.model.TokenIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes the activations of texts at hook points to a safetensors file, holding one batch in
 * memory.
 *
 * <p>Per hook point a tensor of its name: {@code [texts, width]} when pooled, else {@code [tokens,
 * width]} with the tokens of all texts one after another, without padding. Text i's tokens are the
 * rows {@code row_splits[i]} to {@code row_splits[i+1]}. Per token, in the same order: {@code
 * input_ids}, {@code attention_mask} (1: padding is not written), {@code special_tokens_mask}, and
 * {@code token_offsets [tokens, 2]}, its begin and end in the text in characters.
 */
public final class ActivationCapture {
  private final TextModel model;
  private final List<TokenIds> texts;
  private final CapturePooling pooling;

  /**
   * @param texts at least one, in the order of the file
   */
  public ActivationCapture(TextModel model, List<TokenIds> texts, CapturePooling pooling) {
    this.model = model;
    this.texts = List.copyOf(texts);
    this.pooling = pooling;
  }

  /**
   * Captures.
   *
   * @param metadata kept in the file
   * @throws BadInput when a hook point cannot be read, or the file cannot be written
   */
  public void write(
      Path out, List<HookPoint> hookPoints, Map<String, String> metadata, Progress progress)
      throws IOException {
    long[] splits = splits();
    long rows = pooling == CapturePooling.NONE ? splits[texts.size()] : texts.size();
    Path scratch = Files.createTempDirectory("innerspan-capture");
    List<RowFile> files = new ArrayList<>();
    try {
      for (int h = 0; h < hookPoints.size(); h++) {
        files.add(new RowFile(scratch.resolve(h + ".f32"), rows));
      }
      model.visit(
          texts,
          hookPoints,
          progress.count("texts", texts.size()),
          (text, activations) -> {
            long row = pooling == CapturePooling.NONE ? splits[text] : text;
            for (int h = 0; h < files.size(); h++) {
              files.get(h).write(row, pooling.apply(activations.get(h)));
            }
          });
      Map<String, Tensor> tensors = tokenTensors(splits);
      for (int h = 0; h < hookPoints.size(); h++) {
        tensors.put(hookPoints.get(h).name(), files.get(h).tensor());
      }
      SafetensorsWriter.write(out, tensors, metadata);
    } catch (CaptureTooLargeException e) {
      throw BadInput.in(
          out, "at most 2 GiB per hook point (split the texts)", String.valueOf(e.getMessage()));
    } catch (SafetensorsException e) {
      throw new BadInput(String.valueOf(e.getMessage()));
    } finally {
      for (RowFile file : files) {
        file.close();
      }
      Files.delete(scratch);
    }
  }

  private long[] splits() {
    long[] splits = new long[texts.size() + 1];
    for (int i = 0; i < texts.size(); i++) {
      splits[i + 1] = splits[i] + texts.get(i).length();
    }
    return splits;
  }

  private Map<String, Tensor> tokenTensors(long[] splits) {
    int tokens = Math.toIntExact(splits[texts.size()]);
    long[] ids = new long[tokens];
    long[] mask = new long[tokens];
    long[] special = new long[tokens];
    long[] offsets = new long[2 * tokens];
    int at = 0;
    for (TokenIds text : texts) {
      for (int i = 0; i < text.length(); i++, at++) {
        ids[at] = text.ids()[i];
        mask[at] = 1;
        special[at] = text.special()[i] ? 1 : 0;
        offsets[2 * at] = text.begins()[i];
        offsets[2 * at + 1] = text.ends()[i];
      }
    }
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("row_splits", Tensor.ofLongs(splits));
    tensors.put("input_ids", Tensor.ofLongs(ids));
    tensors.put("attention_mask", Tensor.ofLongs(mask));
    tensors.put("special_tokens_mask", Tensor.ofLongs(special));
    tensors.put("token_offsets", Tensor.ofLongs(offsets, tokens, 2));
    return tensors;
  }
}
