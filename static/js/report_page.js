// One report's page: its map, and the text to copy or share.

import { startReportMap } from "./lib/report_map.js";
import "./copying.js";

startReportMap();
