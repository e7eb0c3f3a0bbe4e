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
    <section className="panel block" aria-labelledby={id}>
      <div className="block-head">
        <div>
          <h2 id={id}>{props.title}</h2>
          {props.about && <p className="muted">{props.about}</p>}
        </div>
        {props.actions && <div className="block-actions">{props.actions}</div>}
      </div>
      {props.empty ? <p className="block-empty muted">{props.empty}</p> : props.children}
    </section>
  );
}
