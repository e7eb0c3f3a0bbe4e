import type { IconDefinition } from "@ant-design/icons-svg/es/types";
import LoadingOutlined from "@ant-design/icons-svg/es/asn/LoadingOutlined";
import type { ComponentProps, ReactNode } from "react";
import { Link } from "react-router";

import { Icon } from "./Icon";

interface Look {
  kind?: "plain" | "primary" | "text" | "link";
  small?: boolean;
  icon?: IconDefinition;
}

const classesOf = ({ kind = "plain", small }: Look, more = "") =>
  `button button-${kind}${small ? " button-small" : ""} ${more}`.trim();

/** A button of the pages that are drawn first. `busy` is while what it began goes on. */
export function Button(props: Look & ComponentProps<"button"> & { busy?: boolean }) {
  const { kind, small, icon, busy = false, className, children, ...rest } = props;
  return (
    <button type="button" {...rest} className={classesOf({ kind, small }, className)} aria-busy={busy || undefined}>
      {busy ? <Icon of={LoadingOutlined} className="turning" /> : icon && <Icon of={icon} />}
      {children}
    </button>
  );
}

/** A link that looks like a button. */
export function ButtonLink({ to, children, ...look }: Look & { to: string; children: ReactNode }) {
  return (
    <Link to={to} className={classesOf(look)}>
      {look.icon && <Icon of={look.icon} />}
      {children}
    </Link>
  );
}
