// load BUSY_MS IDLE_MS SECONDS PHASE_MS: keeps the GPU busy and idle in turn. Periods begin at
// whole multiples of their length on the monotonic clock, plus the phase. BUSY_MS 0: only a context.
#include <cstdio>
#include <cstdlib>
#include <time.h>

__global__ void busy_for(long long ns, float* out) {
  long long begin;
  long long now;
  asm volatile("mov.u64 %0, %%globaltimer;" : "=l"(begin));
  float a = threadIdx.x;
  float b = 1.0001f;
  do {
    for (int i = 0; i < 256; ++i) {
      a = a * b + 0.5f;
      b = b * 0.9999f + 0.0001f;
    }
    asm volatile("mov.u64 %0, %%globaltimer;" : "=l"(now));
  } while (now - begin < ns);
  if (a == 12345.678f) {
    *out = a + b;
  }
}

static long long now_ns() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static void sleep_until(long long ns) {
  const timespec until = {static_cast<time_t>(ns / 1000000000), static_cast<long>(ns % 1000000000)};
  clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr);
}

int main(int argc, char** argv) {
  if (argc != 5) {
    fprintf(stderr, "usage: load BUSY_MS IDLE_MS SECONDS PHASE_MS\n");
    return 2;
  }
  const long long busy = atoll(argv[1]) * 1000000;
  const long long period = busy + atoll(argv[2]) * 1000000;
  const long long end = now_ns() + atoll(argv[3]) * 1000000000;
  const long long phase = atoll(argv[4]) * 1000000;
  float* out = nullptr;
  if (cudaMalloc(&out, sizeof(float)) != cudaSuccess) {
    fprintf(stderr, "load: no GPU\n");
    return 3;
  }
  // So few blocks that all run at once: each of them stays for the whole time.
  int processors = 1;
  cudaDeviceGetAttribute(&processors, cudaDevAttrMultiProcessorCount, 0);
  if (busy == 0) {
    sleep_until(end);
    return 0;
  }
  while (now_ns() < end) {
    sleep_until((now_ns() - phase) / period * period + period + phase);
    busy_for<<<4 * processors, 256>>>(busy, out);
    if (cudaDeviceSynchronize() != cudaSuccess) {
      return 1;
    }
  }
  return 0;
}
