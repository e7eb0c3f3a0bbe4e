import { LockOutlined } from "@ant-design/icons";

/** What stands in the place of statistics that are not for who asks. */
export function Closed() {
  return (
    <section className="panel closed" aria-labelledby="closed">
      <LockOutlined className="closed-icon" aria-hidden />
      <h2 id="closed">Not for this computer</h2>
      <p>
        How this application does is shown to browsers on the machine that it runs on, because it says
        much of its inside. Nothing is wrong with your login.
      </p>
      <p className="muted">
        To look from here, open a tunnel: <code>ssh -L 8000:127.0.0.1:8000 SERVER</code>, then{" "}
        <code>http://127.0.0.1:8000</code>. Who runs the application may also give a rule:{" "}
        <code>selfaware_router(authorize=…)</code>.
      </p>
    </section>
  );
}
