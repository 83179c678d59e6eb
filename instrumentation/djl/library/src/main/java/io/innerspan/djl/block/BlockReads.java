package io.innerspan.djl.block;

import java.util.ArrayList;
import java.util.List;

/**
 * Which units read what: found once, so that an inference need not look.
 *
 * @param ofTaps by the number of a tapped block
 * @param ofOutputs of the model's outputs
 */
record BlockReads(List<List<BlockReads.Read>> ofTaps, List<BlockReads.Read> ofOutputs) {
  /**
   * A unit reads an activation.
   *
   * @param unit its number
   * @param at which of the unit's sites that is
   * @param output the name of an output, or empty
   */
  record Read(int unit, int at, String output) {}

  BlockReads {
    ofTaps = List.copyOf(ofTaps);
    ofOutputs = List.copyOf(ofOutputs);
  }

  static BlockReads of(List<BlockUnit> units) {
    List<List<Read>> ofTaps = new ArrayList<>();
    List<Read> ofOutputs = new ArrayList<>();
    for (int unit = 0; unit < units.size(); unit++) {
      List<BlockSite> sites = units.get(unit).sites();
      for (int at = 0; at < sites.size(); at++) {
        BlockSite site = sites.get(at);
        Read read = new Read(unit, at, site.output());
        if (site.isOutput()) {
          ofOutputs.add(read);
        } else if (sites.indexOf(site) == at) {
          while (ofTaps.size() <= site.tap()) {
            ofTaps.add(new ArrayList<>());
          }
          ofTaps.get(site.tap()).add(read);
        }
      }
    }
    return new BlockReads(ofTaps, ofOutputs);
  }

  /** The reads of a tapped block. */
  List<Read> ofTap(int tap) {
    return tap < ofTaps.size() ? ofTaps.get(tap) : List.of();
  }
}
