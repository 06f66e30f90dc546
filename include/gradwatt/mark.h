/* gradwatt mark client: tells a measuring `gradwatt run` what the program is doing right now.
 *
 * One header, C99 or C++, Linux, no library. Copy it into any project.
 *
 *     gradwatt_epochs_total(10);
 *     for (int epoch = 0; epoch < 10; ++epoch) {
 *       gradwatt_epoch_begin(epoch);
 *       gradwatt_phase_begin("train");  ...  gradwatt_phase_end("train");
 *       gradwatt_metric("val_acc", accuracy);
 *       gradwatt_epoch_end(epoch);
 *     }
 *
 * A mark is one datagram of KEY=VALUE lines to the socket named in $GRADWATT_SOCKET, with the
 * sender's CLOCK_MONOTONIC time (T, nanoseconds), a sequence number (SEQ) and its process (PID).
 * - Without $GRADWATT_SOCKET every call returns after one comparison. The variable is read once.
 * - A call never waits and never fails. When the receiver is busy, up to 64 marks are kept with
 *   their time and sent, in order, at the next mark; what does not fit is dropped and counted in
 *   a NOTE ("dropped 3 marks") as soon as there is room. Call gradwatt_flush at the end of the
 *   program: marks that are still kept then are lost. The system queues ten marks at most.
 * - Threads: any call from any thread; marks of one thread keep their order. A forked child sends
 *   under its own PID with its own sequence.
 * - Names and values: control characters become spaces; a line is cut at 400 bytes.
 *
 * With -std=c99 include this header first, or define _POSIX_C_SOURCE=200809L (for clock_gettime).
 */
#ifndef GRADWATT_MARK_H
#define GRADWATT_MARK_H

#if !defined(_POSIX_C_SOURCE) && !defined(__cplusplus)
#define _POSIX_C_SOURCE 200809L
#endif

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#ifndef CLOCK_MONOTONIC
#error "include gradwatt/mark.h before other headers, or define _POSIX_C_SOURCE=200809L"
#endif

