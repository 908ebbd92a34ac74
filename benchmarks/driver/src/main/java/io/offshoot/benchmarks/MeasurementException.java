package io.offshoot.benchmarks;

/** Nothing was measured, and why in one line. */
final class MeasurementException extends Exception {

    private static final long serialVersionUID = 1L;

    MeasurementException(String message) {
        super(message);
    }

    MeasurementException(String message, Throwable cause) {
        super(message, cause);
    }
}
