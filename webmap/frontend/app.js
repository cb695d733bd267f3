// Every staff page: htmx with our settings, and the small behaviours of the page's frame.

import { startFragments } from "./core/fragments.js";
import { startDialogs } from "./ui/dialog.js";
import { startMenus } from "./ui/menus.js";
import { startSheets } from "./ui/sheet.js";
import { startTheme } from "./ui/theme.js";

startFragments();
startTheme();
startMenus();
startDialogs();
startSheets();
