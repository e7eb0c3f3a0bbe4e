import type { AbstractNode, IconDefinition } from "@ant-design/icons-svg/es/types";
import type { ReactNode } from "react";

/** One of antd's icons, drawn without antd. */
export function Icon({ of, className = "" }: { of: IconDefinition; className?: string }) {
  const { attrs, children } = of.icon as AbstractNode;
  return (
    <svg {...attrs} className={`icon ${className}`} width="1em" height="1em" fill="currentColor" aria-hidden>
      {children?.map(drawn)}
    </svg>
  );
}

function drawn({ tag, attrs, children }: AbstractNode, index: number): ReactNode {
  const Tag = tag as "path";
  return <Tag key={index} {...attrs}>{children?.map(drawn)}</Tag>;
}
