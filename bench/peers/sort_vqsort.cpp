// vqsort of Debian's libhwy-dev: g++ -O3 -march=native sort_vqsort.cpp -lhwy_contrib -lhwy -o ../target/sort_vqsort
// Alone it draws normal numbers and prints a table. With a file of float32 it sorts the first ones of those: for each line
// {"type": "float", "count": N}, or "uint64" for keys with their positions, it answers {"seconds": mean of a sort, "value": its first}.
#include <hwy/contrib/sort/vqsort.h>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstdint>
#include <cstring>
#include <random>
#include <vector>

static uint32_t key(float x) { uint32_t b; memcpy(&b, &x, 4); return b >> 31 ? ~b : b | 0x80000000u; }

// Mean nanoseconds of a sort; the copy before it does not count. The sorted keys stay in work.
template <class T> static double sorts(const std::vector<T>& keys, std::vector<T>& work, size_t repeats) {
    hwy::Sorter sorter;
    double total = 0;
    for (size_t r = 0; r < repeats; r++) {
        std::memcpy(work.data(), keys.data(), keys.size() * sizeof(T));
        auto start = std::chrono::steady_clock::now();
        sorter(work.data(), keys.size(), hwy::SortAscending());
        total += std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - start).count();
    }
    return total / repeats;
}

template <class T> static std::vector<T> keysOf(const float* values, size_t n) {
    std::vector<T> keys(n);
    for (size_t i = 0; i < n; i++) { keys[i] = sizeof(T) == 4 ? (T) values[i] : (T) (((uint64_t) key(values[i]) << 32) | i); }
    return keys;
}

template <class T> static void measure(const char* type, size_t n) {
    std::mt19937_64 random(42);
    std::normal_distribution<float> normal;
    std::vector<float> values(n);
    for (float& x : values) { x = normal(random); }
    std::vector<T> keys = keysOf<T>(values.data(), n), work(n);
    double best = 1e30;
    for (int round = 0; round < 7; round++) { best = std::min(best, sorts(keys, work, std::max<size_t>(5, 3000000 / n)) / n); }
    std::printf("%s n=%zu %.2f ns/key %.0f Mkeys/s%s\n", type, n, best, 1e3 / best, std::is_sorted(work.begin(), work.end()) ? "" : " WRONG");
}

template <class T> static void answer(const float* values, size_t n) {
    std::vector<T> keys = keysOf<T>(values, n), work(n);
    double nanos = sorts(keys, work, std::max<size_t>(1, 5000000 / n));
    if (!std::is_sorted(work.begin(), work.end())) { std::printf("{\"error\": \"not sorted\"}\n"); return; }
    double least = sizeof(T) == 4 ? (double) work[0] : values[(uint32_t) work[0]];
    std::printf("{\"seconds\": %.9e, \"value\": %.9e}\n", nanos * 1e-9, least);
}

int main(int argc, char** argv) {
    if (argc == 1) {
        for (size_t n : {64, 1000, 10000, 100000, 1000000, 10000000}) { measure<float>("float", n); measure<uint64_t>("uint64", n); }
        return 0;
    }
    std::vector<float> values;
    std::FILE* file = std::fopen(argv[1], "rb");
    for (float x; file && std::fread(&x, sizeof x, 1, file) == 1; ) { values.push_back(x); }
    char type[16];
    for (size_t n; std::scanf(" {\"type\": \"%15[^\"]\", \"count\": %zu}", type, &n) == 2; std::fflush(stdout)) {
        if (n < 1 || n > values.size()) { std::printf("{\"error\": \"count is %zu of %zu\"}\n", n, values.size()); }
        else if (std::strcmp(type, "float") == 0) { answer<float>(values.data(), n); }
        else { answer<uint64_t>(values.data(), n); }
    }
}
