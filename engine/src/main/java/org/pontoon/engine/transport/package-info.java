/** Distances between clouds. */
package org.pontoon.engine.transport;
