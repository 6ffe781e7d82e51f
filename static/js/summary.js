// The look of a summary's paper; the page itself needs no script.
import "../css/summary.scss";
