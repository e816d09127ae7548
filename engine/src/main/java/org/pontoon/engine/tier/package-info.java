/** The way from plain Java to compiled vector loops, for applications that do not want to wait for it amid their work. */
package org.pontoon.engine.tier;
