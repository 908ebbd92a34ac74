package io.offshoot.benchmarks;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What is printed. */
record Figures(
        @JsonProperty("latency_ms") Spread latency,
        @JsonProperty("runs_per_s") double runsPerSecond,
        @JsonProperty("closed_runs_per_s") double closedRunsPerSecond,
        @JsonProperty("steps_per_s") double stepsPerSecond,
        @JsonProperty("step_gap_ms") Spread stepGap,
        @JsonProperty("cpu_s_per_1000_runs") double cpuPerThousandRuns,
        @JsonProperty("peak_pss_mb") double peakPss,
        @JsonProperty("cold_start_s") double coldStart,
        @JsonProperty("poll_rps") double pollsPerSecond,
        @JsonProperty("poll_ms") Spread poll,
        @JsonProperty("sse_clients") int sseClients,
        @JsonProperty("sse_delay_ms") Spread sseDelay) {

    record Spread(double p50, double p99) {

        static Spread of(Samples samples) {
            return new Spread(rounded(samples.percentile(50)), rounded(samples.percentile(99)));
        }
    }

    static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }
}
