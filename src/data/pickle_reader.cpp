#include "data/pickle_reader.h"

#include "data/pickle_stack.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>
#include <utility>

namespace gradwatt {
namespace {

constexpr std::size_t kPairsMax = 2'000'000;
constexpr std::size_t kPickleLineMax = 1000;
constexpr const char* kOrderedDict = "collections.OrderedDict";
bool is_global_of_data(const std::string& name) {
  constexpr std::array<std::string_view, 18> kNames{kOrderedDict,
                                                    "torch._utils._rebuild_tensor",
                                                    "torch._utils._rebuild_tensor_v2",
                                                    "torch._utils._rebuild_parameter",
                                                    "torch.FloatStorage",
                                                    "torch.DoubleStorage",
                                                    "torch.HalfStorage",
                                                    "torch.BFloat16Storage",
                                                    "torch.LongStorage",
                                                    "torch.IntStorage",
                                                    "torch.ShortStorage",
                                                    "torch.CharStorage",
                                                    "torch.ByteStorage",
                                                    "torch.BoolStorage",
                                                    "torch.UntypedStorage",
                                                    "torch.storage.UntypedStorage",
                                                    "torch.storage._UntypedStorage",
                                                    "torch._UntypedStorage"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

/// Pickle's stack machine without the opcodes that do something.
class PickleMachine : private PickleStack {
 public:
  PickleMachine(ByteReader& reader, const std::string& where)
      : PickleStack(where), reader_(reader) {}

  Pickle run() {
    while (true) {
      const std::uint8_t opcode = reader_.u8();
      if (opcode == '.') {
        return finished();
      }
      if (!run_value(opcode) && !run_text(opcode) && !run_container(opcode) && !run_memo(opcode) &&
          !run_object(opcode)) {
        refuse(fmt::format("uses the pickle opcode 0x{:02x}, which torch.save does not write",
                           opcode));
      }
    }
  }

 private:
  void push_integer(std::int64_t value) {
    PickleNode* const made = node(PickleKind::integer);
    made->integer = value;
    push(made);
  }
  void push_boolean(bool value) {
    PickleNode* const made = node(PickleKind::boolean);
    made->integer = value ? 1 : 0;
    push(made);
  }
  void push_long(std::uint64_t bytes) {
    const auto digits = reader_.text(bytes);
    if (bytes > 8) {
      PickleNode* const made = node(PickleKind::big_integer);
      made->text = digits;
      push(made);
      return;
    }
    std::uint64_t value = bytes > 0 && (static_cast<unsigned char>(digits.back()) & 0x80U) != 0
                              ? ~std::uint64_t{0}
                              : 0;
    for (std::size_t i = digits.size(); i-- > 0;) {
      value = (value << 8U) | static_cast<unsigned char>(digits[i]);
    }
    push_integer(static_cast<std::int64_t>(value));
  }
  void push_text(std::uint64_t bytes) {
    PickleNode* const made = node(PickleKind::text);
    made->text = reader_.text(bytes);
    push(made);
  }
  void push_items(PickleKind kind, std::vector<const PickleNode*> items) {
    PickleNode* const made = node(kind);
    made->items = std::move(items);
    push(made);
  }
  void push_tuple_of(std::size_t count) {
    std::vector<const PickleNode*> items(count);
    for (std::size_t i = count; i-- > 0;) {
      items[i] = pop();
    }
    push_items(PickleKind::sequence, std::move(items));
  }
  void push_global(const std::string& name) {
    if (!is_global_of_data(name)) {
      const std::string_view text = name;
      const bool storage = text.substr(0, 6) == "torch." && text.size() > 7 &&
                           text.substr(text.size() - 7) == "Storage";
      refuse(storage ? fmt::format("holds a {}, numbers of a type that cannot be read", name)
                     : fmt::format("holds code of {}; only weights can be loaded", name));
    }
    PickleNode* const made = node(PickleKind::global);
    made->text = name;
    push(made);
  }

  bool run_value(std::uint8_t opcode) {
    switch (opcode) {
      case 0x80:  // PROTO
        if (const auto protocol = reader_.u8(); protocol > 5) {
          refuse(fmt::format("is a pickle of protocol {}, which is not known", protocol));
        }
        return true;
      case 0x95:  // FRAME
        (void)reader_.u64();
        return true;
      case 'N':
        push(node(PickleKind::none));
        return true;
      case 0x88:
        push_boolean(true);
        return true;
      case 0x89:
        push_boolean(false);
        return true;
      case 'J':
        push_integer(static_cast<std::int32_t>(reader_.u32()));
        return true;
      case 'K':
        push_integer(reader_.u8());
        return true;
      case 'M':
        push_integer(reader_.u16());
        return true;
      case 0x8a:
        push_long(reader_.u8());
        return true;  // LONG1
      case 0x8b:
        push_long(reader_.u32());
        return true;  // LONG4
      case 'G':       // BINFLOAT
        (void)reader_.take(8);
        push(node(PickleKind::real));
        return true;
      default:
        return false;
    }
  }

  bool run_text(std::uint8_t opcode) {
    switch (opcode) {
      case 'U':   // SHORT_BINSTRING
      case 'C':   // SHORT_BINBYTES
      case 0x8c:  // SHORT_BINUNICODE
        push_text(reader_.u8());
        return true;
      case 'T':  // BINSTRING
      case 'B':  // BINBYTES
      case 'X':  // BINUNICODE
        push_text(reader_.u32());
        return true;
      case 0x8d:  // BINUNICODE8
      case 0x8e:  // BINBYTES8
      case 0x96:  // BYTEARRAY8
        push_text(reader_.u64());
        return true;
      default:
        return false;
    }
  }

  bool run_container(std::uint8_t opcode) {
    switch (opcode) {
      case '(':
        mark();
        return true;
      case ')':
        push_tuple_of(0);
        return true;
      case 0x85:
        push_tuple_of(1);
        return true;
      case 0x86:
        push_tuple_of(2);
        return true;
      case 0x87:
        push_tuple_of(3);
        return true;
      case ']':
      case 0x8f:  // EMPTY_SET
        push(node(PickleKind::sequence));
        return true;
      case '}':
        push(node(PickleKind::dict));
        return true;
      case 't':
      case 'l':
      case 0x91:  // FROZENSET
        push_items(PickleKind::sequence, pop_to_mark());
        return true;
      case 'a':
        return extend({pop()}, PickleKind::sequence);
      case 'e':
      case 0x90:  // ADDITEMS
        return extend(pop_to_mark(), PickleKind::sequence);
      case 's': {
        const PickleNode* const value = pop();
        const PickleNode* const key = pop();
        return extend({key, value}, PickleKind::dict);
      }
      case 'u':
        return extend(pop_to_mark(), PickleKind::dict);
      default:
        return false;
    }
  }

  /// Adds to the container on top of the stack.
  bool extend(const std::vector<const PickleNode*>& items, PickleKind kind) {
    PickleNode& container = *top();
    if (container.kind != kind || (kind == PickleKind::dict && items.size() % 2 != 0)) {
      refuse("has a damaged pickle: it adds to what is no container");
    }
    container.items.insert(container.items.end(), items.begin(), items.end());
    return true;
  }

  bool run_memo(std::uint8_t opcode) {
    switch (opcode) {
      case 'q':
        memo_[reader_.u8()] = top();
        return true;
      case 'r':
        memo_[reader_.u32()] = top();
        return true;
      case 0x94: {  // MEMOIZE
        const std::size_t next = memo_.size();
        memo_[next] = top();
        return true;
      }
      case 'h':
        push(remembered(reader_.u8()));
        return true;
      case 'j':
        push(remembered(reader_.u32()));
        return true;
      case '2':
        push(top());
        return true;  // DUP
      case '0':
        (void)pop();
        return true;
      case '1':
        (void)pop_to_mark();
        return true;
      default:
        return false;
    }
  }

  PickleNode* remembered(std::uint32_t index) const {
    const auto found = memo_.find(index);
    if (found == memo_.end()) {
      refuse(fmt::format("has a damaged pickle: it never stored value {}", index));
    }
    return found->second;
  }

  bool run_object(std::uint8_t opcode) {
    switch (opcode) {
      case 'c': {
        const std::string module = line();
        push_global(module + "." + line());
        return true;
      }
      case 0x93: {  // STACK_GLOBAL
        const PickleNode* const name = pop();
        const PickleNode* const module = pop();
        push_global(module->text + "." + name->text);
        return true;
      }
      case 'Q':
        push_items(PickleKind::persistent, {pop()});
        return true;
      case 'R': {
        const PickleNode* const arguments = pop();
        push_call(*pop(), *arguments);
        return true;
      }
      case 'b':  // BUILD: attributes, such as the versions that a state_dict() notes
        (void)pop();
        (void)top();
        return true;
      default:
        return false;
    }
  }

  void push_call(const PickleNode& callee, const PickleNode& arguments) {
    if (callee.kind != PickleKind::global || arguments.kind != PickleKind::sequence) {
      refuse("has a damaged pickle: it calls what is no function");
    }
    if (callee.text != kOrderedDict) {
      PickleNode* const call = node(PickleKind::call);
      call->text = callee.text;
      call->items = {&arguments};
      push(call);
      return;
    }
    PickleNode* const dict = node(PickleKind::dict);
    if (!arguments.items.empty()) {
      add_pairs(*arguments.items.front(), *dict);
    }
    push(dict);
  }

  /// Python 2 made an OrderedDict from a list of [key, value].
  void add_pairs(const PickleNode& pairs, PickleNode& dict) {
    pairs_copied_ += pairs.items.size();
    if (pairs_copied_ > kPairsMax) {
      refuse(fmt::format("holds more than {} pairs", kPairsMax));
    }
    for (const PickleNode* const pair : pairs.items) {
      if (pair->kind != PickleKind::sequence || pair->items.size() != 2) {
        refuse("has a damaged pickle: an OrderedDict needs pairs");
      }
      dict.items.insert(dict.items.end(), pair->items.begin(), pair->items.end());
    }
  }

  std::string line() {
    std::string text;
    for (auto c = reader_.u8(); c != '\n'; c = reader_.u8()) {
      if (text.size() >= kPickleLineMax) {
        refuse("has a damaged pickle: a name without end");
      }
      text.push_back(static_cast<char>(c));
    }
    return text;
  }

  ByteReader& reader_;
  std::unordered_map<std::uint64_t, PickleNode*> memo_;
  std::size_t pairs_copied_ = 0;
};

}  // namespace

Pickle read_pickle(ByteReader& reader, const std::string& where) {
  return PickleMachine(reader, where).run();
}

}  // namespace gradwatt
