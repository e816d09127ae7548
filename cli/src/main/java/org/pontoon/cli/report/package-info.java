/**
 * What the commands say and draw: {@link org.pontoon.cli.report.Console} (results, progress, what happens on Ctrl-C),
 * {@link org.pontoon.cli.report.Table} (Markdown, CSV, JSON), {@link org.pontoon.cli.report.Picture} (PNG, SVG).
 */
package org.pontoon.cli.report;
