/* Every function of the public header once, as a C program would call it. */
#include "gradwatt/mark.h"

int main(void) {
  gradwatt_epochs_total(1);
  gradwatt_param("batch", "64");
  gradwatt_tag("study", "first");
  gradwatt_epoch_begin(0);
  gradwatt_phase_begin("train");
  gradwatt_phase_end("train");
  gradwatt_metric("val_acc", 0.9);
  gradwatt_samples(64);
  gradwatt_steps(1);
  gradwatt_note("done");
  gradwatt_epoch_end(0);
  return 0;
}
