package io.offshoot.cli;

/** Text from a file, fit for a terminal. */
final class Plain {

    private static final int LONGEST = 300;

    private Plain() {}

    /** Without what a terminal obeys or hides: control and formatting characters, line ends, halves of surrogate pairs. */
    static String text(String text) {
        if (text == null) {
            return "";
        }
        var plain = new StringBuilder();
        text.codePoints().limit(LONGEST).forEach(point -> {
            switch (Character.getType(point)) {
                case Character.CONTROL,
                        Character.FORMAT,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR,
                        Character.SURROGATE,
                        Character.UNASSIGNED,
                        Character.PRIVATE_USE -> plain.append('\uFFFD');
                default -> plain.appendCodePoint(point);
            }
        });
        return text.codePointCount(0, text.length()) > LONGEST ? plain + "…" : plain.toString();
    }
}
