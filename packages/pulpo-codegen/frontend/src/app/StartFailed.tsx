/** Shown where nothing of the application could be asked for; needs nothing that may be missing. */
export function StartFailed({ reason }: { reason: string }) {
  return (
    <main style={{ font: "16px system-ui", margin: "20vh auto", maxWidth: 480, padding: 16 }}>
      <h1 style={{ fontSize: 22 }}>The application does not answer</h1>
      <p>Is it still running? Reload this page to try again.</p>
      <p style={{ opacity: 0.7 }}>{reason}</p>
    </main>
  );
}
