import { Menu, type MenuProps } from "antd";
import { Link, useLocation } from "react-router";

import type { Capabilities } from "@/api/capabilities";

import { iconOf } from "./icons";
import { menuOf, type MenuEntry } from "./menu";

/** The main menu: each entry is a link that can be opened elsewhere. */
export function Navigation({ capabilities }: { capabilities: Capabilities }) {
  const { pathname } = useLocation();
  const groups = menuOf(capabilities);
  const every = groups.flatMap((group) => group.entries);
  const current = every
    .filter((entry) => pathname === entry.path || pathname.startsWith(`${entry.path}/`))
    .map((entry) => entry.key);
  const items = groups.flatMap((group): NonNullable<MenuProps["items"]> => {
    const { label } = group;
    const entries = group.entries.map(itemOf);
    return label === null ? entries : [{ type: "group", key: label, label, children: entries }];
  });
  return <Menu mode="inline" selectedKeys={current} items={items} style={{ border: 0 }} />;
}

const itemOf = (entry: MenuEntry) => ({
  key: entry.key,
  icon: iconOf(entry.icon),
  label: <Link to={entry.path}>{entry.label}</Link>,
});
