// vqsort of Debian's libhwy-dev: g++ -O3 -march=native sort_vqsort.cpp -lhwy_contrib -lhwy -o sort_vqsort
#include <hwy/contrib/sort/vqsort.h>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstdint>
#include <cstring>
#include <random>
#include <vector>

template <class T> static void measure(const char* type, size_t n) {
    std::mt19937_64 random(42);
    std::normal_distribution<float> normal;
    std::vector<T> keys(n), work(n);
    for (size_t i = 0; i < n; i++) {
        float x = normal(random);
        if (sizeof(T) == 4) { keys[i] = (T) x; }
        else { uint32_t b; memcpy(&b, &x, 4); b = b >> 31 ? ~b : b | 0x80000000u; keys[i] = (T) (((uint64_t) b << 32) | i); }
    }
    hwy::Sorter sorter;
    size_t repeats = std::max<size_t>(5, 3000000 / n);
    double best = 1e30;
    for (int round = 0; round < 7; round++) {
        double total = 0;
        for (size_t r = 0; r < repeats; r++) {
            std::memcpy(work.data(), keys.data(), n * sizeof(T));
            auto start = std::chrono::steady_clock::now();
            sorter(work.data(), n, hwy::SortAscending());
            total += std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - start).count();
        }
        best = std::min(best, total / repeats / n);
    }
    std::printf("%s n=%zu %.2f ns/key %.0f Mkeys/s%s\n", type, n, best, 1e3 / best, std::is_sorted(work.begin(), work.end()) ? "" : " WRONG");
}
int main() {
    for (size_t n : {64, 1000, 10000, 100000, 1000000, 10000000}) { measure<float>("float", n); measure<uint64_t>("uint64", n); }
}
