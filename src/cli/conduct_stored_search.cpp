#include "cli/conduct_stored_search.h"

#include "cli/live_line.h"
#include "experiment/conduct_search.h"
#include "experiment/local_runner.h"
#include "experiment/search_pieces.h"
#include "experiment/search_plan.h"
#include "experiment/stored_attempts.h"
#include "experiment/sweep_folder.h"
#include "report/search_json.h"
#include "report/search_text.h"
#include "units/clock.h"
#include "units/show.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

namespace gradwatt {
namespace {

/// Shows a search on stderr: a line for each piece of a training.
class SearchTerminal final : public SearchWatcher {
 public:
  SearchTerminal(const Goal& goal, const SweepFolder& folder) : goal_(goal), folder_(folder) {}

  void waiting_for(const Attempt& leftover) override {
    fmt::print(stderr,
               "gradwatt: waiting for run {}, which an earlier sweep left behind\n",
               leftover.run_id);
  }

  void starting(const SearchStep& step, const PlannedPoint& point) override {
    running_ = fmt::format("{}  {}", printable(label_of(point.point, 1)), step.why);
    tick(Duration{});
  }

  void ended(const SearchStep& step,
             const PlannedPoint& point,
             const std::vector<std::vector<SearchPiece>>& pieces) override {
    running_.clear();
    line_.show("");
    const SearchPiece& piece = pieces[step.setup].back();
    double spent = 0;
    for (const auto& of_setup : pieces) {
      for (const SearchPiece& one : of_setup) {
        spent += one.total_j;
      }
    }
    fmt::print(stderr,
               "{}  {:<20} {}  {}{}{}   search so far {}\n",
               printable(label_of(point.point, 1)),
               step.why,
               epochs_words(piece),
               show_energy(piece.total_j),
               metric_words(piece),
               end_words(piece.end),
               show_energy(spent));
    if (piece.end == PieceEnd::failed) {
      constexpr int kLines = 10;
      fmt::print(stderr,
                 "{}  its output: {}\n",
                 folder_.end_of_log(point.point.key, kLines),
                 folder_.log_of(point.point.key).string());
    }
  }

  void tick(Duration elapsed) {
    if (!running_.empty()) {
      line_.show(fmt::format("{}   running {:.0f} s", running_, seconds(elapsed)));
    }
  }

 private:
  static std::string epochs_words(const SearchPiece& piece) {
    if (piece.epochs.empty()) {
      return "no epoch";
    }
    const int first = piece.epochs.front().epoch;
    const int last = piece.epochs.back().epoch;
    return first == last ? fmt::format("epoch {}", first)
                         : fmt::format("epochs {}–{}", first, last);
  }

  [[nodiscard]] std::string metric_words(const SearchPiece& piece) const {
    for (auto epoch = piece.epochs.rbegin(); epoch != piece.epochs.rend(); ++epoch) {
      const auto metric = epoch->metrics.find(goal_.metric);
      if (metric != epoch->metrics.end()) {
        return fmt::format("  {} {:.4g}", printable(goal_.metric), metric->second);
      }
    }
    return "";
  }

  static const char* end_words(PieceEnd end) {
    switch (end) {
      case PieceEnd::stopped:
        return "  stopped: it had lost";
      case PieceEnd::interrupted:
        return "  interrupted";
      case PieceEnd::failed:
        return "  failed";
      case PieceEnd::paused:
      case PieceEnd::finished:
        break;
    }
    return "";
  }

  const Goal& goal_;
  const SweepFolder& folder_;
  LiveLine line_;
  std::string running_;
};

/// One search after the other, of one store.
class StoredSearch {
 public:
  StoredSearch(const SweepFile& file, const Store& store, const SweepSession& session)
      : file_(file),
        store_(store),
        session_(session),
        trainer_(trainer_for(file, false)),
        folder_(store.root(), file.name),
        terminal_(*file.goal, folder_),
        attempts_(store, file.name, std::nullopt),
        runner_({own_program(),
                 store.root(),
                 session.folder,
                 tags(),
                 [this](Duration elapsed) { terminal_.tick(elapsed); }},
                folder_,
                clock_) {}

