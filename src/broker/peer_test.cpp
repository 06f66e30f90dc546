#include "broker/peer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <vector>

namespace gradwatt {
namespace {

constexpr uid_t kSame = static_cast<uid_t>(-1);

struct User {
  uid_t id = 0;
  gid_t group = 0;
  std::vector<gid_t> further;
};

User myself() {
  User user{::geteuid(), ::getegid(), std::vector<gid_t>(1024)};
  const int count = ::getgroups(static_cast<int>(user.further.size()), user.further.data());
  user.further.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  return user;
}

/// Of this thread alone, which is why libc's functions are not asked; root can come back from it.
void become(const User& user) {
  if (::geteuid() != 0) {
    ASSERT_EQ(::syscall(SYS_setresuid, kSame, 0, kSame), 0);
  }
  ASSERT_EQ(::syscall(SYS_setgroups, user.further.size(), user.further.data()), 0);
  ASSERT_EQ(::syscall(SYS_setresgid, kSame, user.group, kSame), 0);
  ASSERT_EQ(::syscall(SYS_setresuid, kSame, user.id, kSame), 0);
}

/// A connection from an ordinary user: from whoever runs the test unless that is root.
class PeerTest : public testing::Test {
 protected:
  PeerTest() {
    const User before = myself();
    const bool is_root = before.id == 0;
    client_ = is_root ? User{1, 2, {3, 4}} : before;
    if (is_root) {
      become(client_);
    }
    connect();
    if (is_root) {
      become(before);
    }
  }
  ~PeerTest() override {
    ::close(sockets_[0]);
    ::close(sockets_[1]);
  }
  void connect() {
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets_.data()), 0);
  }
  [[nodiscard]] bool trusts(const Trusted& trusted) const {
    return is_trusted(sockets_[0], trusted);
  }
  /// A group that the client is not in.
  [[nodiscard]] gid_t strange_group() const {
    gid_t group = client_.group + 1;
    for (const gid_t other : client_.further) {
      group = std::max(group, other + 1);
    }
    return group;
  }

  User client_;
  uid_t somebody_ = 0;  ///< Who is not the client.
  std::array<int, 2> sockets_{-1, -1};
};

TEST_F(PeerTest, IsTrustedAsWhoStartedTheBroker) { EXPECT_TRUE(trusts({client_.id, 0, false})); }

TEST_F(PeerTest, IsTrustedByItsGroup) { EXPECT_TRUE(trusts({somebody_, client_.group, true})); }

TEST_F(PeerTest, IsTrustedByEachOfItsFurtherGroups) {
  for (const gid_t group : client_.further) {
    EXPECT_TRUE(trusts({somebody_, group, true})) << group;
  }
}

TEST_F(PeerTest, IsNotTrustedOtherwise) {
  EXPECT_FALSE(trusts({somebody_, client_.group, false})) << "there is no trusted group";
  EXPECT_FALSE(trusts({somebody_, strange_group(), true}));
}

TEST_F(PeerTest, IsTrustedAsRoot) {
  if (::geteuid() != 0) {
    GTEST_SKIP() << "needs root";
  }
  ::close(sockets_[0]);
  ::close(sockets_[1]);
  connect();
  EXPECT_TRUE(trusts({1, 0, false}));
}

TEST_F(PeerTest, IsNobodyBehindWhatIsNoSocket) {
  const int file = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  EXPECT_FALSE(is_trusted(file, {::getuid(), ::getgid(), true}));
  ::close(file);
}

}  // namespace
}  // namespace gradwatt
