package dev.evstore.fs.http;

/** A request that is not answered with what it asked for. */
final class Refused extends Exception {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String error;
    private final String remedy;

    Refused(int status, String error, String what, String remedy) {
        super(what, null, false, false);
        this.status = status;
        this.error = error;
        this.remedy = remedy;
    }

    static Refused malformed(String what) {
        return new Refused(400, "malformed", what, "see evstore serve --help");
    }

    Response response(String where) {
        return Response.error(status, error, String.valueOf(getMessage()), where, remedy);
    }
}
