/**
 * Tiles over threads.
 *
 * <p>An algorithm cuts its work into tiles by a rule that does not look at the number of threads, gives each tile a slot of its own for
 * its result, and folds the slots in tile order afterwards. {@link org.pontoon.engine.parallel.TileScheduler} only decides who runs which
 * tile when; so one thread and many give the same bytes. {@link org.pontoon.engine.parallel.Progress} is how long work reports, and how it
 * is cancelled.
 */
package org.pontoon.engine.parallel;
