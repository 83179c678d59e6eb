package io.innerspan.workbench.store;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The activations of every token at one hook point, in the order of the texts; mapped. */
public final class StoreRows implements Rows {
  private final List<FloatBuffer> values = new ArrayList<>();
  private final int[] firstTokens;
  private final List<StoreShard> shards;
  private final int width;
  private final int tokens;

  StoreRows(List<StoreShard> shards, String hookPoint, int width) {
    this.shards = shards;
    this.width = width;
    firstTokens = new int[shards.size()];
    int first = 0;
    for (int i = 0; i < firstTokens.length; i++) {
      firstTokens[i] = first;
      FloatBuffer shard = shards.get(i).activations(hookPoint, width);
      values.add(shard);
      first = Math.addExact(first, shard.remaining() / width);
    }
    tokens = first;
  }

  @Override
  public int count() {
    return tokens;
  }

  @Override
  public int width() {
    return width;
  }

  List<StoreShard> shards() {
    return shards;
  }

  @Override
  public void copy(int token, float[] to, int offset) {
    int shard = Arrays.binarySearch(firstTokens, token);
    shard = shard < 0 ? -shard - 2 : shard;
    values.get(shard).get((token - firstTokens[shard]) * width, to, offset, width);
  }
}
