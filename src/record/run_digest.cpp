#include "record/run_digest.h"

#include "record/byte_archive.h"

namespace gradwatt {
namespace {

// Each says for both directions what a structure consists of; see byte_archive.h. Energies are near
// one another, so bounds are stored as differences.

template <typename Archive>
void visit_difference(Archive& archive, auto& energy, const Energy& from) {
  auto difference = energy - from;
  archive.number(difference.microjoules);
  if constexpr (std::is_same_v<Archive, ArchiveReader>) {
    energy = from + difference;
  }
}

template <typename Archive>
void visit_bounded(Archive& archive, auto& bounded) {
  archive.number(bounded.energy.microjoules);
  visit_difference(archive, bounded.lo, bounded.energy);
  visit_difference(archive, bounded.hi, bounded.energy);
  visit_difference(archive, bounded.random_lo, bounded.lo);
  visit_difference(archive, bounded.random_hi, bounded.hi);
}

template <typename Archive>
void visit_duration(Archive& archive, auto& duration) {
  auto ns = duration.count();
  archive.number(ns);
  if constexpr (std::is_same_v<Archive, ArchiveReader>) {
    duration = Duration(ns);
  }
}

template <typename Archive>
void visit_numbers(Archive& archive, auto& metrics) {
  archive.table(metrics, [&](auto& name, auto& value) {
    archive.text(name);
    archive.real(value);
  });
}

template <typename Archive>
void visit_texts(Archive& archive, auto& texts) {
  archive.table(texts, [&](auto& name, auto& value) {
    archive.text(name);
    archive.text(value);
  });
}

template <typename Archive>
void visit_phases(Archive& archive, auto& phases) {
  archive.list(phases, [&](auto& phase) {
    archive.text(phase.name);
    archive.optional(phase.energy, [&](auto& energy) { archive.number(energy.microjoules); });
    visit_duration(archive, phase.duration);
    archive.number(phase.count);
    archive.text(phase.not_observable);
  });
}

template <typename Archive>
void visit_epoch(Archive& archive, auto& epoch) {
  archive.number(epoch.epoch);
  archive.number(epoch.begin.ns);
  archive.number(epoch.end.ns);
  archive.optional(epoch.energy, [&](auto& energy) { visit_bounded(archive, energy); });
  archive.optional(epoch.energy_eq1, [&](auto& e) { archive.number(e.microjoules); });
  archive.real(epoch.coverage);
  archive.optional(epoch.samples, [&](auto& count) { archive.number(count); });
  archive.optional(epoch.steps, [&](auto& count) { archive.number(count); });
  visit_numbers(archive, epoch.metrics);
  visit_phases(archive, epoch.phases);
  archive.number(epoch.complete);
}

template <typename Archive>
void visit_node(Archive& archive, auto& node) {
  archive.text(node.node);
  archive.number(node.finished);
  archive.optional(node.energy, [&](auto& energy) { visit_bounded(archive, energy); });
  archive.choice(node.kind);
  archive.real(node.coverage);
  archive.optional(node.duration, [&](auto& d) { visit_duration(archive, d); });
  archive.optional(node.clock_offset, [&](auto& d) { visit_duration(archive, d); });
  archive.optional(node.clock_uncertainty, [&](auto& d) { visit_duration(archive, d); });
  archive.table(node.ranks, [&](auto& rank, auto& status) {
    archive.number(rank);
    archive.optional(status, [&](auto& s) { archive.number(s); });
  });
}

template <typename Archive>
void visit_account(Archive& archive, auto& account) {
  archive.number(account.begin.ns);
  archive.number(account.end.ns);
  archive.choice(account.kind);
  archive.optional(account.total, [&](auto& energy) { visit_bounded(archive, energy); });
  archive.list(account.epochs, [&](auto& epoch) { visit_epoch(archive, epoch); });
  archive.optional(account.outside_epochs, [&](auto& e) { archive.number(e.microjoules); });
  visit_duration(archive, account.outside_duration);
  visit_phases(archive, account.outside_phases);
  archive.optional(account.epochs_total, [&](auto& total) { archive.number(total); });
  visit_numbers(archive, account.metrics);
  visit_texts(archive, account.params);
  visit_texts(archive, account.tags);
  archive.list(account.notes, [&](auto& note) { archive.text(note); });
  archive.list(account.nodes, [&](auto& node) { visit_node(archive, node); });
  archive.optional(account.nodes_expected, [&](auto& nodes) { archive.number(nodes); });
  archive.optional(account.idle_share, [&](auto& share) { archive.real(share); });
  archive.list(account.power_limits_w, [&](auto& watts) { archive.real(watts); });
  archive.text(account.why_no_total);
}

template <typename Archive>
void visit_point(Archive& archive, auto& point) {
  archive.text(point.sweep);
  archive.text(point.key);
  archive.list(point.factors, [&](auto& factor) {
    archive.text(factor.name);
    archive.text(factor.value);
  });
  archive.number(point.repeat);
}

template <typename Archive>
void visit_calibration(Archive& archive, auto& calibration) {
  archive.table(calibration.idle, [&](auto& key, auto& idle) {
    archive.text(key);
    archive.real(idle.mean.watts);
    archive.real(idle.spread.watts);
    archive.real(idle.duration_s);
    archive.optional(idle.with_context, [&](auto& power) { archive.real(power.watts); });
    archive.number(idle.found_at.ms);
  });
  archive.optional(calibration.wall, [&](auto& wall) {
    archive.real(wall.offset.watts);
    archive.real(wall.gain);
    archive.real(wall.residual.watts);
    archive.real(wall.duration_s);
    archive.real(wall.lag_s);
    archive.number(wall.found_at.ms);
    archive.list(wall.channels, [&](auto& channel) { archive.text(channel); });
    archive.real(wall.least.watts);
    archive.real(wall.most.watts);
  });
}

template <typename Archive>
void visit_manifest(Archive& archive, auto& manifest) {
  archive.text(manifest.run_id);
  archive.text(manifest.name);
  archive.list(manifest.command, [&](auto& argument) { archive.text(argument); });
  archive.text(manifest.directory);
  archive.number(manifest.started_at.ms);
  archive.optional(manifest.duration, [&](auto& d) { visit_duration(archive, d); });
  archive.choice(manifest.state);
  archive.optional(manifest.exit_status, [&](auto& status) { archive.number(status); });
  archive.optional(manifest.signal, [&](auto& signal) { archive.number(signal); });
  visit_texts(archive, manifest.tags);
  archive.optional(manifest.point, [&](auto& point) { visit_point(archive, point); });
  visit_texts(archive, manifest.environment);
  archive.optional(manifest.calibration, [&](auto& c) { visit_calibration(archive, c); });
}

void forget_bounds(std::vector<PhaseAccount>& phases) {
  for (PhaseAccount& phase : phases) {
    phase.bounds.reset();
  }
}

}  // namespace

RunAccount without_details(RunAccount account) {
  account.channels = {};
  account.monitor = {};
  account.gaps = {};
  forget_bounds(account.outside_phases);
  for (EpochAccount& epoch : account.epochs) {
    forget_bounds(epoch.phases);
  }
  return account;
}

std::string digest_of(const RunAccount& account) {
  ArchiveWriter writer;
  visit_account(writer, account);
  return writer.bytes();
}

std::string digest_of(const Manifest& manifest) {
  ArchiveWriter writer;
  visit_manifest(writer, manifest);
  return writer.bytes();
}

std::optional<RunAccount> account_from_digest(std::string_view bytes) {
  std::optional<RunAccount> account(std::in_place);
  ArchiveReader reader(bytes);
  visit_account(reader, *account);
  return reader.is_good() ? std::move(account) : std::nullopt;
}

std::optional<Manifest> manifest_from_digest(std::string_view bytes) {
  std::optional<Manifest> manifest(std::in_place);
  ArchiveReader reader(bytes);
  visit_manifest(reader, *manifest);
  return reader.is_good() ? std::move(manifest) : std::nullopt;
}

}  // namespace gradwatt
