#include "data/zip_file.h"

#include "base/error.h"
#include "data/byte_reader.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <set>

namespace gradwatt {
namespace {

constexpr std::uint32_t kLocalHeader = 0x04034b50;
constexpr std::uint32_t kDirectoryHeader = 0x02014b50;
constexpr std::uint32_t kDirectoryEnd = 0x06054b50;
constexpr std::uint32_t kZip64End = 0x06064b50;
constexpr std::uint32_t kZip64Locator = 0x07064b50;
constexpr std::uint16_t kZip64Extra = 0x0001;
constexpr std::uint32_t kSeeZip64 = 0xffffffff;
constexpr std::size_t kDirectoryEndBytes = 22;
constexpr std::size_t kZip64LocatorBytes = 20;
constexpr std::size_t kCommentBytesMax = 0xffff;

[[noreturn]] void refuse_zip(const std::string& where, const std::string& why) {
  throw Error(why, where, "the file is damaged or no PyTorch file; fetch or save it again");
}

struct Directory {
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
  std::uint64_t entries = 0;
};

/// What the directory says of one entry.
struct Listing {
  std::string name;
  std::uint16_t flags = 0;
  std::uint16_t method = 0;
  std::uint32_t crc32 = 0;
  std::uint64_t stored_bytes = 0;
  std::uint64_t bytes = 0;
  std::uint64_t offset = 0;
};

/// A reader of the archive from `offset` on; at its end when `offset` is beyond.
ByteReader reader_at(std::span<const std::uint8_t> archive,
                     std::uint64_t offset,
                     const std::string& where) {
  return {archive.subspan(std::min<std::uint64_t>(offset, archive.size())), where};
}

std::size_t end_position(std::span<const std::uint8_t> archive, const std::string& where) {
  for (std::size_t back = kDirectoryEndBytes;
       back <= archive.size() && back <= kDirectoryEndBytes + kCommentBytesMax;
       ++back) {
    ByteReader reader(archive.subspan(archive.size() - back), where);
    if (reader.u32() == kDirectoryEnd) {
      return archive.size() - back;
    }
  }
  refuse_zip(where, "is a zip archive without its end");
}

Directory zip64_directory(std::span<const std::uint8_t> archive,
                          std::size_t end,
                          const std::string& where) {
  if (end < kZip64LocatorBytes) {
    refuse_zip(where, "has no zip64 directory where it must be");
  }
  ByteReader locator = reader_at(archive, end - kZip64LocatorBytes, where);
  if (locator.u32() != kZip64Locator) {
    refuse_zip(where, "has no zip64 directory where it must be");
  }
  (void)locator.u32();
  ByteReader record = reader_at(archive, locator.u64(), where);
  if (record.u32() != kZip64End) {
    refuse_zip(where, "has no zip64 directory where it must be");
  }
  // Its size, two versions, two disk numbers and the entries on this disk.
  (void)record.take(8 + 2 + 2 + 4 + 4 + 8);
  Directory directory;
  directory.entries = record.u64();
  directory.bytes = record.u64();
  directory.offset = record.u64();
  return directory;
}

Directory find_directory(std::span<const std::uint8_t> archive, const std::string& where) {
  const std::size_t end = end_position(archive, where);
  ByteReader reader(archive.subspan(end), where);
  // The signature, two disk numbers and the entries on this disk.
  (void)reader.take(4 + 2 + 2 + 2);
  Directory directory;
  directory.entries = reader.u16();
  directory.bytes = reader.u32();
  directory.offset = reader.u32();
  if (directory.entries == 0xffff || directory.bytes == kSeeZip64 ||
      directory.offset == kSeeZip64) {
    directory = zip64_directory(archive, end, where);
  }
  if (directory.offset > end || directory.bytes > end - directory.offset) {
    refuse_zip(where, "has a zip directory outside of the file");
  }
  return directory;
}

/// Replaces the numbers that did not fit by those of the zip64 field.
void take_zip64_numbers(std::span<const std::uint8_t> extra,
                        const std::string& where,
                        Listing& listing) {
  ByteReader reader(extra, where);
  while (reader.left() >= 4) {
    const std::uint16_t id = reader.u16();
    const std::uint16_t size = reader.u16();
    if (size > reader.left()) {
      // Padding that only looks like a field.
      return;
    }
    ByteReader field(reader.take(size), where);
    if (id != kZip64Extra) {
      continue;
    }
    for (std::uint64_t* number : {&listing.bytes, &listing.stored_bytes, &listing.offset}) {
      if (*number == kSeeZip64) {
        *number = field.u64();
      }
    }
    return;
  }
}

Listing next_listing(ByteReader& reader, const std::string& where) {
  if (reader.u32() != kDirectoryHeader) {
    refuse_zip(where, "has a damaged zip directory");
  }
  Listing listing;
  (void)reader.take(2 + 2);
  listing.flags = reader.u16();
  listing.method = reader.u16();
  (void)reader.take(2 + 2);
  listing.crc32 = reader.u32();
  listing.stored_bytes = reader.u32();
  listing.bytes = reader.u32();
  const std::uint16_t name = reader.u16();
  const std::uint16_t extra = reader.u16();
  const std::uint16_t comment = reader.u16();
  (void)reader.take(2 + 2 + 4);
  listing.offset = reader.u32();
  listing.name = reader.text(name);
  take_zip64_numbers(reader.take(extra), where, listing);
  (void)reader.take(comment);
  return listing;
}

ZipEntry entry_at(std::span<const std::uint8_t> archive,
                  const Listing& listing,
                  const std::string& where) {
  ByteReader reader = reader_at(archive, listing.offset, where);
  if (reader.u32() != kLocalHeader) {
    refuse_zip(where, fmt::format("has no entry '{}' where it must be", listing.name));
  }
  // Versions to sizes: those of the directory count.
  (void)reader.take(2 + 2 + 2 + 2 + 2 + 4 + 4 + 4);
  const std::uint16_t name = reader.u16();
  const std::uint16_t extra = reader.u16();
  if (reader.text(name) != listing.name) {
    refuse_zip(where, fmt::format("has no entry '{}' where it must be", listing.name));
  }
  (void)reader.take(extra);
  constexpr unsigned kEncrypted = 1;
  return {listing.name,
          reader.take(listing.stored_bytes),
          listing.crc32,
          listing.method != 0,
          (listing.flags & kEncrypted) != 0};
}

}  // namespace

std::vector<ZipEntry> zip_entries(std::span<const std::uint8_t> archive, const std::string& where) {
  const Directory directory = find_directory(archive, where);
  ByteReader reader(archive.subspan(directory.offset, directory.bytes), where);
  std::vector<ZipEntry> entries;
  std::set<std::string> names;
  for (std::uint64_t i = 0; i < directory.entries; ++i) {
    const Listing listing = next_listing(reader, where);
    if (listing.method == 0 && listing.stored_bytes != listing.bytes) {
      refuse_zip(where, fmt::format("its entry '{}' has two sizes", listing.name));
    }
    if (!names.insert(listing.name).second) {
      refuse_zip(where, fmt::format("has the entry '{}' twice", listing.name));
    }
    entries.push_back(entry_at(archive, listing, where));
  }
  return entries;
}

std::span<const std::uint8_t> stored_bytes(const ZipEntry& entry, const std::string& where) {
  if (entry.compressed || entry.encrypted) {
    throw Error(
        fmt::format(
            "its entry '{}' is {}", entry.name, entry.compressed ? "compressed" : "encrypted"),
        where,
        "unpack the archive and save the weights again with torch.save");
  }
  const auto found = ::crc32_z(0, entry.bytes.data(), entry.bytes.size());
  if (found != entry.crc32) {
    throw Error(fmt::format("its entry '{}' is damaged: CRC-32 {:08x} instead of {:08x}",
                            entry.name,
                            found,
                            entry.crc32),
                where,
                "fetch it again, or save it with torch.serialization.set_crc32_options(True)");
  }
  return entry.bytes;
}

}  // namespace gradwatt
