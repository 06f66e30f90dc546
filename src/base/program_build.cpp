#include "base/program_build.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <elf.h>
#include <link.h>
#include <string_view>
#include <sys/stat.h>

namespace gradwatt {
namespace {

constexpr std::string_view kGnu("GNU\0", 4);

std::size_t padded(std::size_t size) { return (size + 3) / 4 * 4; }

/// The build id among the notes in a segment; empty when it is not there.
std::string build_id_in(std::string_view notes) {
  while (notes.size() >= sizeof(ElfW(Nhdr))) {
    ElfW(Nhdr) head{};
    std::memcpy(&head, notes.data(), sizeof head);
    const std::size_t body = sizeof head + padded(head.n_namesz);
    if (body + head.n_descsz > notes.size()) {
      break;
    }
    if (head.n_type == NT_GNU_BUILD_ID && notes.substr(sizeof head, head.n_namesz) == kGnu) {
      return std::string(notes.substr(body, head.n_descsz));
    }
    notes.remove_prefix(std::min(notes.size(), body + padded(head.n_descsz)));
  }
  return {};
}

/// Called for each loaded object; the first is the program.
int take_program(dl_phdr_info* info, std::size_t /*size*/, void* id) {
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = info->dlpi_phdr[i];
    if (segment.p_type != PT_NOTE) {
      continue;
    }
    // Where the dynamic linker put the segment is told as a number.
    // NOLINTNEXTLINE(performance-no-int-to-ptr)
    const auto* begin = reinterpret_cast<const char*>(info->dlpi_addr + segment.p_vaddr);
    std::string found = build_id_in({begin, segment.p_memsz});
    if (!found.empty()) {
      *static_cast<std::string*>(id) = std::move(found);
      break;
    }
  }
  return 1;
}

std::string find_program_build() {
  std::string id;
  ::dl_iterate_phdr(take_program, &id);
  struct stat file {};
  if (id.empty() && ::stat("/proc/self/exe", &file) == 0) {
    id = std::to_string(file.st_size) + "/" + std::to_string(file.st_mtim.tv_sec) + "." +
         std::to_string(file.st_mtim.tv_nsec);
  }
  return id;
}

}  // namespace

const std::string& program_build() {
  static const std::string kBuild = find_program_build();
  return kBuild;
}

}  // namespace gradwatt
