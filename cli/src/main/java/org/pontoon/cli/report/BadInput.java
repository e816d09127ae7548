package org.pontoon.cli.report;

import java.util.Locale;

/** An input or an option that cannot be used: one line for the user, exit code 2. */
public final class BadInput extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message one line that names the file or option, what was found and what was expected
     */
    public BadInput(String message) {
        super(message);
    }

    /**
     * Makes the exception.
     *
     * @param message one line that names the file or option, what was found and what was expected
     * @param cause what was noticed first
     */
    public BadInput(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * Refuses an input unless a condition holds.
     *
     * @param holds the condition
     * @param message format of the message, see {@link String#format}
     * @param values what the format asks for
     */
    public static void unless(boolean holds, String message, Object... values) {
        if (!holds) {
            throw new BadInput(String.format(Locale.ROOT, message, values));
        }
    }
}
