/** Bridges at a distance: a server and clients over Aeron with SBE messages, a loopback HTTP door, and an open-loop load generator. */
module org.pontoon.service {
    requires transitive org.pontoon.engine;
    requires transitive HdrHistogram;
    requires io.aeron.client;
    requires io.aeron.driver;
    requires jdk.httpserver;

    exports org.pontoon.service;
}
