package org.pontoon.service;

/** A request without an answer: refused, too late, or without a server. The message says which, and why. */
public final class ServiceException extends RuntimeException {

    private static final long serialVersionUID = 1;

    ServiceException(String message) {
        super(message);
    }

    ServiceException(String message, Throwable cause) {
        super(message, cause);
    }
}