  /// Returns the signal that stopped it.
  std::optional<int> search(int repeat) {
    setups_ = setups_of(file_, repeat, trainer_);
    SearchRules rules = search_rules(file_, setups_);
    rules.budget_j = budget_left();
    StoredPieces pieces(store_, file_.name, rules);
    if (session_.retry_failed) {
      pieces.forget_failed();
    }
    SearchWorld world{[&] { return last_ = pieces.read(setups_); },
                      [&] { return attempts_.read(); },
                      [&](const SearchStep& step) { return point_of(step); },
                      runner_,
                      terminal_,
                      file_.cooldown};
    const auto signal = conduct_search(rules, world);
    add_view(rules, repeat, pieces.is_estimated());
    return signal;
  }

  [[nodiscard]] const std::vector<SearchView>& views() const { return views_; }

 private:
  [[nodiscard]] std::map<std::string, std::string> tags() const {
    auto tags = sweep_tags(file_, file_.seed.value_or(0));
    tags[search_tag::kEpochsMax] = std::to_string(epochs_limit(file_));
    return tags;
  }

  [[nodiscard]] std::optional<double> budget_left() const {
    std::optional<Energy> budget = file_.search.budget;
    if (file_.energy_max && (!budget || *file_.energy_max < *budget)) {
      budget = file_.energy_max;
    }
    if (!budget) {
      return std::nullopt;
    }
    double left = budget->joules();
    for (const SearchView& view : views_) {
      left -= view.outcome.spent_j;
    }
    return left;
  }

  [[nodiscard]] PlannedPoint point_of(const SearchStep& step) const {
    const PlannedPoint& setup = setups_[step.setup];
    const bool goes_on = continues_trainings(file_.search.strategy) && step.role == PieceRole::race;
    const std::string name =
        setup.point.key + (goes_on ? std::string(".") + name_of(file_.search.strategy) : ".fresh");
    const std::filesystem::path checkpoint = folder_.checkpoint_of(name);
    const auto& before = last_[step.setup];
    const bool is_first = std::none_of(before.begin(), before.end(), [](const SearchPiece& piece) {
      return piece.role == PieceRole::race;
    });
    if (!goes_on || is_first) {  // What lies there is of something else.
      std::error_code ignored;
      std::filesystem::remove(checkpoint, ignored);
    }
    return point_of_step(file_, setup, step, trainer_, checkpoint);
  }

  void add_view(const SearchRules& rules, int repeat, bool is_estimated) {
    SearchView view{file_.name, repeat, file_.repeat, rules, {}, {}, {}, is_estimated};
    for (std::size_t i = 0; i < setups_.size(); ++i) {
      NamedValues values;
      for (const Factor& factor : setups_[i].point.factors) {
        values.emplace_back(factor.name, factor.value);
      }
      view.setups.push_back(std::move(values));
      const bool continues = continues_trainings(rules.strategy);
      view.curves.push_back(i < last_.size() ? curve_of(last_[i], rules.goal, continues)
                                             : SearchCurve{});
    }
    view.outcome = judge_search(rules, view.curves);
    views_.push_back(std::move(view));
  }

  const SweepFile& file_;
  const Store& store_;
  const SweepSession& session_;
  std::string trainer_;
  SweepFolder folder_;
  SearchTerminal terminal_;
  StoredAttempts attempts_;
  SystemClock clock_;
  LocalRunner runner_;
  std::vector<PlannedPoint> setups_;
  std::vector<std::vector<SearchPiece>> last_;
  std::vector<SearchView> views_;
};

}  // namespace

int conduct_stored_search(const SweepFile& file, const Store& store, const SweepSession& session) {
  constexpr int kSignalled = 128;
  const SweepFolder folder(store.root(), file.name);  // Which the lock lies beside.
  const SweepLock lock(store.root(), file.name);
  StoredSearch search(file, store, session);
  std::optional<int> signal;
  for (int repeat = 0; repeat < file.repeat && !signal; ++repeat) {
    signal = search.search(repeat);
  }
  if (signal) {
    fmt::print(stderr, "{}: stopped by a signal\n  to go on   {}\n", file.name, session.again);
    return kSignalled + *signal;
  }
  bool all_found = true;
  if (session.json) {
    fmt::print("{}", search_to_json(search.views()));
  }
  for (const SearchView& view : search.views()) {
    all_found = all_found && (view.outcome.end == SearchEnd::found ||
                              view.outcome.end == SearchEnd::not_worth_more);
    if (!session.json) {
      fmt::print("\n{}", search_text(view));
    }
  }
  if (!session.json) {
    fmt::print("  next: gradwatt recommend {}\n", file.name);
  }
  return all_found ? 0 : kPointsFailedOrLeft;
}

}  // namespace gradwatt
