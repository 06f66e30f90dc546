#include "base/expects.h"
#include "train/models/catalog.h"
#include "train/spectral_filter.h"
#include "train/tensors.h"

#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/normalization.h>

namespace gradwatt {
namespace {

constexpr double kAfnoSpread = 0.02;  ///< Deviation of initial weights.

torch::nn::LayerNorm afno_norm(std::int64_t width) {
  return torch::nn::LayerNorm(torch::nn::LayerNormOptions({width}).eps(1e-6));
}

/// `filter`: tokens mixed among all places of the grid (spectral_filter.h).
struct AfnoFilter final : torch::nn::Module {
  AfnoFilter(std::int64_t width, std::int64_t blocks) {
    const std::int64_t size = width / blocks;
    w1 = register_parameter("w1", kAfnoSpread * at::randn({2, blocks, size, size}));
    b1 = register_parameter("b1", kAfnoSpread * at::randn({2, blocks, size}));
    w2 = register_parameter("w2", kAfnoSpread * at::randn({2, blocks, size, size}));
    b2 = register_parameter("b2", kAfnoSpread * at::randn({2, blocks, size}));
  }

  at::Tensor w1;
  at::Tensor b1;
  at::Tensor w2;
  at::Tensor b2;
};

/// `mlp`: each token by itself, four times as wide in between.
struct AfnoMlp final : torch::nn::Module {
  explicit AfnoMlp(std::int64_t width)
      : fc1(register_module("fc1", torch::nn::Linear(width, 4 * width))),
        fc2(register_module("fc2", torch::nn::Linear(4 * width, width))) {}

  torch::nn::Linear fc1;
  torch::nn::Linear fc2;
};

/// x + filter(norm1(x)) -> x + mlp(norm2(x)); the filter adds its own input as well.
class AfnoBlock final : public torch::nn::Module {
 public:
  AfnoBlock(std::int64_t width, std::int64_t blocks)
      : norm1_(register_module("norm1", afno_norm(width))),
        filter_(register_module("filter", std::make_shared<AfnoFilter>(width, blocks))),
        norm2_(register_module("norm2", afno_norm(width))),
        mlp_(register_module("mlp", std::make_shared<AfnoMlp>(width))) {}

  at::Tensor forward(const at::Tensor& tokens) {
    const at::Tensor mixed =
        tokens +
        spectral_filter(norm1_(tokens), {filter_->w1, filter_->b1, filter_->w2, filter_->b2});
    return mixed + mlp_->fc2(at::gelu(mlp_->fc1(norm2_(mixed))));
  }

 private:
  torch::nn::LayerNorm norm1_;
  std::shared_ptr<AfnoFilter> filter_;
  torch::nn::LayerNorm norm2_;
  std::shared_ptr<AfnoMlp> mlp_;
};

struct PatchEmbedding final : torch::nn::Module {
  PatchEmbedding(std::int64_t channels, std::int64_t width, std::int64_t patch)
      : proj(register_module(
            "proj",
            torch::nn::Conv2d(torch::nn::Conv2dOptions(channels, width, patch).stride(patch)))) {}

  torch::nn::Conv2d proj;
};

/// The trunk of FourCastNet: patches become tokens, which the blocks mix.
///
///   x [n,C,H,W] -> patch_embed.proj, stride `patch` [n,width,h,w] -> + pos_embed [n,h,w,width]
///               -> blocks.0 ... [n,h,w,width]
/// `norm` is part of the published weights and never used: its gradient stays 0.
/// Weights start as published: normal with deviation 0.02 (cut at 100 deviations there, which is
/// never), biases 0, norms 1 and 0, proj as libtorch has it.
class AfnoTrunk final : public Network, private torch::nn::Module {
 public:
  AfnoTrunk(const InputShape& grid, std::int64_t patch, const AfnoSize& size)
      : pos_embed_(register_parameter(
            "pos_embed", at::zeros({1, (grid.height / patch) * (grid.width / patch), size.width}))),
        patch_embed_(register_module(
            "patch_embed", std::make_shared<PatchEmbedding>(grid.channels, size.width, patch))),
        blocks_(register_module("blocks", torch::nn::ModuleList())),
        norm_(register_module("norm", afno_norm(size.width))) {
    for (std::int64_t i = 0; i < size.depth; ++i) {
      blocks_->push_back(std::make_shared<AfnoBlock>(size.width, size.blocks));
    }
    const at::NoGradGuard no_graph;
    pos_embed_.normal_(0, kAfnoSpread);
    blocks_->apply([](torch::nn::Module& part) {
      if (auto* linear = part.as<torch::nn::Linear>()) {
        linear->weight.normal_(0, kAfnoSpread);
        linear->bias.zero_();
      }
    });
  }

  at::Tensor forward(const at::Tensor& fields) override {
    const at::Tensor patches = patch_embed_->proj(fields);
    const std::int64_t h = patches.size(2);
    const std::int64_t w = patches.size(3);
    at::Tensor x = patches.flatten(2).transpose(1, 2) + pos_embed_;
    x = x.view({x.size(0), h, w, x.size(2)});
    for (const auto& block : *blocks_) {
      x = block->as<AfnoBlock>()->forward(x);
    }
    return x;
  }
  torch::nn::Module& module() override { return *this; }

 private:
  at::Tensor pos_embed_;
  std::shared_ptr<PatchEmbedding> patch_embed_;
  torch::nn::ModuleList blocks_;
  torch::nn::LayerNorm norm_;
};

/// tokens [n,h,w,width] -> head [n,h,w,patch*patch*C] -> fields [n,C,H,W]
class AfnoHead final : public Network, private torch::nn::Module {
 public:
  AfnoHead(const InputShape& grid, std::int64_t patch, std::int64_t width)
      : channels_(grid.channels),
        patch_(patch),
        head_(register_module(
            "head",
            torch::nn::Linear(
                torch::nn::LinearOptions(width, patch * patch * grid.channels).bias(false)))) {
    const at::NoGradGuard no_graph;
    head_->weight.normal_(0, kAfnoSpread);
  }

  at::Tensor forward(const at::Tensor& tokens) override {
    const std::int64_t h = tokens.size(1);
    const std::int64_t w = tokens.size(2);
    return head_(tokens)
        .view({-1, h, w, patch_, patch_, channels_})
        .permute({0, 5, 1, 3, 2, 4})
        .reshape({-1, channels_, h * patch_, w * patch_});
  }
  torch::nn::Module& module() override { return *this; }

 private:
  std::int64_t channels_;
  std::int64_t patch_;
  torch::nn::Linear head_;
};

Forecaster make_afno(const InputShape& grid, std::int64_t patch, const AfnoSize& size) {
  expects(grid.height % patch == 0 && grid.width % patch == 0, "a grid of whole patches");
  return {std::make_unique<AfnoTrunk>(grid, patch, size),
          std::make_unique<AfnoHead>(grid, patch, size.width)};
}

}  // namespace

/// Parameters   of 20 channels, 720 x 1440 points, patch 8, width 768, depth 12, 8 blocks:
///              74 691 840, of which norm has 1536.
/// Source       Pathak et al., arXiv:2202.11214; names and order as NVlabs/FourCastNet's weights.
Model afno() {
  Model model;
  model.name = "afno";
  model.description = "FourCastNet's Fourier neural operator (Pathak et al. 2022), in any size";
  model.make_forecaster = make_afno;
  return model;
}

}  // namespace gradwatt
