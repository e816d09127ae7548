/** JMH suites, probes of the machine's limits, comparisons with peers, and the writer of the performance reports. */
module org.pontoon.bench {
    requires transitive org.pontoon.engine;
    requires org.pontoon.service;
    requires jdk.incubator.vector;
    requires transitive jmh.core;
    requires HdrHistogram;
    requires jdk.management;

    exports org.pontoon.bench;
}
