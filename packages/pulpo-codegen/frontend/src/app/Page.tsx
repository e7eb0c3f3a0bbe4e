import { useEffect, type ReactNode } from "react";

import { uiConfig } from "@/api/config";

/** The frame of every page: its heading, what can be done, and the title of the tab. */
export function Page(props: {
  title: string;
  /** What stands over the heading: where the page is. */
  above?: ReactNode;
  about?: ReactNode;
  actions?: ReactNode;
  narrow?: boolean;
  children: ReactNode;
}) {
  const { title } = props;
  useEffect(() => {
    document.title = `${title} · ${uiConfig().title}`;
  }, [title]);
  return (
    <div className={props.narrow ? "page page-narrow" : "page"}>
      {props.above}
      <div className="page-head">
        <div style={{ minWidth: 0 }}>
          <h1>{title}</h1>
          {props.about && <p className="about">{props.about}</p>}
        </div>
        {props.actions && <div className="toolbar" style={{ margin: 0 }}>{props.actions}</div>}
      </div>
      {props.children}
    </div>
  );
}
