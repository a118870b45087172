/* SPDX-License-Identifier: MIT
 *
 * style - colours and shapes.  Letters stand off their paper by 4.5 to 1 at least, dots by 3 to 1 (WCAG 2.1, 1.4.3 and
 * 1.4.11); whoever sees no colours has the shapes.
 */
#include "chart/pen.h"

static const char shapes[] = "text{paint-order:stroke;stroke-width:3px;stroke-linejoin:round}"
			     ".ring{stroke-width:1}"
			     ".between{fill:none;stroke-width:1;stroke-dasharray:2 4}"
			     ".name-of-ring{font-style:italic;text-anchor:middle}"
			     ".ties{fill:none}"
			     ".dot{stroke-width:1.5}"
			     ".me{font-weight:bold;font-size:14px;text-anchor:middle}"
			     ".s{text-anchor:start}.m{text-anchor:middle}.e{text-anchor:end}";

#define DOT(n, colour) ".d" #n "{fill:" colour ";stroke:" colour "}.t" #n "{stroke:" colour "}"

static const char light[] =
	".paper{fill:#fff}text{fill:#16191d;stroke:#fff}.far text{fill:#666d75}"
	".ring{fill:#fff;stroke:#c3cad1}.odd{fill:#f7f8fa}.between{stroke:#c3cad1}"
	".name-of-ring{fill:#57606a}.core{fill:#16191d}"
	".tb{stroke:#3d454d}" DOT(0, "#0b63a5") DOT(1, "#b84a06") DOT(2, "#00744f")
		DOT(3, "#99407f") DOT(4, "#7d6200") DOT(5, "#a3333d") DOT(6, "#4a4fb0")
			DOT(x, "#57606a") ".far .dot{fill:#fff}";

static const char dark[] =
	".paper{fill:#101316}text{fill:#eceff1;stroke:#101316}.far text{fill:#9aa3ab}"
	".ring{fill:#101316;stroke:#3b444c}.odd{fill:#171b1f}.between{stroke:#3b444c}"
	".name-of-ring{fill:#a4adb5}.core{fill:#eceff1}"
	".tb{stroke:#c3cad1}" DOT(0, "#5aa9e6") DOT(1, "#f08a4b") DOT(2, "#3fc59b")
		DOT(3, "#e08ac8") DOT(4, "#d9b93a") DOT(5, "#f28b8b") DOT(6, "#a3a7f5")
			DOT(x, "#a4adb5") ".far .dot{fill:#101316}";

void kith_pen_style(struct kith_pen *p)
{
	enum kith_chart_scheme scheme = p->chart->scheme;

	kith_pen_put(p, "<style>%s%s", shapes, scheme == KITH_CHART_DARK ? dark : light);
	if (scheme == KITH_CHART_BOTH)
		kith_pen_put(p, "@media (prefers-color-scheme:dark){%s}", dark);
	kith_pen_put(p, "</style>\n");
}
