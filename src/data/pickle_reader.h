#pragma once

#include "data/byte_reader.h"

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

namespace gradwatt {

enum class PickleKind {
  none,
  boolean,
  integer,
  big_integer,  ///< Beyond 64 bits: `text` has its little-endian bytes.
  real,         ///< Its value is not kept; weights do not need it.
  text,         ///< Bytes too.
  sequence,     ///< A tuple, list or set.
  dict,         ///< An OrderedDict too: key, value, key, value...
  global,       ///< `text` is the Python name, "torch.FloatStorage".
  call,         ///< `text` is what would be called, the one item the tuple of its arguments.
  persistent    ///< A reference to what is stored outside; the one item says to what.
};

/// A Python value, or the wish of the file to make one by a call. Nothing is ever called.
struct PickleNode {
  PickleKind kind = PickleKind::none;
  std::int64_t integer = 0;
  std::string text;
  std::vector<const PickleNode*> items;  ///< May lead back to the node itself.
};

/// Owns the nodes, so that cycles among them do no harm.
struct Pickle {
  Pickle() = default;
  Pickle(Pickle&&) = default;
  Pickle& operator=(Pickle&&) = default;
  Pickle(const Pickle&) = delete;
  Pickle& operator=(const Pickle&) = delete;
  ~Pickle() = default;

  std::deque<PickleNode> nodes;
  const PickleNode* root = nullptr;
};

/// Reads one pickle, up to and with its STOP, as torch.save writes them (protocols 2 to 5).
///
/// The machine knows values, containers and the names of PyTorch's storages and of the functions
/// that put tensors together. It executes nothing.
/// Takes    a reader, which is left behind the pickle, and the name of the file for errors.
/// Source   the opcodes as Python's pickletools documents them.
/// Throws   Error naming the Python object for any other global, and for a damaged pickle.
/// Example  the bytes 80 02 4b 07 2e (protocol 2, 7, stop): an integer 7.
[[nodiscard]] Pickle read_pickle(ByteReader& reader, const std::string& where);

}  // namespace gradwatt
