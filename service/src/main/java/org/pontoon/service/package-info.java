/**
 * Bridges at a distance.
 *
 * <table>
 * <caption>Who does what</caption>
 * <tr><th>class</th><th>what</th></tr>
 * <tr><td>{@link org.pontoon.service.BridgeServer}</td><td>translates for clients over Aeron: shared memory, or UDP</td></tr>
 * <tr><td>{@link org.pontoon.service.BridgeClient}</td><td>asks it, one request at a time</td></tr>
 * <tr><td>{@link org.pontoon.service.Models}</td><td>the bridges of a server, by name, which can be reloaded</td></tr>
 * <tr><td>{@link org.pontoon.service.ServiceMetrics}</td><td>what a server counts</td></tr>
 * <tr><td>{@link org.pontoon.service.HttpDoor}</td><td>health, metrics and JSON on the loopback interface</td></tr>
 * <tr><td>{@link org.pontoon.service.LoadGenerator}</td><td>offers load on a schedule and measures latencies</td></tr>
 * </table>
 *
 * <p>The messages are described in {@code messages.xml} in this package; any language with an SBE generator can speak them.
 *
 * <p>Nothing listens beyond loopback unless it is told to: shared memory is open to the user's own processes.
 */
package org.pontoon.service;
