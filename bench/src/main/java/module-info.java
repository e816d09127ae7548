/** JMH suites, latency rigs and the writer of the performance reports. */
module org.pontoon.bench {
    requires transitive org.pontoon.engine;
    requires transitive jmh.core;
    requires HdrHistogram;

    // As soon as it has a class (javac refuses an empty package): exports org.pontoon.bench;
}
