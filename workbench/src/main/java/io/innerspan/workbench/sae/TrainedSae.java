package io.innerspan.workbench.sae;

import io.innerspan.signals.Sae;
import java.util.List;

/**
 * What training gave.
 *
 * @param sae the autoencoder, for activations as they are in the model
 * @param curve the loss curve
 * @param resampled how many features were resampled, counting each time
 */
public record TrainedSae(Sae sae, List<LossPoint> curve, int resampled) {
  public TrainedSae {
    curve = List.copyOf(curve);
  }
}
