import { useId, type ReactNode } from "react";

/** A part of the page with a heading; `empty` says why there is nothing in it. */
export function Section(props: {
  title: string;
  about?: string;
  actions?: ReactNode;
  empty?: string | false;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section className="panel section" aria-labelledby={id}>
      <div className="section-head">
        <div>
          <h2 id={id}>{props.title}</h2>
          {props.about && <p className="muted">{props.about}</p>}
        </div>
        {props.actions && <div className="section-actions">{props.actions}</div>}
      </div>
      {props.empty ? <p className="section-empty muted">{props.empty}</p> : props.children}
    </section>
  );
}
