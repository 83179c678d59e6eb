package io.innerspan.onnxruntime.graft;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What makes a model's activations changeable from outside: added inputs, which every run must
 * feed, with {@link #inactive} values when it changes nothing. Immutable.
 *
 * <p>The inputs are mandatory because ONNX Runtime's Java interface accepts no value for an input
 * that has a default. Inactive they are a few floats.
 */
public final class InterventionGraph {
  private final Map<String, String> renamed;
  private final byte[] overlay;
  private final Map<Site, SiteControls> sites;
  private final Map<Site, String> refusals;

  InterventionGraph(
      Map<String, String> renamed,
      byte[] overlay,
      Map<Site, SiteControls> sites,
      Map<Site, String> refusals) {
    this.renamed = renamed;
    this.overlay = overlay;
    this.sites = sites;
    this.refusals = Map.copyOf(refusals);
  }

  /** The sites that a run can use, in the order in which they were asked for. */
  public Set<Site> sites() {
    return sites.keySet();
  }

  /** Why the other sites are not there. */
  public Map<Site, String> refusals() {
    return refusals;
  }

  /** The names of the added inputs. */
  public List<String> inputs() {
    return sites.values().stream().flatMap(site -> site.inputs().stream()).toList();
  }

  /**
   * The model with its interventions: a copy of the bytes with the sites' tensors renamed in place,
   * and the added nodes behind. Overlays compiled from the same model may follow; they read the
   * activations as the interventions left them.
   *
   * @param model the bytes of the model that was scanned
   * @throws ModelRefusedException when they are not, for a site's tensor is missing
   */
  public byte[] applyTo(byte[] model) throws ModelRefusedException {
    byte[] result = Arrays.copyOf(model, Math.addExact(model.length, overlay.length));
    System.arraycopy(overlay, 0, result, model.length, overlay.length);
    ProducerRenamer.rename(result, model.length, renamed);
    return result;
  }

  /** The added nodes, which go behind the model that {@link #edits} changed. */
  byte[] overlay() {
    return overlay.clone();
  }

  /**
   * What {@link #applyTo} changes in a model without copying it.
   *
   * @param model between the buffer's position and limit, which stay as they are
   * @return the new bytes by how many bytes lie before them
   * @throws ModelRefusedException when it is not the model that was scanned
   */
  Map<Integer, byte[]> edits(ByteBuffer model) throws ModelRefusedException {
    return ProducerRenamer.edits(model, renamed);
  }

  /**
   * What to feed to the added inputs so that not one bit of the model's outputs depends on them.
   */
  public List<Control> inactive() {
    return controls(List.of());
  }

  /**
   * What to feed to the added inputs.
   *
   * @param interventions at most one per site; other sites stay inactive
   * @throws IllegalArgumentException when a site is unknown or has two interventions, or one does
   *     not fit its activation
   */
  public List<Control> controls(List<Intervention> interventions) {
    Map<Site, Intervention> bySite = new HashMap<>();
    for (Intervention intervention : interventions) {
      Site site = intervention.site();
      if (!sites.containsKey(site)) {
        String reason = refusals.get(site);
        throw new IllegalArgumentException(
            site + ": " + (reason == null ? "expected one of " + sites.keySet() : reason));
      }
      if (bySite.put(site, intervention) != null) {
        throw new IllegalArgumentException(site + ": expected one intervention, found two");
      }
    }
    List<Control> controls = new ArrayList<>();
    sites.forEach(
        (site, inputs) -> {
          Intervention intervention = bySite.get(site);
          controls.addAll(intervention == null ? inputs.inactive() : inputs.active(intervention));
        });
    return controls;
  }
}
