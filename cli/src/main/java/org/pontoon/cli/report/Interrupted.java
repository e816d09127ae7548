package org.pontoon.cli.report;

/** Work was given up because the user asked for it: exit code 130. */
public final class Interrupted extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message what was given up and how it may be continued
     */
    public Interrupted(String message) {
        super(message);
    }
}