#ifdef __cplusplus
extern "C" {
#endif

enum { gradwatt_kept_max = 64, gradwatt_line_max = 400, gradwatt_datagram_max = 512 };

struct gradwatt_sender {
  int state; /* 0: $GRADWATT_SOCKET not looked at yet, 1: no socket, 2: marks are sent */
  int lock;
  int socket_plus_one; /* So that all zero means none. */
  pid_t pid;
  unsigned long long next_seq;
  unsigned long long dropped;
  int first; /* Of the kept datagrams, a ring. */
  int kept;
  size_t kept_size[gradwatt_kept_max];
  char kept_text[gradwatt_kept_max][gradwatt_datagram_max];
  struct sockaddr_un address;
};

/* Weak, so that all files of a program that include this header share one sender. */
extern struct gradwatt_sender gradwatt_the_sender;
__attribute__((weak)) struct gradwatt_sender gradwatt_the_sender;

/* 1 when marks are wanted. Costs one comparison after the first call. */
static inline int gradwatt_is_measured(void) {
  struct gradwatt_sender* const s = &gradwatt_the_sender;
  const int state = __atomic_load_n(&s->state, __ATOMIC_ACQUIRE);
  if (state == 0) {
    const char* const path = getenv("GRADWATT_SOCKET");
    const int usable = path && *path && strlen(path) < sizeof(s->address.sun_path);
    __atomic_store_n(&s->state, usable ? 2 : 1, __ATOMIC_RELEASE);
    return usable;
  }
  return state == 2;
}

/* A lock that gives up: a mark may be lost, the program may not hang. */
static inline int gradwatt_lock(struct gradwatt_sender* s) {
  for (int tries = 0; tries < 1000; ++tries) {
    if (!__atomic_exchange_n(&s->lock, 1, __ATOMIC_ACQUIRE)) {
      return 1;
    }
    sched_yield();
  }
  __atomic_fetch_add(&s->dropped, 1, __ATOMIC_RELAXED);
  return 0;
}

/* Forgets what belongs to the parent process after a fork, also at the first mark. */
static inline void gradwatt_own_by_process(struct gradwatt_sender* s) {
  const pid_t pid = getpid();
  if (__atomic_load_n(&s->pid, __ATOMIC_ACQUIRE) == pid) {
    return;
  }
  const pid_t before = __atomic_exchange_n(&s->pid, pid, __ATOMIC_ACQ_REL);
  if (before == pid) {
    return; /* Another thread was first. */
  }
  if (before != 0) { /* The parent's lock, marks and socket are not ours. */
    __atomic_store_n(&s->lock, 0, __ATOMIC_RELEASE);
    s->next_seq = 0;
    s->dropped = 0;
    s->kept = 0;
    if (s->socket_plus_one > 0) {
      close(s->socket_plus_one - 1);
      s->socket_plus_one = 0;
    }
  }
}

/* 1 when the datagram is delivered or can never be; 0 when a later try may succeed. */
static inline int gradwatt_send(struct gradwatt_sender* s, const char* text, size_t size) {
  if (s->socket_plus_one <= 0) {
    const char* const path = getenv("GRADWATT_SOCKET");
    if (!path || strlen(path) >= sizeof(s->address.sun_path)) {
      return 1;
    }
    memset(&s->address, 0, sizeof(s->address));
    s->address.sun_family = AF_UNIX;
    memcpy(s->address.sun_path, path, strlen(path));
    s->socket_plus_one = 1 + socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (s->socket_plus_one <= 0) {
      return 0;
    }
  }
  /* Not connected, so that a receiver that starts again under the same path is found again. */
  const void* const address = &s->address;
  struct iovec part;
  struct msghdr message;
  memset(&message, 0, sizeof(message));
  memcpy(&part.iov_base, &text, sizeof(text));
  part.iov_len = size;
  memcpy(&message.msg_name, &address, sizeof(address));
  message.msg_namelen = sizeof(s->address);
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  return sendmsg(s->socket_plus_one - 1, &message, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0 ||
         errno == EMSGSIZE;
}

/* "KEY=VALUE" plus time, sequence number and process, as one datagram; its size. */
static inline size_t gradwatt_datagram(struct gradwatt_sender* s,
                                       char* datagram,
                                       const char* key,
                                       const char* value) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  size_t size = 0;
  for (; *key && size < gradwatt_line_max / 2; ++key) {
    datagram[size++] = *key;
  }
  datagram[size++] = '=';
  const char* c = value;
  for (; *c && size < gradwatt_line_max; ++c) {
    datagram[size++] = (*c >= 0 && *c < ' ') || *c == 0x7f ? ' ' : *c;
  }
  if ((*c & 0xc0) == 0x80) { /* Cut inside a UTF-8 character: leave all of it out. */
    while (size > 0 && (datagram[size - 1] & 0xc0) == 0x80) {
      --size;
    }
    size -= size > 0 ? 1 : 0;
  }
  snprintf(datagram + size,
           gradwatt_datagram_max - size,
           "\nT=%lld%09ld\nSEQ=%llu\nPID=%ld\n",
           0LL + now.tv_sec,
           now.tv_nsec,
           s->next_seq++,
           0L + s->pid);
  return size + strlen(datagram + size);
}

/* Sends what waits, oldest first; 1 when nothing waits any more. */
static inline int gradwatt_send_kept(struct gradwatt_sender* s) {
  while (s->kept > 0) {
    if (!gradwatt_send(s, s->kept_text[s->first], s->kept_size[s->first])) {
      return 0;
    }
    s->first = (s->first + 1) % gradwatt_kept_max;
    --s->kept;
  }
  const unsigned long long dropped = __atomic_exchange_n(&s->dropped, 0, __ATOMIC_RELAXED);
  if (dropped > 0) {
    char text[48];
    char note[gradwatt_datagram_max];
    snprintf(text, sizeof(text), "dropped %llu marks", dropped);
    if (!gradwatt_send(s, note, gradwatt_datagram(s, note, "NOTE", text))) {
      __atomic_fetch_add(&s->dropped, dropped, __ATOMIC_RELAXED);
      return 0;
    }
  }
  return 1;
}

/* Any mark of the protocol. Example: gradwatt_mark("NOTE", "learning rate halved") */
static inline void gradwatt_mark(const char* key, const char* value) {
  if (!gradwatt_is_measured()) {
    return;
  }
  struct gradwatt_sender* const s = &gradwatt_the_sender;
  const int errno_before = errno;
  gradwatt_own_by_process(s);
  if (gradwatt_lock(s)) {
    char datagram[gradwatt_datagram_max];
    const int is_clear = gradwatt_send_kept(s);
    const size_t size = gradwatt_datagram(s, datagram, key, value);
    if (!is_clear || !gradwatt_send(s, datagram, size)) {
      if (s->kept < gradwatt_kept_max) {
        const int place = (s->first + s->kept++) % gradwatt_kept_max;
        memcpy(s->kept_text[place], datagram, size);
        s->kept_size[place] = size;
      } else {
        __atomic_fetch_add(&s->dropped, 1, __ATOMIC_RELAXED);
      }
    }
    __atomic_store_n(&s->lock, 0, __ATOMIC_RELEASE);
  }
  errno = errno_before;
}

/* Waits, up to so many milliseconds, until no mark is kept; 1 when all are sent. The one call that
 * waits: for the end of a program. */
static inline int gradwatt_flush(int wait_ms) {
  if (!gradwatt_is_measured()) {
    return 1;
  }
  struct gradwatt_sender* const s = &gradwatt_the_sender;
  const int errno_before = errno;
  int is_clear = 0;
  gradwatt_own_by_process(s);
  for (int waited_ms = 0; !is_clear; ++waited_ms) {
    if (gradwatt_lock(s)) {
      is_clear = gradwatt_send_kept(s);
      __atomic_store_n(&s->lock, 0, __ATOMIC_RELEASE);
    }
    if (is_clear || waited_ms >= wait_ms) {
      break;
    }
    const struct timespec pause = {0, 1000000};
    nanosleep(&pause, NULL);
  }
  errno = errno_before;
  return is_clear;
}

static inline void gradwatt_mark_integer(const char* key, long long value) {
  char text[24];
  snprintf(text, sizeof(text), "%lld", value);
  gradwatt_mark(key, text);
}

/* NAME:VALUE under `key`. */
static inline void gradwatt_mark_pair(const char* key, const char* name, const char* value) {
  char text[gradwatt_datagram_max];
  snprintf(text, sizeof(text), "%s:%s", name, value);
  gradwatt_mark(key, text);
}

/* The shortest text that reads back as `value`, with '.' whatever the locale says: 0.1, 1e-05,
 * nan, -inf. `text` holds at least 40 bytes. */
static inline void gradwatt_number(double value, char* text) {
  char raw[40];
  if (value != value) {
    memcpy(text, "nan", 4);
    return;
  }
  for (int digits = 1; digits <= 17; ++digits) {
    char* end;
    snprintf(raw, sizeof(raw), "%.*g", digits, value);
    if (strtod(raw, &end) == value) {
      break;
    }
  }
  const char* const plain = "+-0123456789einf";
  size_t size = 0;
  for (const char* c = raw; *c; ++c) {
    if (strchr(plain, *c)) {
      text[size++] = *c;
    } else if (size > 0 && text[size - 1] != '.') {
      text[size++] = '.'; /* The locale's decimal sign, of one byte or more. */
    }
  }
  text[size] = '\0';
}

/* An epoch begins; it ends the one before. Epochs count from 0. */
static inline void gradwatt_epoch_begin(int epoch) { gradwatt_mark_integer("EPOCH", epoch); }
static inline void gradwatt_epoch_end(int epoch) { gradwatt_mark_integer("EPOCH_END", epoch); }
/* How many epochs there will be, at most. */
static inline void gradwatt_epochs_total(int count) {
  gradwatt_mark_integer("EPOCHS_TOTAL", count);
}

/* Phases nest; a child phase's energy is part of its parent's. */
static inline void gradwatt_phase_begin(const char* name) { gradwatt_mark("PHASE", name); }
static inline void gradwatt_phase_end(const char* name) { gradwatt_mark("PHASE_END", name); }

/* A result of the open epoch: call it before gradwatt_epoch_end. */
static inline void gradwatt_metric(const char* name, double value) {
  char text[40];
  if (gradwatt_is_measured()) {
    gradwatt_number(value, text);
    gradwatt_mark_pair("METRIC", name, text);
  }
}

/* Samples seen and optimizer steps made in the open epoch. */
static inline void gradwatt_samples(long long count) { gradwatt_mark_integer("SAMPLES", count); }
static inline void gradwatt_steps(long long count) { gradwatt_mark_integer("STEPS", count); }

/* A setting of this training, a label of the run, a remark for the reader. */
static inline void gradwatt_param(const char* name, const char* value) {
  gradwatt_mark_pair("PARAM", name, value);
}
static inline void gradwatt_tag(const char* name, const char* value) {
  gradwatt_mark_pair("TAG", name, value);
}
static inline void gradwatt_note(const char* text) { gradwatt_mark("NOTE", text); }

#ifdef __cplusplus
} /* extern "C" */

namespace gradwatt {

/// A phase that ends with its scope. Keeps the pointer: `name` must outlive it.
class MarkedPhase {
 public:
  explicit MarkedPhase(const char* name) : name_(name) { gradwatt_phase_begin(name_); }
  ~MarkedPhase() { gradwatt_phase_end(name_); }
  MarkedPhase(const MarkedPhase&) = delete;
  MarkedPhase& operator=(const MarkedPhase&) = delete;

 private:
  const char* name_;
};

}  // namespace gradwatt
#endif

#endif
