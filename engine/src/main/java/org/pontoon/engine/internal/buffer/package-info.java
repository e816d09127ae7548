/** Agrona's buffers, apart from everyone who does not use them. */
package org.pontoon.engine.internal.buffer;
