import { useCapabilities } from "@/api/capabilities";
import { uiConfig } from "@/api/config";
import { Page } from "@/app/Page";

import { ModelCard } from "./ModelCard";

/** Where everything begins: what there is, and how much of it. */
export function HomePage() {
  const models = useCapabilities().data?.models ?? [];
  return (
    <Page title={uiConfig().title}>
      <div className="cards">
        {models.map((model) => (
          <ModelCard key={model.name} model={model} />
        ))}
      </div>
    </Page>
  );
}
