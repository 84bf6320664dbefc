/* SPDX-License-Identifier: Apache-2.0 */
#include "pages/icons.h"

/* clang-format off */
#define ICON(name, drawing) "<symbol id=\"i-" name "\" viewBox=\"0 0 24 24\">" drawing "</symbol>"
#define PATH(d) "<path d=\"" d "\"/>"

const char icons_sprite[] =
    "<svg class=\"sprite\" aria-hidden=\"true\">"
    ICON("brand", PATH("M7 20V4h6a5 5 0 0 1 0 10H7"))
    ICON("home", PATH("M4 11.5 12 5l8 6.5V20h-5.5v-5h-5v5H4z"))
    ICON("local", PATH("M12 21s7-6 7-11a7 7 0 0 0-14 0c0 5 7 11 7 11z") "<circle cx=\"12\" cy=\"10\" r=\"2.5\"/>")
    ICON("explore", "<circle cx=\"12\" cy=\"12\" r=\"8.5\"/>" PATH("m15.5 8.5-2 5-5 2 2-5z"))
    ICON("search", "<circle cx=\"11\" cy=\"11\" r=\"6\"/>" PATH("m20 20-4.5-4.5"))
    ICON("write", PATH("M4 20h4L19 9l-4-4L4 16z"))
    ICON("notices", PATH("M6 16V11a6 6 0 0 1 12 0v5l2 2H4zM10 21h4"))
    ICON("messages", PATH("M4 5h16v11h-8l-4 4v-4H4z"))
    ICON("you", "<circle cx=\"12\" cy=\"8\" r=\"4\"/>" PATH("M4 21c1-5 4-7 8-7s7 2 8 7"))
    ICON("more", PATH("M5 7h14M5 12h14M5 17h14"))
    ICON("about", "<circle cx=\"12\" cy=\"12\" r=\"8.5\"/>" PATH("M12 11v5M12 8h.01"))
    ICON("enter", PATH("M14 4h5v16h-5M4 12h11M11 8l4 4-4 4"))
    ICON("join", "<circle cx=\"10\" cy=\"8\" r=\"4\"/>" PATH("M3 21c1-5 3.5-7 7-7 1.5 0 2.8.4 4 1.1M18 15v6M15 18h6"))
    ICON("reply", PATH("M10 7 5 12l5 5M5 12h9a5 5 0 0 1 5 5v1"))
    ICON("echo", PATH("M5 9h11l-3-3M19 15H8l3 3"))
    ICON("favourite", PATH("m12 5 2.2 4.5 5 .7-3.6 3.5.9 4.9-4.5-2.3-4.5 2.3.9-4.9-3.6-3.5 5-.7z"))
    ICON("bookmark", PATH("M7 4h10v16l-5-4-5 4z"))
    ICON("dots", PATH("M6 12h.01M12 12h.01M18 12h.01"))
    ICON("lock", PATH("M7 11h10v9H7zM9 11V8a3 3 0 0 1 6 0v3"))
    ICON("letter", PATH("M4 6h16v12H4zM4 7l8 6 8-6"))
    ICON("pin", PATH("M9 4h6l-1 6 3 3H7l3-3zM12 13v7"))
    "</svg>";
/* clang-format on */
