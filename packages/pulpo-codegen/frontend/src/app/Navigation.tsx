import { Link, useLocation } from "react-router";

import type { Capabilities } from "@/api/capabilities";

import { iconOf } from "@/controls/icons";

import { menuOf, type MenuEntry } from "./menu";

/** The main menu: each entry is a link that can be opened elsewhere. */
export function Navigation({ capabilities }: { capabilities: Capabilities }) {
  const { pathname } = useLocation();
  const isAt = ({ path }: MenuEntry) => pathname === path || pathname.startsWith(`${path}/`);
  return (
    <nav aria-label="Main" className="menu">
      {menuOf(capabilities).map(({ label, entries }) => (
        <div key={label ?? ""} role={label === null ? undefined : "group"} aria-label={label ?? undefined}>
          {label !== null && <div className="menu-group" aria-hidden>{label}</div>}
          {entries.map((entry) => (
            <Link
              key={entry.key}
              to={entry.path}
              className="menu-entry"
              aria-current={isAt(entry) ? "page" : undefined}
            >
              {iconOf(entry.icon)} {entry.label}
            </Link>
          ))}
        </div>
      ))}
    </nav>
  );
}
